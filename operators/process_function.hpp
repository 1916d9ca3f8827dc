// How a process function comes to a task: as it was handed over, copied for each task, or
// made by the task itself from what it binds and from further arguments.
#pragma once

#include "operators/side_output.hpp"
#include "state/state_binder.hpp"

#include <concepts>
#include <memory>
#include <tuple>

namespace weir {

template <std::copy_constructible F>
class given_function {
public:
  using function_type = F;
  static constexpr bool binds = false;

  explicit given_function(F function) : function_(std::move(function)) {}

  F& get() noexcept { return function_; }

private:
  F function_;
};

/// As a recipe it has the arguments; in a task the function, once it was bound.
template <class F, std::copy_constructible... Args>
class bound_function {
public:
  using function_type = F;
  static constexpr bool binds = true;

  explicit bound_function(std::tuple<Args...> arguments)
      : arguments_(std::move(arguments)) {}
  bound_function(const bound_function& recipe) : arguments_(recipe.arguments_) {}
  bound_function(bound_function&&) = default;
  bound_function& operator=(const bound_function&) = delete;
  ~bound_function() = default;

  void bind(state_binder& state) {
    function_ = std::apply(
        [&](const Args&... each) { return std::make_unique<F>(state, each...); },
        arguments_);
  }
  /// Requires: it was bound.
  F& get() noexcept { return *function_; }

private:
  std::tuple<Args...> arguments_;
  std::unique_ptr<F> function_;
};

namespace detail {

template <class... T>
struct type_list {};

/// Those of some types that are side outputs, and the tuple of the others.
template <class... Args>
struct sides_and_rest {
  using sides = type_list<>;
  static std::tuple<> rest() { return {}; }
};
template <class First, class... Others>
struct sides_and_rest<First, Others...> {
  using behind = sides_and_rest<Others...>;

  template <class... Sides>
  static auto with_first(type_list<Sides...>) {
    if constexpr (any_side_output<First>)
      return type_list<First, Sides...>();
    else
      return type_list<Sides...>();
  }
  using sides = decltype(with_first(typename behind::sides()));

  static auto rest(First first, Others... others) {
    if constexpr (any_side_output<First>)
      return behind::rest(std::move(others)...);
    else
      return std::tuple_cat(std::tuple<First>(std::move(first)),
                            behind::rest(std::move(others)...));
  }
};

/// Whether an F is made from a state_binder and a tuple's elements.
template <class F, class Tuple>
constexpr bool made_from = false;
template <class F, class... Args>
constexpr bool made_from<F, std::tuple<Args...>> =
    std::constructible_from<F, state_binder&, const Args&...>;

/// Throws failure::usage.
[[noreturn]] void refuse_both_task_states(const std::string& operator_name);

/// Throws failure::usage if one of them is a timer: the function cannot be told of it.
void refuse_timers(const std::vector<declared_state>& states);
/// The same if one is in event time: the records have none.
void refuse_event_timers(const std::vector<declared_state>& states);

template <class F, class... Args>
bound_function<F, Args...> bound(std::tuple<Args...> arguments) {
  return bound_function<F, Args...>(std::move(arguments));
}

} // namespace detail

/// A class that binds states by name in its constructor, from a state_binder& and then
/// those of `Args` that are no side outputs.
template <class F, class... Args>
concept binds_states =
    detail::made_from<F, decltype(detail::sides_and_rest<Args...>::rest(
                             std::declval<Args>()...))>;

} // namespace weir
