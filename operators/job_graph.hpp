// A job as data: chains of operators joined by edges, before anybody has decided how many
// tasks run them. Built by job and stream, read by the execution plan.
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
  /// None: the job's.
  std::optional<std::uint32_t> parallelism;
  std::optional<std::uint32_t> max_parallelism;
  bool ends_in_exchange = false;
  /// Its source or its sink may wait for a device, so its tasks get threads of their own.
  bool blocking = false;
  /// What its source reads and cannot read again, "standard input"; empty if it can.
  std::string reads_once;
  std::vector<stateful_operator> operators;
  /// Null while the stream that begins with this chain has no end yet.
  std::function<std::unique_ptr<task>(const task_context&)> make_task;
};

/// Who has a channel to whom: subtasks of the same share, or all to all.
enum class topology { pointwise, all_to_all };

/// Records flow from the end of one chain to the beginning of another.
struct edge {
  chain_index from;
  chain_index to;
  topology joins;
};

class job_graph {
public:
  /// Throws failure::usage for a name that cannot be an identity or is taken.
  void claim_name(const std::string& name);
  chain_index add(chain begun);
  chain& at(chain_index index) { return chains_.at(index); }
  /// Ends a chain; throws failure::usage when it already has an end.
  chain& close(chain_index index);
  /// Throw failure::usage for a number that no chain can have, or for a second one.
  void set_parallelism(chain_index index, std::uint32_t tasks);
  void set_max_parallelism(chain_index index, std::uint32_t tasks);
  /// Adds a chain whose input are those of `upstream`; throws failure::usage when one of
  /// them already leads somewhere.
  chain_index add_behind(const std::vector<chain_index>& upstream, topology joins,
                         chain begun);

  const std::vector<chain>& chains() const noexcept { return chains_; }
  /// In the order in which streams were joined to their consumers.
  const std::vector<edge>& edges() const noexcept { return edges_; }

  /// Throws failure::usage for a graph that cannot run: empty, with a stream that ends
  /// nowhere, or with two sources that would take each other's lines.
  void check() const;

private:
  std::vector<chain> chains_;
  std::vector<edge> edges_;
  std::vector<std::string> names_;
};

} // namespace weir
