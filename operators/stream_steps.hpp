// The steps of streams that end in an exchange whose other side has not begun yet. Each
// begins it: `begun()` is the open stream that follows, and `as_input()` the same end as
// an input of a process function.
#pragma once

#include "operators/stream.hpp"

namespace weir {

template <class Self, class T>
class stream_steps {
public:
  using record = T;

  template <map_function<T> F>
  auto map(F function) const {
    return begun().map(std::move(function));
  }
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return begun().filter(std::move(predicate));
  }
  template <class Out, class F, any_side_output... Sides>
  auto flat_map(F function, Sides... sides) const {
    return begun().template flat_map<Out>(std::move(function), sides...);
  }
  template <range_function<T> F>
  auto flat_map(F function) const {
    return begun().flat_map(std::move(function));
  }
  template <class F, any_side_output... Sides>
  auto process(const std::string& name, F function, Sides... sides) const {
    return begun().process(name, std::move(function), sides...);
  }
  template <class F, class... Args>
  requires binds_states<F, Args...>
  auto process(const std::string& name, Args... arguments) const {
    return begun().template process<F>(name, std::move(arguments)...);
  }
  template <time_function<T> F>
  auto timestamps(F time_of, watermark_strategy strategy) const {
    return begun().timestamps(std::move(time_of), strategy);
  }
  template <any_side_output... Late>
  auto on_time(Late... late) const {
    return begun().on_time(late...);
  }
  template <key_function<T> F>
  auto key_by(F key) const {
    return begun().key_by(std::move(key));
  }
  auto rebalance() const { return begun().rebalance(); }
  auto rescale() const { return begun().rescale(); }
  auto shuffle() const { return begun().shuffle(); }
  auto global() const { return begun().global(); }
  auto broadcast() const { return begun().broadcast(); }
  auto share() const { return begun().share(); }
  template <partition_function<T> F>
  auto partition_custom(F choose) const {
    return begun().partition_custom(std::move(choose));
  }
  template <class... Others>
  auto union_with(const Others&... others) const {
    return begun().union_with(others...);
  }
  template <class Other>
  auto connect(const Other& other) const {
    return begun().connect(other);
  }
  template <class Body>
  auto iterate(const std::string& name, Body body) const {
    return detail::iterate(static_cast<const Self&>(*this), name, body);
  }
  auto parallelism(std::uint32_t tasks) const { return begun().parallelism(tasks); }
  auto max_parallelism(std::uint32_t tasks) const {
    return begun().max_parallelism(tasks);
  }
  auto name(const std::string& shown) const { return begun().name(shown); }
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    begun().sink(name, std::move(spec));
  }

private:
  auto begun() const { return static_cast<const Self&>(*this).begun(); }
};

/// Records that go to all tasks of what follows.
template <class T, bool Timed>
class broadcast_stream : public stream_steps<broadcast_stream<T, Timed>, T> {
public:
  static constexpr bool timed = Timed;

  broadcast_stream(job_graph& graph, outlet end) : graph_(&graph), end_(end) {}

  auto begun() const {
    return detail::continued<T, Timed>(*graph_, {end_}, topology::all_to_all,
                                       "broadcast");
  }
  detail::stream_place place() const { return {graph_, {end_.from}}; }
  auto as_input() const {
    using input = detail::plain_input<T, Timed>;
    return detail::input_end<input>{{end_}, topology::all_to_all, {}};
  }

private:
  job_graph* graph_;
  outlet end_;
};

/// Records for several consumers; every use begins one.
template <class T, bool Timed>
class shared_stream : public stream_steps<shared_stream<T, Timed>, T> {
public:
  static constexpr bool timed = Timed;

  shared_stream(job_graph& graph, outlet end) : graph_(&graph), end_(end) {}

  auto begun() const {
    return detail::continued<T, Timed>(*graph_, {end_}, topology::pointwise, "share");
  }
  detail::stream_place place() const { return {graph_, {end_.from}}; }
  auto as_input() const {
    using input = detail::plain_input<T, Timed>;
    return detail::input_end<input>{{end_}, topology::pointwise, {}};
  }

private:
  job_graph* graph_;
  outlet end_;
};

} // namespace weir
