#include "operators/job_graph.hpp"

#include "serialization/error.hpp"
#include "state/key_group.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t name_length_max = 64;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-' || c == '_' || c == '.';
}

[[noreturn]] void refuse_second_use(const chain& used) {
  throw error(failure::usage, "the stream after '" + used.name +
                                  "' is used twice; one stream has one consumer, so "
                                  "declare a second source for the second one");
}

void set_tasks(chain& of, std::optional<std::uint32_t> chain::*field, const char* what,
               std::uint32_t tasks) {
  const std::string called = std::string(what)
                                 .append("(")
                                 .append(std::to_string(tasks))
                                 .append(") after '")
                                 .append(of.name)
                                 .append("'");
  if (tasks == 0 || tasks > max_parallelism_limit)
    throw error(failure::usage, called + " is no number of tasks; give 1 to " +
                                    std::to_string(max_parallelism_limit));
  if (of.*field && *(of.*field) != tasks)
    throw error(failure::usage,
                called + " contradicts the " + std::to_string(*(of.*field)) +
                    " that the same chain has already; begin a new one with "
                    ".rebalance() or .new_chain()");
  of.*field = tasks;
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
    refuse_second_use(closed);
  return closed;
}

void job_graph::set_parallelism(chain_index index, std::uint32_t tasks) {
  set_tasks(chains_.at(index), &chain::parallelism, ".parallelism", tasks);
}

void job_graph::set_max_parallelism(chain_index index, std::uint32_t tasks) {
  set_tasks(chains_.at(index), &chain::max_parallelism, ".max_parallelism", tasks);
}

chain_index job_graph::add_behind(const std::vector<chain_index>& upstream,
                                  topology joins, chain begun) {
  const chain_index added = add(std::move(begun));
  for (const chain_index from : upstream) {
    if (std::ranges::find(edges_, from, &edge::from) != edges_.end())
      refuse_second_use(chains_.at(from));
    edges_.push_back({from, added, joins});
  }
  return added;
}

void job_graph::check() const {
  if (chains_.empty())
    throw error(failure::usage, "the job has no source; begin with job.source(...)");
  for (chain_index i = 0; i < chains_.size(); ++i) {
    const bool consumed = !chains_[i].ends_in_exchange ||
                          std::ranges::find(edges_, i, &edge::from) != edges_.end();
    if (!chains_[i].make_task || !consumed)
      throw error(failure::usage, "the stream after '" + chains_[i].name +
                                      "' ends nowhere; end it with .sink(...)");
    if (chains_[i].reads_once.empty())
      continue;
    const auto other = std::find_if(
        chains_.begin(), chains_.begin() + static_cast<std::ptrdiff_t>(i),
        [&](const chain& c) { return c.reads_once == chains_[i].reads_once; });
    if (other != chains_.begin() + static_cast<std::ptrdiff_t>(i))
      throw error(failure::usage, "the sources '" + other->name + "' and '" +
                                      chains_[i].name + "' both read " +
                                      chains_[i].reads_once +
                                      ", where each line comes once; read it with one");
  }
}

} // namespace weir
