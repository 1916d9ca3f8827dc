// What can be done with a stream that is partitioned by key.
#pragma once

#include "operators/connected_streams.hpp"

namespace weir {

/// In what `sum` adds up numbers of type V: 64 bits of the same kind.
template <class V>
using sum_of = std::conditional_t<
    std::is_floating_point_v<V>, double,
    std::conditional_t<std::is_signed_v<V>, std::int64_t, std::uint64_t>>;

/// Records of type T, partitioned by key.
template <class T, bool Timed, class KeyFunction>
class keyed_stream : public stream_steps<keyed_stream<T, Timed, KeyFunction>, T> {
public:
  using key = key_type_of<KeyFunction, T>;
  static constexpr bool timed = Timed;

  keyed_stream(job_graph& graph, std::vector<outlet> upstream, KeyFunction key_of)
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

  /// What a class of the user's makes of the records and of what it keeps for each key,
  /// see process.hpp.
  template <class F, any_side_output... Sides>
  auto process(const std::string& name, F function, Sides...) const {
    graph_->claim_name(name);
    return detail::process_inputs(*graph_, name, given_function<F>(std::move(function)),
                                  detail::type_list<Sides...>(), as_input());
  }
  /// The same for a class that binds states in its constructor, from a state_binder& and
  /// the further arguments, see state_binder.hpp.
  template <class F, class... Args>
  requires binds_states<F, Args...>
  auto process(const std::string& name, Args... arguments) const {
    using parts = detail::sides_and_rest<Args...>;
    graph_->claim_name(name);
    return detail::process_inputs(*graph_, name,
                                  detail::bound<F>(parts::rest(std::move(arguments)...)),
                                  typename parts::sides(), as_input());
  }

  /// This stream and another one, for functions that see both: keyed by the same type,
  /// whose records of one key meet in one task, or broadcast.
  template <class Other>
  auto connect(const Other& other) const {
    return connected_streams<keyed_stream, Other>(*graph_, *this, other);
  }

  /// Without a fold the records go on as they are, on the task of their key.
  auto begun() const {
    return detail::continued<T, Timed>(*graph_, upstream_, topology::all_to_all,
                                       "key_by");
  }
  detail::stream_place place() const {
    detail::stream_place ends{graph_, {}};
    for (const outlet& each : upstream_)
      ends.chains.push_back(each.from);
    return ends;
  }
  auto as_input() const {
    using input = detail::keyed_input<T, Timed, KeyFunction>;
    return detail::input_end<input>{upstream_, topology::all_to_all, {key_of_}};
  }

private:
  template <class F>
  using number_type = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;

  template <class Value, class F, class Combine>
  auto projected(const std::string& name, F number, Combine combine) const {
    return fold(name, projected_fold<key, Value, F, Combine>{std::move(number),
                                                             std::move(combine)});
  }

  template <class Fold>
  auto fold(const std::string& name, Fold how) const {
    using value = typename Fold::value;
    using head = detail::keyed_head<key, T, Timed, KeyFunction, Fold>;
    graph_->claim_name(name);
    chain begun;
    begun.name = name;
    begun.operators.push_back(
        {.name = name, .keyed_states = {keyed_table<key, value>::declare("value")}});
    const chain_index next =
        graph_->add_behind(upstream_, topology::all_to_all, std::move(begun));
    return stream<typename Fold::output, head, identity_stage>(
        *graph_, next, head{key_of_, std::move(how)}, {});
  }

  job_graph* graph_;
  std::vector<outlet> upstream_;
  KeyFunction key_of_;
};

} // namespace weir
