#include "operators/job_loops.hpp"

#include "serialization/error.hpp"

#include <algorithm>

namespace weir {

namespace {

/// The chains that are reached from `begin` along edges that do not go back, itself among
/// them.
std::vector<bool> reached_from(const job_graph& graph, chain_index begin,
                               chain_index edge::*near, chain_index edge::*far) {
  std::vector<bool> reached(graph.chains().size(), false);
  std::vector<chain_index> left{begin};
  reached.at(begin) = true;
  while (!left.empty()) {
    const chain_index at = left.back();
    left.pop_back();
    for (const edge& e : graph.edges())
      if (!e.feedback && e.*near == at && !reached[e.*far]) {
        reached[e.*far] = true;
        left.push_back(e.*far);
      }
  }
  return reached;
}

/// The chains between the head of an iteration and its tails.
std::vector<bool> loop_behind(const job_graph& graph, chain_index head) {
  const auto after_head = reached_from(graph, head, &edge::from, &edge::to);
  std::vector<bool> loop(graph.chains().size(), false);
  for (const edge& back : graph.edges()) {
    if (!back.feedback || back.to != head)
      continue;
    const auto before_tail = reached_from(graph, back.from, &edge::to, &edge::from);
    for (chain_index i = 0; i < loop.size(); ++i)
      loop[i] = loop[i] || (after_head[i] && before_tail[i]);
  }
  return loop;
}

/// What is left of the chains once those are gone into which nothing leads: none, or
/// those in and behind cycles.
std::vector<bool> without_beginning(const job_graph& graph) {
  std::vector<bool> left(graph.chains().size(), true);
  for (bool progress = true; progress;) {
    progress = false;
    for (chain_index i = 0; i < left.size(); ++i) {
      const bool entered = std::ranges::any_of(graph.edges(), [&](const edge& e) {
        return !e.feedback && e.to == i && left[e.from];
      });
      if (left[i] && !entered) {
        left[i] = false;
        progress = true;
      }
    }
  }
  return left;
}

/// A cycle of edges that do not go back, in their order, from the chain on that the job
/// has first; empty if there is none.
std::vector<chain_index> some_cycle(const job_graph& graph) {
  const auto left = without_beginning(graph);
  const auto begin = std::ranges::find(left, true);
  if (begin == left.end())
    return {};
  std::vector<chain_index> upstream;
  auto at = static_cast<chain_index>(begin - left.begin());
  while (std::ranges::find(upstream, at) == upstream.end()) {
    upstream.push_back(at);
    at = std::ranges::find_if(graph.edges(), [&](const edge& e) {
           return !e.feedback && e.to == at && left[e.from];
         })->from;
  }
  upstream.erase(upstream.begin(), std::ranges::find(upstream, at));
  std::reverse(upstream.begin(), upstream.end());
  std::rotate(upstream.begin(), std::ranges::min_element(upstream), upstream.end());
  return upstream;
}

void check_cycles(const job_graph& graph) {
  const auto cycle = some_cycle(graph);
  if (cycle.empty())
    return;
  std::string steps;
  for (const chain_index i : cycle)
    steps.append("'").append(graph.chains()[i].name).append("' -> ");
  throw error(failure::usage,
              "the steps " + steps + "'" + graph.chains()[cycle.front()].name +
                  "' are a cycle, whose tasks would wait for each other; let records go "
                  "back with .iterate(name, body)");
}

[[noreturn]] void refuse_stranger(const std::string& iteration, const chain& stranger,
                                  const char* what) {
  throw error(failure::usage, "the body of iteration '" + iteration + "' " + what +
                                  " the stream after '" + stranger.name +
                                  "', which does not come from what the body was given; "
                                  "bring it into the loop with .union_with or .connect");
}

} // namespace

std::vector<std::optional<chain_index>> loops_of(const job_graph& graph) {
  std::vector<std::optional<chain_index>> heads(graph.chains().size());
  for (chain_index head = 0; head < heads.size(); ++head) {
    if (graph.chains()[head].iteration.empty())
      continue;
    const auto loop = loop_behind(graph, head);
    for (chain_index i = 0; i < heads.size(); ++i)
      if (loop[i])
        heads[i] = head;
  }
  return heads;
}

bool follows(const job_graph& graph, chain_index head, chain_index chain) {
  return reached_from(graph, head, &edge::from, &edge::to).at(chain);
}

void check_loops(const job_graph& graph) {
  check_cycles(graph);
  const auto& chains = graph.chains();
  std::vector<std::optional<chain_index>> heads(chains.size());
  for (chain_index head = 0; head < chains.size(); ++head) {
    const std::string& iteration = chains[head].iteration;
    if (iteration.empty())
      continue;
    const auto loop = loop_behind(graph, head);
    if (!loop[head])
      throw error(failure::usage, "nothing goes back to iteration '" + iteration +
                                      "'; its body returns weir::feedback(what goes "
                                      "back, what goes on)");
    for (chain_index i = 0; i < chains.size(); ++i) {
      if (!loop[i])
        continue;
      if (heads[i])
        throw error(failure::usage, "the iterations '" + chains[*heads[i]].iteration +
                                        "' and '" + iteration + "' share '" +
                                        chains[i].name +
                                        "'; put one behind the other instead of inside");
      heads[i] = head;
    }
  }
}

void refuse_foreign_job(const std::string& iteration) {
  throw error(failure::usage, "the body of iteration '" + iteration +
                                  "' returned a stream of another job; return what it "
                                  "makes of the stream that it is given");
}

void check_goes_back(const job_graph& graph, chain_index head,
                     const std::vector<chain_index>& ends) {
  for (const chain_index end : ends)
    if (!follows(graph, head, end))
      refuse_stranger(graph.chains()[head].iteration, graph.chains()[end], "sends back");
}

void check_goes_on(const job_graph& graph, chain_index head,
                   const std::vector<chain_index>& ends) {
  const bool any = std::ranges::any_of(
      ends, [&](chain_index end) { return follows(graph, head, end); });
  if (!any)
    refuse_stranger(graph.chains()[head].iteration, graph.chains()[ends.front()],
                    "lets go on");
}

} // namespace weir
