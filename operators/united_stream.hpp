// Several streams of one record type as one. Its parts stay open until the next exchange,
// so that a union that is keyed costs no hop of its own.
#pragma once

#include "operators/keyed_stream.hpp"

#include <tuple>

namespace weir {

template <class First, class... Others>
class united_stream<First, Others...>
    : public stream_steps<united_stream<First, Others...>, typename First::record> {
public:
  using record = typename First::record;
  static constexpr bool timed = First::timed;
  static_assert(((Others::timed == timed) && ...),
                "some of the united streams have timestamps and others have none; give "
                "them to all, or to the union");

  united_stream(job_graph& graph, First first, Others... others)
      : graph_(&graph), parts_(std::move(first), std::move(others)...) {}

  template <key_function<record> F>
  auto key_by(F key) const {
    return keyed_stream<record, timed, F>(
        *graph_, ends([&](const auto& part) { return part.end_by_key(key); }),
        std::move(key));
  }
  template <class... More>
  requires(sizeof...(More) > 0 && (std::same_as<typename More::record, record> &&
                                   ...)) auto union_with(const More&... more) const {
    return std::apply(
        [&](const auto&... part) {
          return united_stream<First, Others...,
                               std::remove_cvref_t<decltype(more.begun())>...>(
              *graph_, part..., more.begun()...);
        },
        parts_);
  }
  auto rebalance() const { return merged("rebalance", topology::all_to_all); }
  auto rescale() const { return merged("rescale", topology::pointwise); }

  auto begun() const { return merged("union", topology::pointwise); }
  detail::stream_place place() const {
    return std::apply(
        [&](const auto&... part) {
          return detail::stream_place{graph_, {part.chain_...}};
        },
        parts_);
  }
  auto as_input() const {
    using input = detail::plain_input<record, timed>;
    return detail::input_end<input>{ends_in_turn(), topology::pointwise, {}};
  }

private:
  template <class EndOf>
  std::vector<outlet> ends(EndOf end_of) const {
    return std::apply(
        [&](const auto&... part) { return std::vector<outlet>{end_of(part)...}; },
        parts_);
  }

  std::vector<outlet> ends_in_turn() const {
    return ends([](const auto& part) {
      return part.template end_in_channels<stream_batch<record, timed>>(part.in_turn());
    });
  }

  /// All parts end in channels to one new chain.
  auto merged(const std::string& how, topology joins) const {
    return detail::continued<record, timed>(*graph_, ends_in_turn(), joins, how);
  }

  job_graph* graph_;
  std::tuple<First, Others...> parts_;
};

} // namespace weir
