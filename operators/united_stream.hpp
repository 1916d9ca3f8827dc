// Several streams of one record type as one. Its parts stay open until the next exchange,
// so that a union that is keyed costs no hop of its own.
#pragma once

#include "operators/keyed_stream.hpp"

#include <tuple>

namespace weir {

template <class T, class... Streams>
class united_stream {
public:
  using record = T;

  united_stream(job_graph& graph, Streams... parts)
      : graph_(&graph), parts_(std::move(parts)...) {}

  template <key_function<T> F>
  auto key_by(F key) const {
    each([&](const auto& part) { part.end_by_key(key); });
    return keyed_stream<T, F>(*graph_, chains(), std::move(key));
  }

  template <map_function<T> F>
  auto map(F function) const {
    return merged().map(std::move(function));
  }
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return merged().filter(std::move(predicate));
  }
  template <class Out, flat_map_function<T, Out> F>
  auto flat_map(F function) const {
    return merged().template flat_map<Out>(std::move(function));
  }
  template <class Out, range_function<T> F>
  auto flat_map(F function) const {
    return merged().template flat_map<Out>(std::move(function));
  }
  template <range_function<T> F>
  auto flat_map(F function) const {
    return merged().flat_map(std::move(function));
  }
  auto rebalance() const { return merged("rebalance", topology::all_to_all); }
  auto rescale() const { return merged("rescale", topology::pointwise); }
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    merged().sink(name, std::move(spec));
  }

  template <class... Others>
  requires(sizeof...(Others) > 0 &&
           (std::same_as<typename Others::record, T> &&
            ...)) auto union_with(const Others&... others) const {
    return std::apply(
        [&](const Streams&... parts) {
          return united_stream<T, Streams..., Others...>(*graph_, parts..., others...);
        },
        parts_);
  }

private:
  template <class Visit>
  void each(Visit visit) const {
    std::apply([&](const Streams&... parts) { (visit(parts), ...); }, parts_);
  }

  std::vector<chain_index> chains() const {
    std::vector<chain_index> all;
    each([&](const auto& part) { all.push_back(part.chain_); });
    return all;
  }

  /// All parts end in channels to one new chain.
  auto merged(const std::string& how = "union",
              topology joins = topology::pointwise) const {
    each([](const auto& part) {
      part.template end_in_channels<batch<T>>(part.in_turn());
    });
    return detail::continued<T>(*graph_, chains(), joins, how);
  }

  job_graph* graph_;
  std::tuple<Streams...> parts_;
};

} // namespace weir
