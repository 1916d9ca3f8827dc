// A loop: records that the body of an iteration sends back come to its head again, before
// any new ones, until the body lets them go on. What goes back waits for no credit, or
// the loop would wait for itself; it is bounded by pipeline.iteration.max-bytes instead.
#pragma once

#include "operators/job_loops.hpp"
#include "operators/stream_steps.hpp"

namespace weir {

/// What the body of an iteration gets. A body that takes it by this name, and not as
/// auto, may call flat_map<...> without writing `template`.
template <class T, bool Timed = false>
using repeated = stream<T, detail::exchanged_head<T, Timed>, identity_stage>;

/// What the body of an iteration returns.
template <class Back, class On>
struct looped_streams {
  Back back;
  On on;
};

/// What goes back to the head of the iteration, and what goes on behind it.
template <class Back, class On>
looped_streams<Back, On> feedback(Back back, On on) {
  return {std::move(back), std::move(on)};
}

namespace detail {

template <class Returned>
constexpr bool is_feedback = false;
template <class Back, class On>
constexpr bool is_feedback<looped_streams<Back, On>> = true;

/// One readable error where the body returns something else.
template <class T, bool Timed, class Returned>
constexpr bool check_feedback() {
  static_assert(is_feedback<Returned>,
                "the body of an iteration returns weir::feedback(what goes back, what "
                "goes on)");
  if constexpr (is_feedback<Returned>) {
    using back = decltype(Returned::back);
    static_assert(std::same_as<typename back::record, T>,
                  "what goes back into an iteration has the type of what enters it: "
                  ".map(...) it to that");
    static_assert(back::timed == Timed,
                  "what goes back into an iteration has timestamps, and what enters it "
                  "has none: give them before .iterate(...)");
    return std::same_as<typename back::record, T> && back::timed == Timed;
  }
  return false;
}

/// The end of any stream in channels to a chain that wants no keys.
template <class Stream>
auto plain_end(const Stream& stream) {
  using plain = plain_input<typename Stream::record, Stream::timed>;
  if constexpr (std::same_as<decltype(stream.as_input()), input_end<plain>>)
    return stream.as_input();
  else
    return stream.begun().as_input();
}

/// The chains behind which a stream stands that the body returned.
template <class Stream>
std::vector<chain_index> ends_of(const Stream& returned, const job_graph& graph,
                                 const std::string& iteration) {
  const stream_place place = returned.place();
  if (place.graph != &graph)
    refuse_foreign_job(iteration);
  return place.chains;
}

template <class Stream, class Body>
auto iterate(const Stream& entering, const std::string& name, Body& body) {
  using record = typename Stream::record;
  job_graph& graph = *entering.place().graph;
  graph.claim_name(name);
  chain begun;
  begun.name = name;
  begun.iteration = name;
  const auto end = plain_end(entering);
  const chain_index first = graph.add_behind(end.upstream, end.joins, std::move(begun));
  const repeated<record, Stream::timed> inside(graph, first, {}, {});
  auto returned = body(inside);
  if constexpr (check_feedback<record, Stream::timed, decltype(returned)>()) {
    check_goes_back(graph, first, ends_of(returned.back, graph, name));
    check_goes_on(graph, first, ends_of(returned.on, graph, name));
    graph.feed_back(plain_end(returned.back).upstream, first);
    return std::move(returned.on);
  } else {
    return inside; // one error is enough
  }
}

} // namespace detail

} // namespace weir
