// A job as data: chains of operators joined by keyed edges, before anybody has decided
// how many tasks run them. Built by job and stream, read by the execution plan.
#pragma once

#include "operators/task.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

using chain_index = std::size_t;

/// An operator that saves state; its name is its identity across checkpoints.
struct stateful_operator {
  std::string name;
  std::vector<state_description> keyed_states; // empty: operator state only
};

struct chain {
  std::string name; // of its first operator; the user sees it in messages
  std::optional<chain_index> upstream; // none: the chain begins with a source
  bool ends_in_exchange = false;
  /// Its sink may wait for a device or a pipe, so its tasks get threads of their own.
  bool blocking = false;
  std::vector<stateful_operator> operators;
  /// Null while the stream that begins with this chain has no end yet.
  std::function<std::unique_ptr<task>(const task_context&)> make_task;
};

class job_graph {
public:
  /// Throws failure::usage for a name that cannot be an identity or is taken.
  void claim_name(const std::string& name);
  chain_index add(chain begun);
  /// Ends a chain; throws failure::usage when it already has an end.
  chain& close(chain_index index);
  const std::vector<chain>& chains() const noexcept { return chains_; }

  /// Throws failure::usage for a graph that cannot run: empty, or with a stream that ends
  /// nowhere.
  void check() const;

private:
  std::vector<chain> chains_;
  std::vector<std::string> names_;
};

} // namespace weir
