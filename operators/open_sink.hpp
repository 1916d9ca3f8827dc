// How the description of a sink becomes the end of a chain.
#pragma once

#include "operators/job_graph.hpp"
#include "operators/stream_concepts.hpp"

namespace weir::detail {

/// The instance of one subtask.
template <class T, sink_spec<T> Spec>
auto open_sink(const Spec& spec, const task_context& context) {
  auto opened = spec.template open<T>(context.subtask, context.parallelism);
  if constexpr (transactional_spec<Spec, T>)
    return transactional_sink<T, decltype(opened)>(std::move(opened));
  else
    return opened;
}

/// What the chain that ends in the sink has to say of it.
template <class T, sink_spec<T> Spec>
void describe_sink(chain& ended, const std::string& name, const Spec& spec) {
  if constexpr (transactional_spec<Spec, T>) {
    ended.blocking = true;
    ended.operators.push_back(
        {.name = name, .rescales = true, .commit = committer_of<T>(spec)});
  } else {
    ended.blocking = ended.blocking || Spec::blocking;
    if constexpr (requires { Spec::to_standard_output; })
      ended.to_standard_output = Spec::to_standard_output;
    if (Spec::stateful)
      ended.operators.push_back({.name = name, .rescales = rescales_of<Spec>()});
  }
}

} // namespace weir::detail
