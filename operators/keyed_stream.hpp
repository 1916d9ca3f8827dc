// What can be done with a stream that is partitioned by key.
#pragma once

#include "operators/stream.hpp"

namespace weir {

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

/// In what `sum` adds up numbers of type V: 64 bits of the same kind.
template <class V>
using sum_of = std::conditional_t<
    std::is_floating_point_v<V>, double,
    std::conditional_t<std::is_signed_v<V>, std::int64_t, std::uint64_t>>;

/// Records of type T, partitioned by key.
template <class T, class KeyFunction>
class keyed_stream {
public:
  using key = key_type_of<KeyFunction, T>;

  keyed_stream(job_graph& graph, std::vector<chain_index> upstream, KeyFunction key_of)
      : graph_(&graph), upstream_(std::move(upstream)), key_of_(std::move(key_of)) {}

  // All of these emit the result so far for every record, and their name is the identity
  // of the state in checkpoints.

  /// Counts the records of each key; emits counted<key>.
  auto count(const std::string& name) const { return fold(name, count_fold<key>{}); }

  /// Combines the records of each key; emits what they came to so far.
  template <reduce_function<T> F>
  auto reduce(const std::string& name, F function) const {
    static_assert(check_record<T>());
    return fold(name, reduce_fold<T, F>{std::move(function)});
  }

  /// Adds up a number of each record, in 64 bits; emits folded<key, ...>.
  template <number_function<T> F>
  auto sum(const std::string& name, F number) const {
    using value = sum_of<number_type<F>>;
    return projected<value>(name, std::move(number), std::plus<value>());
  }
  /// The smallest of a number of each record; emits folded<key, ...>.
  template <number_function<T> F>
  auto min(const std::string& name, F number) const {
    return projected<number_type<F>>(
        name, std::move(number),
        [](const auto& so_far, const auto& fresh) { return std::min(so_far, fresh); });
  }
  /// The largest of a number of each record; emits folded<key, ...>.
  template <number_function<T> F>
  auto max(const std::string& name, F number) const {
    return projected<number_type<F>>(
        name, std::move(number),
        [](const auto& so_far, const auto& fresh) { return std::max(so_far, fresh); });
  }

  // Without a fold the records go on as they are, on the task of their key.
  template <map_function<T> F>
  auto map(F function) const {
    return exchanged().map(std::move(function));
  }
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return exchanged().filter(std::move(predicate));
  }
  template <class Out, flat_map_function<T, Out> F>
  auto flat_map(F function) const {
    return exchanged().template flat_map<Out>(std::move(function));
  }
  template <class Out, range_function<T> F>
  auto flat_map(F function) const {
    return exchanged().template flat_map<Out>(std::move(function));
  }
  template <range_function<T> F>
  auto flat_map(F function) const {
    return exchanged().flat_map(std::move(function));
  }
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    exchanged().sink(name, std::move(spec));
  }

private:
  template <class F>
  using number_type = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;

  auto exchanged() const {
    return detail::continued<T>(*graph_, upstream_, topology::all_to_all, "key_by");
  }

  template <class Value, class F, class Combine>
  auto projected(const std::string& name, F number, Combine combine) const {
    return fold(name, projected_fold<key, Value, F, Combine>{std::move(number),
                                                             std::move(combine)});
  }

  template <class Fold>
  auto fold(const std::string& name, Fold how) const {
    using value = typename Fold::value;
    using head = detail::keyed_head<key, T, KeyFunction, Fold>;
    graph_->claim_name(name);
    chain begun;
    begun.name = name;
    begun.operators.push_back({name, {keyed_table<key, value>::description("value")}});
    const chain_index next =
        graph_->add_behind(upstream_, topology::all_to_all, std::move(begun));
    return stream<typename Fold::output, head, identity_stage>(
        *graph_, next, head{key_of_, std::move(how)}, {});
  }

  job_graph* graph_;
  std::vector<chain_index> upstream_;
  KeyFunction key_of_;
};

} // namespace weir
