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
#pragma once

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

/// Whether `F` can be given records of type In, whose key has a state iff `Keyed`.
template <class F, class In, detail::entrance Way, bool Keyed, class Time, class Sides>
constexpr bool is_process_function() {
  if constexpr (requires { typename F::output; }) {
    using out = detail::ignore_output<typename F::output, Time, Sides>;
    if constexpr (Keyed && keeps_key_state<F>)
      return detail::enterable<F, Way, In, out, typename F::state>();
    else
      return detail::enterable<F, Way, In, out>();
  } else {
    return false;
  }
}

/// A process function at work in a task, with its task's state and its side outputs.
template <std::copy_constructible F, class Sides>
class process_host {
  using task_state = typename detail::task_state_type<F>::type;

public:
  static constexpr bool expands = true;
  static constexpr bool has_sides = Sides::any;

  process_host(std::string name, F function, Sides sides)
      : name_(std::move(name)), function_(std::move(function)), sides_(std::move(sides)) {
  }

  void open(const task_context& context, event_time& watermark) {
    watermark_ = &watermark;
    sides_.open(context);
  }
  void start(const task_start& from) {
    static_assert(
        !holds_text<task_state>,
        "a weir::text in a task's state would outlive what it points to; keep a "
        "std::string");
    if constexpr (keeps_task_state<F>)
      if (const auto* saved = from.of(name_).saved)
        task_state_ = decoded(*saved);
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
  }

  /// A record without a time happened when the task got it, as event time goes.
  template <detail::entrance Way, class Time, class In, class At, class Next,
            class... State>
  [[gnu::always_inline]] void call(const In& record, At at, Next& next, State&... state) {
    using out_type = emitter<typename F::output, Next, Time, Sides>;
    const Time time = [&] {
      if constexpr (std::same_as<Time, At>)
        return at;
      else
        return *watermark_;
    }();
    out_type out(next, time, sides_, *watermark_);
    if constexpr (keeps_task_state<F>)
      detail::enter<Way>(function_, record, state..., task_state_, out);
    else
      detail::enter<Way>(function_, record, state..., out);
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
  task_state decoded(const std::vector<std::byte>& saved) const {
    byte_reader in(
        detail::bytes_described_as(type_description<task_state>(), saved, name_));
    task_state state{};
    record_codec<task_state>::decode_into(state, in);
    return state;
  }

  std::string name_;
  F function_;
  Sides sides_;
  const event_time* watermark_ = nullptr;
  [[no_unique_address]] task_state task_state_{};
};

/// A process function in the midst of a chain.
template <class Before, class Host>
struct process_stage : step<process_stage<Before, Host>, Before> {
  static constexpr bool expands = true;
  static constexpr bool has_sides = Before::has_sides || Host::has_sides;
  template <class Side>
  static constexpr bool declares =
      Host::template declares<Side> || Before::template declares<Side>;
  template <class Side>
  static constexpr bool side_timed =
      Host::template declares<Side> ? Host::template side_timed<Side>
                                    : Before::template side_timed<Side>;

  Host host;

  void open(const task_context& context, event_time& watermark) {
    this->before.open(context, watermark);
    host.open(context, watermark);
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
