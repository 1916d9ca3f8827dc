// A step that makes a range of every record, and can stop in the middle of it: what is
// left stays in the stage until there is room again, so that one record may become any
// number of them without a buffer for all. Called inside the chain's loop.
#pragma once

#include "operators/stage.hpp"

#include <iterator>
#include <optional>

namespace weir {

namespace detail {

template <class R>
using iterator_of =
    decltype(std::ranges::begin(std::declval<std::remove_reference_t<R>&>()));

/// As std::ranges::input_range, whose header is large and not for every compiler.
template <class R>
concept readable_range = requires(std::remove_reference_t<R>& range) {
  { std::ranges::begin(range) } -> std::input_iterator;
  { std::ranges::end(range) } -> std::sentinel_for<iterator_of<R>>;
};

} // namespace detail

/// A range for every record, by value or as a reference to a part of the record.
template <class F, class In>
concept range_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    detail::readable_range<std::invoke_result_t<F&, const In&>>;

/// What the range of `F` has for elements.
template <class F, class In>
using element_of =
    std::iter_value_t<detail::iterator_of<std::invoke_result_t<F&, const In&>>>;

/// A record, the range that was made of it, and how far it has been read. It keeps the
/// record, for the range may look into it. Copies begin with nothing: a stage is copied
/// into every task before it runs.
template <class Record, class Range, class Out>
class expansion {
public:
  expansion() = default;
  expansion(const expansion&) noexcept {}
  expansion& operator=(const expansion&) = delete;

  template <class F>
  void begin(F& function, const Record& record) {
    record_ = record;
    if constexpr (std::is_reference_v<Range>)
      range_ = &std::invoke(function, std::as_const(*record_));
    else
      range_.emplace(std::invoke(function, std::as_const(*record_)));
    next_.emplace(std::ranges::begin(range()));
  }
  bool under_way() const noexcept { return next_.has_value(); }
  /// Requires: under_way().
  const Record& record() const noexcept { return *record_; }

  /// Reads on for as long as `room()` says so.
  template <class Next, class Room>
  [[gnu::always_inline]] void read(Next&& next, Room&& room) {
    const auto end = std::ranges::end(range());
    for (auto& at = *next_; at != end; ++at) {
      if (!room())
        return;
      if constexpr (std::convertible_to<std::iter_reference_t<iterator>, const Out&>)
        next(static_cast<const Out&>(*at));
      else
        next(Out(*at));
    }
    next_.reset();
    range_.reset();
  }

private:
  using iterator = detail::iterator_of<Range>;
  using held = std::conditional_t<std::is_reference_v<Range>, std::add_pointer_t<Range>,
                                  std::remove_cv_t<Range>>;

  auto& range() noexcept {
    if constexpr (std::is_reference_v<Range>)
      return **range_;
    else
      return *range_;
  }

  std::optional<Record> record_;
  std::optional<held> range_;
  std::optional<iterator> next_;
};

/// As an operation on a record it only begins; `resume` does the rest.
template <class Before, class In, class Time, class Out, class F>
struct range_stage : step<range_stage<Before, In, Time, Out, F>, Before> {
  static constexpr bool expands = true;
  static constexpr bool resumable = true;

  F function;
  expansion<In, std::invoke_result_t<F&, const In&>, Out> current = {};
  [[no_unique_address]] Time time = {}; // of the record whose range is read

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const In& value, Time at) {
      // Whoever emits several values into this step cannot be stopped between two.
      if (current.under_way())
        read(next, [] { return true; });
      current.begin(function, value);
      time = at;
    };
  }

  template <class Next>
  void finish(Next&& next) {
    this->before.finish(through(next));
    if (current.under_way())
      read(next, [] { return true; });
  }

  /// Something is left of the last record.
  bool pending() const noexcept { return current.under_way() || this->before.pending(); }

  template <class Hand>
  void note_rest(Hand& hand) const noexcept {
    if (current.under_way())
      hand.note(current.record());
    else
      this->before.note_rest(hand);
  }

  template <class Next, class Room>
  [[gnu::always_inline]] void resume(Next&& next, Room&& room) {
    do {
      if (current.under_way())
        read(next, room);
      if (current.under_way() || !this->before.pending())
        return;
      if constexpr (Before::resumable)
        this->before.resume(through(next),
                            [&] { return !current.under_way() && room(); });
    } while (current.under_way());
  }

private:
  template <class Next, class Room>
  [[gnu::always_inline]] void read(Next& next, Room&& room) {
    current.read([&](const Out& element) { next(element, time); }, room);
  }
};

} // namespace weir
