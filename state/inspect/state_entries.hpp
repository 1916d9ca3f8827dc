// What one state of an operator has in a checkpoint, one entry after the other, in an
// order that says the same of any two checkpoints: by key group and key, and what belongs
// to tasks by task. A key's bytes are never all in memory but for what belongs to tasks,
// which is small.
#pragma once

#include "state/inspect/state_type.hpp"
#include "state/locate_checkpoint.hpp"

#include <memory>

namespace weir {

class state_entries {
public:
  virtual ~state_entries() = default;

  /// False behind the last entry; the others are for entries that are there.
  virtual bool valid() const = 0;
  /// By which entries are sorted, as memcmp compares.
  virtual std::span<const std::byte> place() const = 0;
  /// As the type's key_encoding has it; nothing for lists and whole states of a task.
  virtual std::span<const std::byte> key() const = 0;
  virtual std::span<const std::byte> value() const = 0;
  virtual std::uint32_t subtask() const = 0;
  virtual void next() = 0;
};

/// A state of an operator in a checkpoint, which outlives it.
struct state_in_checkpoint {
  const located_checkpoint* checkpoint;
  const operator_metadata* op;
  std::size_t number; // of keyed_types_of; not for states of tasks
  state_type type;
};

/// All of them, by name; states of keys come before those of tasks. Reads what the tasks
/// have saved.
std::vector<state_in_checkpoint> states_of(const located_checkpoint& checkpoint,
                                           const operator_metadata& op);

/// Throws failure::restore_refused where the checkpoint is damaged.
std::unique_ptr<state_entries> open_entries(const state_in_checkpoint& state);

/// From a key on, which is of this group; other groups are left out. Requires: a state of
/// keys.
std::unique_ptr<state_entries> open_entries_from(const state_in_checkpoint& state,
                                                 std::span<const std::byte> place);

} // namespace weir
