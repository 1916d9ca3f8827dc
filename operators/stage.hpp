// Steps, fused: a stage is a function object (record, time, next) whose type names every
// step, so that a chain of them compiles into one loop without a call in it.
//
// Lifecycle of a stage: 1. a recipe, copied with its stream  2. opened, once, as part of
// a task  3. called for every record, with close_batches, snapshot and so on in between.
//
// `expands`: it may make many records of one. `resumable`: it may stop in the middle of
// that (range_stage.hpp); then `pending` says whether something is left of the last
// record, and `resume(next, room)` goes on with it for as long as there is room.
#pragma once

#include "operators/side_output.hpp"

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace weir {

template <class F, class In>
concept map_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    !std::is_void_v<std::invoke_result_t<F&, const In&>>;

template <class F, class In>
concept predicate_function = std::copy_constructible<F> && std::predicate<F&, const In&>;

/// Before the first step.
struct identity_stage {
  static constexpr bool expands = false;
  static constexpr bool resumable = false;
  static constexpr bool has_sides = false;
  static constexpr bool timed = false;    // some step gives records their time
  static constexpr bool finishes = false; // some step has something to do at the end
  template <class Side>
  static constexpr bool declares = false;
  /// Whether records had their time when they left by it.
  template <class Side>
  static constexpr bool side_timed = false;

  void open(const task_context&, task_clock&) {}
  void start(const task_start&) {}
  void close_batches() {}
  void snapshot(std::vector<operator_snapshot>&) {}
  bool congested() const noexcept { return false; }
  bool pending() const noexcept { return false; }
  template <class Next>
  void finish(Next&&) {}
  template <class Hand>
  void note_rest(Hand&) const noexcept {}
  weir::watermark watermark(steady_time) { return {}; }

  template <class T, class Time, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Time time, Next&& next) {
    next(record, time);
  }
};

/// What most steps leave to those before them. `Self::through(next)` is what it does with
/// a record on its way from them to `next`.
template <class Self, class Before>
struct step {
  static constexpr bool expands = Before::expands;
  static constexpr bool resumable = Before::resumable;
  static constexpr bool has_sides = Before::has_sides;
  static constexpr bool timed = Before::timed;
  static constexpr bool finishes = Before::finishes;
  template <class Side>
  static constexpr bool declares = Before::template declares<Side>;
  template <class Side>
  static constexpr bool side_timed = Before::template side_timed<Side>;

  Before before;

  /// `clock` is the task's, for steps to read, or to advance its watermark.
  void open(const task_context& context, task_clock& clock) {
    before.open(context, clock);
  }
  void start(const task_start& from) { before.start(from); }
  void close_batches() { before.close_batches(); }
  void snapshot(std::vector<operator_snapshot>& out) { before.snapshot(out); }
  bool congested() const noexcept { return before.congested(); }
  bool pending() const noexcept { return before.pending(); }
  /// After the last record: what the steps still have goes to `next`.
  template <class Next>
  void finish(Next&& next) {
    before.finish(static_cast<Self*>(this)->through(next));
  }
  /// Says which record it is of which something is left.
  template <class Hand>
  void note_rest(Hand& hand) const noexcept {
    before.note_rest(hand);
  }
  /// Of the step that gives records their time.
  weir::watermark watermark(steady_time now) { return before.watermark(now); }
  template <class Side>
  std::uint32_t output_of() const {
    return before.template output_of<Side>();
  }

  template <class T, class Time, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Time time, Next&& next) {
    before(record, time, static_cast<Self*>(this)->through(next));
  }
  template <class Next, class Room>
  [[gnu::always_inline]] void resume(Next&& next, Room&& room) {
    before.resume(static_cast<Self*>(this)->through(next), room);
  }
};

template <class Before, class F>
struct map_stage : step<map_stage<Before, F>, Before> {
  F function;

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, auto at) { next(std::invoke(function, value), at); };
  }
};

template <class Before, class F>
struct filter_stage : step<filter_stage<Before, F>, Before> {
  F predicate;

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, auto at) {
      // What users filter by is in the data: a jump would be mispredicted. Told so, the
      // compiler makes of short chains arithmetic without jumps (1.8 times as fast).
      if (__builtin_expect_with_probability(std::invoke(predicate, value), true, 0.5))
        next(value, at);
    };
  }
};

/// A step whose function may emit to side outputs.
template <class Self, class Before, class Sides>
struct side_step : step<Self, Before> {
  static constexpr bool has_sides = Before::has_sides || Sides::any;
  template <class Side>
  static constexpr bool declares =
      Sides::template has<Side> || Before::template declares<Side>;
  template <class Side>
  static constexpr bool side_timed =
      Sides::template has<Side> ? Sides::timed : Before::template side_timed<Side>;

  Sides sides;
  const task_clock* clock = nullptr;

  void open(const task_context& context, task_clock& of_task) {
    this->before.open(context, of_task);
    clock = &of_task;
    sides.open(context);
  }
  void close_batches() {
    this->before.close_batches();
    sides.close_batches();
  }
  bool congested() const noexcept {
    return sides.congested() || this->before.congested();
  }
  template <class Side>
  std::uint32_t output_of() const {
    if constexpr (Sides::template has<Side>)
      return sides.template output_of<Side>();
    else
      return this->before.template output_of<Side>();
  }
};

namespace detail {
template <class Out, class Time, class Sides>
using ignore_output = emitter<Out, void (*)(const Out&, Time), Time, Sides>;
template <bool Timed>
using time_of = std::conditional_t<Timed, event_time, no_time>;
} // namespace detail

template <class F, class In, class Out, bool Timed, class... Sides>
concept flat_map_function = std::copy_constructible<F> && std::invocable < F&,
        const In&,
        detail::ignore_output<Out, detail::time_of<Timed>,
                              detail::side_writers<Timed, Sides...>>
& > ;

/// Any number of records for one. `expands` tells the chain to look after every record
/// whether there is room for more.
template <class Before, class Out, class F, class Sides>
struct flat_map_stage : side_step<flat_map_stage<Before, Out, F, Sides>, Before, Sides> {
  static constexpr bool expands = true;
  F function;

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, auto at) {
      emitter<Out, Next, decltype(at), Sides> out(next, at, this->sides, *this->clock);
      std::invoke(function, value, out);
    };
  }
};

/// Gives records their time, and knows how far they have come.
template <class Before, class F>
struct timestamps_stage : step<timestamps_stage<Before, F>, Before> {
  static constexpr bool timed = true;
  F time_of;
  watermark_strategy strategy;
  event_time latest = event_time::min();
  task_clock* clock = nullptr;
  std::optional<steady_time> silent_since = {};
  bool heard = false; // since the watermark was last asked for

  void open(const task_context& context, task_clock& of_task) {
    this->before.open(context, of_task);
    clock = &of_task;
  }

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, auto) {
      const event_time at = detail::to_event_time(std::invoke(time_of, value));
      latest = std::max(latest, at);
      heard = true;
      next(value, at);
    };
  }

  weir::watermark watermark(steady_time now) {
    if (std::exchange(heard, false) || !silent_since)
      silent_since = now;
    // A time this early has no room to be behind.
    const auto behind = strategy.behind + event_time::duration(1);
    if (latest >= event_time::min() + behind)
      clock->watermark = std::max(clock->watermark, latest - behind);
    const auto patience = strategy.idle_after_;
    return {clock->watermark, patience.count() > 0 && now - *silent_since >= patience};
  }
};

/// Lets pass what is not behind the watermark; the rest is late, and goes to the side
/// output if there is one.
template <class Before, class Sides, class... Side>
struct on_time_stage : side_step<on_time_stage<Before, Sides, Side...>, Before, Sides> {
  task_counters* counters = nullptr;

  void open(const task_context& context, task_clock& of_task) {
    side_step<on_time_stage, Before, Sides>::open(context, of_task);
    counters = context.counters;
  }

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const auto& value, event_time at) {
      if (at > this->clock->watermark) [[likely]]
        next(value, at);
      else
        late(value, at);
    };
  }

private:
  template <class T>
  [[gnu::noinline]] void late([[maybe_unused]] const T& record,
                              [[maybe_unused]] event_time at) {
    if (counters != nullptr)
      counters->add(task_count::late, 1);
    (this->sides.template write<Side>(record, at), ...);
  }
};

} // namespace weir
