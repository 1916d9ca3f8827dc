// Stateless steps, fused: a stage is a function object (record, next) whose type names
// every step, so that a chain of them compiles into one loop without a call in it.
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
  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    next(record);
  }
};

template <class Before, class F>
struct map_stage {
  Before before;
  F function;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    before(record, [&](const auto& value) { next(std::invoke(function, value)); });
  }
};

template <class Before, class F>
struct filter_stage {
  Before before;
  F predicate;

  template <class T, class Next>
  [[gnu::always_inline]] void operator()(const T& record, Next&& next) {
    before(record, [&](const auto& value) {
      if (std::invoke(predicate, value))
        next(value);
    });
  }
};

} // namespace weir
