// What operators have saved for their tasks in a checkpoint (task_states.hpp, and the
// struct task_state of a process function): small, read whole.
#pragma once

#include "state/inspect/state_entries.hpp"

namespace weir {

/// A state of one task, as its file has it.
struct saved_task_value {
  state_type type;
  std::uint32_t subtask = 0;
  std::vector<std::byte> bytes;
};

/// Of all tasks of the operator. What other operators save, such as the position of a
/// source, is none of these and is left out.
std::vector<saved_task_value> task_values_of(const located_checkpoint& checkpoint,
                                             const operator_metadata& op);

/// Of the state of that name.
std::unique_ptr<state_entries> open_task_entries(const state_in_checkpoint& state);

} // namespace weir
