// Stateless steps, fused: a stage is a function object (record, next) whose type names
// every step, so that a chain of them compiles into one loop without a call in it.
//
// `expands`: it may make many records of one. `resumable`: it may stop in the middle of
// that (range_stage.hpp); then `pending` says whether something is left of the last
// record, and `resume(next, room)` goes on with it for as long as there is room.
#pragma once

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

struct identity_stage {
  static constexpr bool expands = false;
  static constexpr bool resumable = false;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    next(record);
  }
};

template <class Before, class F>
struct map_stage {
  static constexpr bool expands = Before::expands;
  static constexpr bool resumable = Before::resumable;
  Before before;
  F function;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    before(record, applied(next));
  }
  bool pending() const noexcept { return before.pending(); }
  template <class Next, class Room>
  [[gnu::always_inline]] void resume(Next&& next, Room&& room) {
    before.resume(applied(next), room);
  }

private:
  template <class Next>
  auto applied(Next& next) {
    return [&](const auto& value) { next(std::invoke(function, value)); };
  }
};

template <class Before, class F>
struct filter_stage {
  static constexpr bool expands = Before::expands;
  static constexpr bool resumable = Before::resumable;
  Before before;
  F predicate;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    before(record, kept(next));
  }
  bool pending() const noexcept { return before.pending(); }
  template <class Next, class Room>
  [[gnu::always_inline]] void resume(Next&& next, Room&& room) {
    before.resume(kept(next), room);
  }

private:
  template <class Next>
  auto kept(Next& next) {
    return [&](const auto& value) {
      if (std::invoke(predicate, value))
        next(value);
    };
  }
};

/// What a flat_map's function emits to, its second argument.
template <class Out, class Next>
class emitter {
public:
  explicit emitter(Next& next) : next_(next) {}
  emitter(const emitter&) = delete;
  emitter& operator=(const emitter&) = delete;

  [[gnu::always_inline]] void emit(const Out& record) { next_(record); }

private:
  Next& next_;
};

namespace detail {
template <class Out>
using ignore_output = emitter<Out, void (*)(const Out&)>;
} // namespace detail

template <class F, class In, class Out>
concept flat_map_function = std::copy_constructible<F> && std::invocable < F&,
        const In&, detail::ignore_output<Out>
& > ;

/// Any number of records for one. `expands` tells the chain to look after every record
/// whether there is room for more.
template <class Before, class Out, class F>
struct flat_map_stage {
  static constexpr bool expands = true;
  static constexpr bool resumable = Before::resumable;
  Before before;
  F function;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    emitter<Out, std::remove_reference_t<Next>> out(next);
    before(record, [&](const auto& value) { std::invoke(function, value, out); });
  }
  bool pending() const noexcept { return before.pending(); }
  template <class Next, class Room>
  [[gnu::always_inline]] void resume(Next&& next, Room&& room) {
    emitter<Out, std::remove_reference_t<Next>> out(next);
    before.resume([&](const auto& value) { std::invoke(function, value, out); }, room);
  }
};

} // namespace weir
