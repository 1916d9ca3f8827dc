// What a user may hand to the steps of a stream, so that a wrong argument is one readable
// error.
#pragma once

#include "operators/sink_end.hpp"
#include "operators/source_chain.hpp"
#include "operators/transactions.hpp"

namespace weir {

template <class F, class In>
concept key_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    record_key<std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>;

template <class F, class In>
concept reduce_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&, const In&> &&
    std::convertible_to<std::invoke_result_t<F&, const In&, const In&>, In>;

/// What `sum`, `min` and `max` take from a record: a member pointer or a pure function to
/// a number.
template <class F, class In>
concept number_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    std::is_arithmetic_v<std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>;

/// What a user hands to `source`: describes a source and makes the instance of one
/// subtask. One that may wait for a device says so with a static `blocking = true`; then
/// its tasks get threads of their own. One that cannot read again what it has read names
/// that with `reads_once()`. One whose subtasks can take over the positions of any number
/// of others (operator_start::before) says so with a static `rescales = true`.
template <class S>
concept source_spec = std::copy_constructible<S> && requires(const S spec) {
  { spec.open(std::uint32_t{}, std::uint32_t{}) } -> source_instance;
};

/// What a user hands to `sink`: likewise for records of type T, `rescales` included; or
/// one with transactions, see transactions.hpp.
template <class S, class T>
concept sink_spec = transactional_spec<S, T> ||
    (std::copy_constructible<S>&& requires(const S spec) {
      { spec.template open<T>(std::uint32_t{}, std::uint32_t{}) } -> sink_instance<T>;
      { S::blocking } -> std::convertible_to<bool>;
      { S::stateful } -> std::convertible_to<bool>;
    });

} // namespace weir
