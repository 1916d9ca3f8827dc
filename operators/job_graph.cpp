#include "operators/job_graph.hpp"

#include "serialization/error.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t name_length_max = 64;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '_' || c == '.';
}

} // namespace

void job_graph::claim_name(const std::string& name) {
  const bool well_formed = !name.empty() && name.size() <= name_length_max &&
                           name.front() != '.' &&
                           std::all_of(name.begin(), name.end(), is_name_character);
  if (!well_formed)
    throw error(failure::usage,
                "operator name '" + name +
                    "' cannot name a file of a checkpoint; use 1 to 64 letters, digits, "
                    "'-', '_' or '.', not beginning with '.'");
  if (std::find(names_.begin(), names_.end(), name) != names_.end())
    throw error(failure::usage, "operator name '" + name +
                                    "' is used twice; state is found by name, so every "
                                    "source, keyed operator and sink needs its own");
  names_.push_back(name);
}

chain_index job_graph::add(chain begun) {
  chains_.push_back(std::move(begun));
  return chains_.size() - 1;
}

chain& job_graph::close(chain_index index) {
  chain& closed = chains_.at(index);
  if (closed.make_task)
    throw error(failure::usage, "the stream after '" + closed.name +
                                    "' is used twice; one stream has one consumer, so "
                                    "declare a second source for the second one");
  return closed;
}

void job_graph::check() const {
  if (chains_.empty())
    throw error(failure::usage, "the job has no source; begin with job.source(...)");
  for (chain_index i = 0; i < chains_.size(); ++i) {
    const bool consumed =
        !chains_[i].ends_in_exchange ||
        std::any_of(chains_.begin(), chains_.end(),
                    [i](const chain& other) { return other.upstream == i; });
    if (!chains_[i].make_task || !consumed)
      throw error(failure::usage, "the stream after '" + chains_[i].name +
                                      "' ends nowhere; end it with .sink(...)");
  }
}

} // namespace weir
