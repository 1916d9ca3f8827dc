// A job graph laid out as tasks and channels: a pure function of the graph and of what
// the job's options say about parallelism. Everybody who has to know who talks to whom,
// and whom a checkpoint waits for, reads it here; nobody registers.
#pragma once

#include "operators/job_graph.hpp"
#include "serialization/checkpoint_metadata.hpp"
#include "serialization/strong_id.hpp"

#include <vector>

namespace weir {

/// The other end of a channel: a task, and the channel's index there.
struct channel_end {
  task_id task;
  std::uint32_t channel = 0;

  friend bool operator==(const channel_end&, const channel_end&) = default;
};

struct planned_input {
  channel_end from;
  std::uint32_t input = 0; // of the chain
  bool timed = false;      // its records have times, and watermarks come between them
  bool feedback = false;   // from a tail of the loop of which the task is a head
  bool aligns = false;     // barriers overtake nothing on this channel

  friend bool operator==(const planned_input&, const planned_input&) = default;
};

struct planned_task {
  task_id id;
  chain_index chain = 0;
  std::uint32_t subtask = 0;
  std::vector<planned_input> inputs = {}; // by input channel; feedback stands last
  std::vector<channel_end> outputs = {};  // by output channel: where it goes to
  std::vector<way_out> ways = {};         // the same by output and consumer
  std::vector<out_channel> onward = {};   // those to tasks of the same loop
  std::vector<out_channel> back = {};     // of these, those that lead to its head

  bool is_source() const noexcept { return inputs.empty(); }
  /// Of a loop: once its input has ended, no channel brings it barriers any more.
  bool is_head() const noexcept { return !inputs.empty() && inputs.back().feedback; }
};

struct planned_chain {
  std::uint32_t parallelism = 1;
  std::uint32_t max_parallelism = 128;
};

struct execution_plan {
  std::vector<planned_chain> chains; // by chain_index
  std::vector<planned_task> tasks;   // tasks[i].id == i; a chain's lie together

  const planned_task& task(task_id id) const { return tasks.at(id.value); }
  const planned_chain& chain_of(const planned_task& task) const {
    return chains.at(task.chain);
  }
};

/// `parallelism` is that of chains that have none of their own. So is `max_parallelism`;
/// 0 derives it: it is what the operators of a chain had in the checkpoint that is
/// `restored`, if there is one, or comes of the chain's parallelism. Throws
/// failure::usage for a chain with more tasks than it may have. Requires: a graph that
/// passed its check.
execution_plan plan_execution(const job_graph& graph, std::uint32_t parallelism,
                              std::uint32_t max_parallelism,
                              const checkpoint_metadata* restored = nullptr);

} // namespace weir
