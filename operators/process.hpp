// Functions of the user's that are more than a lambda: a class with
//
//   using output = ...;                     // what it emits
//   struct state { ... };                   // if it keeps something for each key
//   struct task_state { ... };              // if it keeps something for each task
//   void process(const In&, [state&], [task_state&], auto& out);
//
// or, behind `connect`, with process_first and process_second, one for each stream. A
// stream that is not keyed has no state to give. Both states are plain records, saved by
// every checkpoint; a key that has never been seen has a state as its type makes it.
//
// What a function keeps for each key may instead be states that its constructor binds by
// name (state_binder.hpp): lists, maps, values that come and go. Then it has no `state`.
// One that binds timers has, besides,
//
//   void on_timer(const weir::fired_timer&, [task_state&], auto& out);
//
// What it emits there happened at the deadline; at the watermark, if the deadline is in
// processing time. Any of them may have, besides,
//
//   void finish([task_state&], auto& out);
//
// which is called once in each task, behind the last record and the last deadline. What
// the task still keeps in lists has to be emitted there: no checkpoint has them any more.
#pragma once

#include "operators/process_function.hpp"
#include "operators/stage.hpp"
#include "serialization/holds_text.hpp"
#include "serialization/record_codec.hpp"
#include "serialization/type_description.hpp"

#include <string>

namespace weir {

template <class F>
concept keeps_key_state = requires {
  typename F::state;
};
template <class F>
concept keeps_task_state = requires {
  typename F::task_state;
};

namespace detail {

/// Which of its functions the records of an input are given to.
enum class entrance { process, process_first, process_second };

template <class F, entrance Way, class... Args>
concept has_entrance =
    (Way == entrance::process &&
     requires(F function, Args... args) { function.process(args...); }) ||
    (Way == entrance::process_first &&
     requires(F function, Args... args) { function.process_first(args...); }) ||
    (Way == entrance::process_second &&
     requires(F function, Args... args) { function.process_second(args...); });

template <entrance Way, class F, class... Args>
[[gnu::always_inline]] inline void enter(F& function, Args&... args) {
  if constexpr (Way == entrance::process)
    function.process(args...);
  else if constexpr (Way == entrance::process_first)
    function.process_first(args...);
  else
    function.process_second(args...);
}

template <class F, entrance Way, class In, class Out, class... State>
constexpr bool enterable() {
  if constexpr (keeps_task_state<F>)
    return has_entrance<F, Way, const In&, State&..., typename F::task_state&, Out&>;
  else
    return has_entrance<F, Way, const In&, State&..., Out&>;
}

/// The bytes of a task's state behind the description of its type: room for `size` of
/// them, at the end.
std::vector<std::byte> described_bytes(const std::string& type, std::size_t size);
/// What follows the description; throws failure::restore_refused when it is not `type`.
std::span<const std::byte> bytes_described_as(const std::string& type,
                                              const std::vector<std::byte>& saved,
                                              const std::string& operator_name);

/// What its states for the task are restored from.
task_share share_of(const operator_start& from);

struct no_state {};

template <class F>
struct task_state_type {
  using type = no_state;
};
template <keeps_task_state F>
struct task_state_type<F> {
  using type = typename F::task_state;
};

} // namespace detail

/// What the function of a keyed stream emits to.
template <class Key, class Emitter>
class keyed_emitter : public Emitter {
public:
  template <class... Args>
  explicit keyed_emitter(const Key& key, Args&... args) : Emitter(args...), key_(key) {}

  /// Of the record that is being processed.
  const Key& key() const noexcept { return key_; }

private:
  const Key& key_;
};

namespace detail {

template <class Key, class Emitter>
struct emitter_by_key {
  using type = keyed_emitter<Key, Emitter>;
};
template <class Emitter>
struct emitter_by_key<void, Emitter> {
  using type = Emitter;
};

} // namespace detail

/// Whether `F` can be given records of type In, of a stream with keys of type Key or with
/// none: void.
template <class F, class In, detail::entrance Way, class Key, class Time, class Sides>
constexpr bool is_process_function() {
  if constexpr (requires { typename F::output; }) {
    using ignore = detail::ignore_output<typename F::output, Time, Sides>;
    using out = typename detail::emitter_by_key<Key, ignore>::type;
    if constexpr (!std::is_void_v<Key> && keeps_key_state<F>)
      return detail::enterable<F, Way, In, out, typename F::state>();
    else
      return detail::enterable<F, Way, In, out>();
  } else {
    return false;
  }
}

/// Whether `F` can be told of deadlines of keys of type Key.
template <class F, class Key, class Sides>
constexpr bool has_on_timer() {
  using time = detail::time_of<Sides::timed>;
  using ignore = detail::ignore_output<typename F::output, time, Sides>;
  using out = typename detail::emitter_by_key<Key, ignore>::type;
  if constexpr (std::is_void_v<Key>)
    return false;
  else if constexpr (keeps_task_state<F>)
    return requires(F function, const fired_timer& fired, typename F::task_state& state,
                    out& to) {
      function.on_timer(fired, state, to);
    };
  else
    return requires(F function, const fired_timer& fired, out& to) {
      function.on_timer(fired, to);
    };
}

/// Whether `F` has something to emit at the end of a task.
template <class F, class Sides>
constexpr bool has_finish() {
  using time = detail::time_of<Sides::timed>;
  using ignore = detail::ignore_output<typename F::output, time, Sides>;
  if constexpr (keeps_task_state<F>)
    return requires(F function, typename F::task_state & state, ignore & to) {
      function.finish(state, to);
    };
  else
    return requires(F function, ignore & to) {
      function.finish(to);
    };
}

/// A process function at work in a task, with its task's state and its side outputs.
/// `Function` is how it came there.
template <class Function, class Sides>
class process_host {
  using F = typename Function::function_type;
  using task_state = typename detail::task_state_type<F>::type;

public:
  using function_type = F;
  static constexpr bool binds = Function::binds;
  static constexpr bool expands = true;
  static constexpr bool has_sides = Sides::any;
  static constexpr bool finishes = binds || has_finish<F, Sides>();
  template <class Key>
  static constexpr bool fires = binds&& has_on_timer<F, Key, Sides>();

  process_host(std::string name, Function function, Sides sides)
      : name_(std::move(name)), function_(std::move(function)), sides_(std::move(sides)) {
  }

  void bind(state_binder& state) requires binds { function_.bind(state); }
  void bind_without_key() requires binds {
    state_binder binder(of_task_);
    function_.bind(binder);
  }
  task_states& of_task() noexcept { return of_task_; }
  void open(const task_context& context, task_clock& clock) {
    clock_ = &clock;
    sides_.open(context);
  }
  void start(const task_start& from) {
    static_assert(
        !holds_text<task_state>,
        "a weir::text in a task's state would outlive what it points to; keep a "
        "std::string");
    const operator_start own = from.of(name_);
    if constexpr (keeps_task_state<F>)
      if (own.saved)
        task_state_ = decoded(*own.saved);
    if constexpr (binds)
      if (!of_task_.empty())
        of_task_.restore(name_, detail::share_of(own));
  }
  void close_batches() { sides_.close_batches(); }
  bool congested() const noexcept { return sides_.congested(); }

  void snapshot(std::vector<operator_snapshot>& out) {
    if constexpr (keeps_task_state<F>) {
      using codec = record_codec<task_state>;
      const std::size_t size = codec::size(task_state_);
      auto bytes = detail::described_bytes(type_description<task_state>(), size);
      codec::encode(task_state_, bytes.data() + (bytes.size() - size));
      out.push_back({name_, std::move(bytes), {}});
    }
    if constexpr (binds)
      if (!of_task_.empty())
        out.push_back({name_, of_task_.save(), {}});
  }

  /// With a record of a stream that is not keyed.
  template <detail::entrance Way, class Time, class In, class At, class Next>
  [[gnu::always_inline]] void call(const In& record, At at, Next& next) {
    const Time time = time_of<Time>(at);
    emitter<typename F::output, Next, Time, Sides> out(next, time, sides_, *clock_);
    enter<Way>(record, out);
  }
  /// With a record of a keyed stream, and its key's state if the function has one.
  template <detail::entrance Way, class Time, class Key, class In, class At, class Next,
            class... State>
  [[gnu::always_inline]] void call_for(const Key& key, const In& record, At at,
                                       Next& next, State&... state) {
    const Time time = time_of<Time>(at);
    keyed_emitter<Key, emitter<typename F::output, Next, Time, Sides>> out(
        key, next, time, sides_, *clock_);
    enter<Way>(record, state..., out);
  }

  /// With a deadline of a key that has come.
  template <class Key, class Next>
  [[gnu::always_inline]] void fire(const Key& key, const fired_timer& fired, Next& next) {
    using time = detail::time_of<Sides::timed>;
    const time at = time_of_deadline<time>(fired);
    keyed_emitter<Key, emitter<typename F::output, Next, time, Sides>> out(
        key, next, at, sides_, *clock_);
    if constexpr (keeps_task_state<F>)
      function_.get().on_timer(fired, task_state_, out);
    else
      function_.get().on_timer(fired, out);
  }

  /// Behind the last record and the last deadline.
  template <class Next>
  void finish([[maybe_unused]] Next&& next) {
    if constexpr (has_finish<F, Sides>()) {
      using time = detail::time_of<Sides::timed>;
      emitter<typename F::output, std::remove_reference_t<Next>, time, Sides> out(
          next, time_of<time>(no_time()), sides_, *clock_);
      if constexpr (keeps_task_state<F>)
        function_.get().finish(task_state_, out);
      else
        function_.get().finish(out);
    }
    if constexpr (binds)
      of_task_.forget_lists();
  }

  template <class Side>
  static constexpr bool declares = Sides::template has<Side>;
  template <class Side>
  static constexpr bool side_timed = Sides::timed;
  template <class Side>
  std::uint32_t output_of() const {
    return sides_.template output_of<Side>();
  }

private:
  /// A record without a time happened when the task got it, as event time goes.
  template <class Time, class At>
  [[gnu::always_inline]] Time time_of(At at) const {
    if constexpr (std::same_as<Time, At>)
      return at;
    else
      return clock_->watermark;
  }
  /// Of what is emitted then; like a record without a time, if it is not in event time.
  template <class Time>
  Time time_of_deadline(const fired_timer& fired) const {
    if constexpr (!std::same_as<Time, event_time>)
      return {};
    else
      return fired.kind() == time_kind::event ? fired.deadline() : clock_->watermark;
  }

  /// The task's state stands before what is emitted to, which is the last argument.
  template <detail::entrance Way, class In, class Out>
  [[gnu::always_inline]] void enter(const In& record, Out& out) {
    if constexpr (keeps_task_state<F>)
      detail::enter<Way>(function_.get(), record, task_state_, out);
    else
      detail::enter<Way>(function_.get(), record, out);
  }
  template <detail::entrance Way, class In, class State, class Out>
  [[gnu::always_inline]] void enter(const In& record, State& state, Out& out) {
    if constexpr (keeps_task_state<F>)
      detail::enter<Way>(function_.get(), record, state, task_state_, out);
    else
      detail::enter<Way>(function_.get(), record, state, out);
  }

  task_state decoded(const std::vector<std::byte>& saved) const {
    byte_reader in(
        detail::bytes_described_as(type_description<task_state>(), saved, name_));
    task_state state{};
    record_codec<task_state>::decode_into(state, in);
    return state;
  }

  std::string name_;
  Function function_;
  Sides sides_;
  const task_clock* clock_ = nullptr;
  [[no_unique_address]] task_state task_state_{};
  task_states of_task_; // that the function has bound
};

/// A process function in the midst of a chain.
template <class Before, class Host>
struct process_stage : step<process_stage<Before, Host>, Before> {
  static constexpr bool expands = true;
  static constexpr bool has_sides = Before::has_sides || Host::has_sides;
  static constexpr bool finishes = Before::finishes || Host::finishes;
  template <class Side>
  static constexpr bool declares =
      Host::template declares<Side> || Before::template declares<Side>;
  template <class Side>
  static constexpr bool side_timed =
      Host::template declares<Side> ? Host::template side_timed<Side>
                                    : Before::template side_timed<Side>;

  Host host;

  void open(const task_context& context, task_clock& clock) {
    this->before.open(context, clock);
    host.open(context, clock);
    if constexpr (Host::binds)
      host.bind_without_key();
  }
  void start(const task_start& from) {
    this->before.start(from);
    host.start(from);
  }
  void close_batches() {
    this->before.close_batches();
    host.close_batches();
  }
  void snapshot(std::vector<operator_snapshot>& out) {
    this->before.snapshot(out);
    host.snapshot(out);
  }
  template <class Next>
  void finish(Next&& next) {
    this->before.finish(through(next));
    host.finish(next);
  }
  bool congested() const noexcept { return host.congested() || this->before.congested(); }
  template <class Side>
  std::uint32_t output_of() const {
    if constexpr (Host::template declares<Side>)
      return host.template output_of<Side>();
    else
      return this->before.template output_of<Side>();
  }

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, auto at) {
      host.template call<detail::entrance::process, decltype(at)>(value, at, next);
    };
  }
};

} // namespace weir
