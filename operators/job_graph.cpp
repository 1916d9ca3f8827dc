#include "operators/job_graph.hpp"

#include "operators/job_loops.hpp"
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
                                  "' is used twice; end it with .share() and use what "
                                  "that gives as often as you like");
}

[[noreturn]] void refuse_second_reader(const chain& used, std::uint32_t output) {
  throw error(failure::usage, "the side output '" + used.side_outputs.at(output - 1) +
                                  "' of '" + used.name +
                                  "' is read twice; read it once and .share() that");
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

void job_graph::join(const std::vector<outlet>& upstream, topology joins, chain_index to,
                     std::uint32_t input) {
  // Which of its few neighbours a task has talked to says nothing at another parallelism.
  const bool divisible = joins == topology::all_to_all;
  for (const outlet& each : upstream)
    lead({each.from, each.output, to, input, joins, each.timed,
          divisible ? each.wire : nullptr});
}

void job_graph::feed_back(const std::vector<outlet>& tails, chain_index head) {
  // All to all: every task at the head hears from every one at a tail, see loop_probes.
  for (const outlet& each : tails)
    lead({each.from, each.output, head, 0, topology::all_to_all, each.timed, nullptr,
          true});
}

void job_graph::lead(const edge& along) {
  const chain& sender = chains_.at(along.from);
  if (leads_somewhere(along.from, along.output)) {
    if (along.output != main_output)
      refuse_second_reader(sender, along.output);
    if (!sender.shared)
      refuse_second_use(sender);
  }
  edges_.push_back(along);
}

chain_index job_graph::add_behind(const std::vector<outlet>& upstream, topology joins,
                                  chain begun) {
  const chain_index added = add(std::move(begun));
  join(upstream, joins, added);
  return added;
}

std::uint32_t job_graph::add_side_output(chain_index of, const std::string& name) {
  auto& sides = chains_.at(of).side_outputs;
  if (std::ranges::find(sides, name) != sides.end())
    throw error(failure::usage, "the chain of '" + chains_[of].name +
                                    "' has two side outputs '" + name +
                                    "'; give each a name of its own");
  sides.push_back(name);
  return static_cast<std::uint32_t>(sides.size());
}

bool job_graph::leads_somewhere(chain_index from, std::uint32_t output) const {
  return std::ranges::any_of(
      edges_, [&](const edge& e) { return e.from == from && e.output == output; });
}

bool job_graph::commits_output() const {
  return std::ranges::any_of(chains_, [](const chain& each) {
    return std::ranges::any_of(
        each.operators, [](const stateful_operator& op) { return op.commit != nullptr; });
  });
}

void job_graph::check() const {
  if (chains_.empty())
    throw error(failure::usage, "the job has no source; begin with job.source(...)");
  for (chain_index i = 0; i < chains_.size(); ++i) {
    const bool consumed = !chains_[i].ends_in_exchange || leads_somewhere(i, main_output);
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
  check_loops(*this);
}

} // namespace weir
