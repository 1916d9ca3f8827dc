// Outputs beside the main one: a step emits records of another type, or records that
// should take another way, under the name of a side output, and the stream behind the
// step gives them as a stream of their own. What nobody reads is not sent.
#pragma once

#include "operators/exchange.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>

namespace weir {

namespace detail {

template <std::size_t N>
struct literal {
  char text[N];

  // NOLINTNEXTLINE(google-explicit-constructor): a literal stands for itself.
  consteval literal(const char (&from)[N]) { std::copy_n(from, N, text); }
};

} // namespace detail

/// A side output of records of type T, as a constant:
///
///   constexpr weir::side_output<std::string, "malformed"> malformed;
template <batch_value T, detail::literal Name>
struct side_output {
  using record = T;

  static std::string name() { return Name.text; }
};

template <class S>
concept any_side_output = requires {
  typename S::record;
  { S::name() } -> std::same_as<std::string>;
};

namespace detail {

/// Where the records of one side output go, if somewhere.
template <any_side_output Side, bool Timed>
class side_writer {
  using batch_type = stream_batch<typename Side::record, Timed>;

public:
  using side = Side;

  explicit side_writer(std::uint32_t output) : output_(output) {}

  void open(const task_context& context) {
    if (const way_out* way = context.way(output_))
      to_.emplace(*context.outbox, *way, route_in_turn(*way, context.subtask));
  }
  template <class Time>
  void write(const typename Side::record& record, Time time) {
    if (to_)
      to_->write(record, time);
  }
  void close_batches() {
    if (to_)
      to_->close_batches();
  }
  bool congested() const noexcept { return to_ && to_->congested(); }
  std::uint32_t output() const noexcept { return output_; }

private:
  std::uint32_t output_;
  std::optional<routed_exchange<batch_type, route_in_turn>> to_;
};

/// All side outputs of a step.
template <bool Timed, any_side_output... Sides>
class side_writers {
public:
  template <class Side>
  static constexpr bool has = (std::same_as<Side, Sides> || ...);
  static constexpr bool any = sizeof...(Sides) > 0;
  static constexpr bool timed = Timed;

  side_writers() requires(sizeof...(Sides) == 0) = default;
  /// `number_of` gives each side output its number in the chain.
  template <class NumberOf>
  explicit side_writers(NumberOf number_of)
      : writers_(side_writer<Sides, Timed>(number_of(Sides::name()))...) {}

  void open([[maybe_unused]] const task_context& context) {
    each([&](auto& writer) { writer.open(context); });
  }
  template <class Side, class Time>
  void write(const typename Side::record& record, Time time) {
    std::get<side_writer<Side, Timed>>(writers_).write(record, time);
  }
  void close_batches() {
    each([](auto& writer) { writer.close_batches(); });
  }
  bool congested() const noexcept {
    return std::apply(
        [](const auto&... writer) { return (writer.congested() || ... || false); },
        writers_);
  }
  template <class Side>
  std::uint32_t output_of() const noexcept {
    return std::get<side_writer<Side, Timed>>(writers_).output();
  }

private:
  template <class Visit>
  void each(Visit visit) {
    std::apply([&](auto&... writer) { (visit(writer), ...); }, writers_);
  }

  std::tuple<side_writer<Sides, Timed>...> writers_;
};

} // namespace detail

/// What a step's function emits to.
template <class Out, class Next, class Time = no_time,
          class Sides = detail::side_writers<false>>
class emitter {
public:
  emitter(Next& next, Time time, Sides& sides, const task_clock& clock)
      : next_(next), sides_(sides), clock_(clock), time_(time) {}
  emitter(const emitter&) = delete;
  emitter& operator=(const emitter&) = delete;

  [[gnu::always_inline]] void emit(const Out& record) { next_(record, time_); }
  /// To a side output that the step was given.
  template <class Side>
  requires(Sides::template has<Side>) void emit(Side,
                                                const typename Side::record& record) {
    sides_.template write<Side>(record, time_);
  }

  /// When the record happened that is being processed; what is emitted has this time too.
  event_time time() const noexcept requires std::same_as<Time, event_time> {
    return time_;
  }
  /// How far the task has come.
  event_time watermark() const noexcept requires std::same_as<Time, event_time> {
    return clock_.watermark;
  }
  /// What the clock of the job says, as of a moment ago: the task is told it before each
  /// slice of its work.
  weir::processing_time processing_time() const noexcept { return clock_.now; }

private:
  Next& next_;
  Sides& sides_;
  const task_clock& clock_;
  [[no_unique_address]] Time time_;
};

} // namespace weir
