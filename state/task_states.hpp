// What a function keeps for its task, whatever the keys of its records: lists of which
// each task has some elements, lists of which every task gets all, maps of which every
// task has a copy. They are plain containers in memory, written down whole by every
// checkpoint; what sets them apart is how they are divided among any number of tasks
// when a job is restored.
//
// Lifecycle: 1. states are added  2. restored, once, or not  3. read, written and saved.
// One task's thread; no locks.
#pragma once

#include "serialization/byte_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir {

/// How a state is divided when the tasks are others.
enum class sharing : std::uint8_t {
  divided, // each element goes to one task
  united,  // every task gets the elements of all, at every restore
  copied,  // every task has the same, and gets a copy
};

struct task_state_description {
  std::string name;
  std::string kind; // "list", "union_list", "broadcast"
  std::string type; // of the container

  friend bool operator==(const task_state_description&,
                         const task_state_description&) = default;
};

/// What is there to be restored from; `all` is by subtask.
struct task_share {
  const std::vector<std::byte>* own = nullptr;
  std::span<const std::optional<std::vector<std::byte>>> all = {};
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
};

/// A state's container, whose type only its handle knows.
class kept_for_task {
public:
  virtual ~kept_for_task() = default;

  virtual std::size_t encoded_size() const = 0;
  virtual void encode(std::byte* out) const = 0;
  /// Adds what some task had to what is there.
  virtual void take(byte_reader& saved) = 0;
  virtual void clear() = 0;
  /// Of what is there, keeps the share of one task.
  virtual void divide(std::uint32_t subtask, std::uint32_t parallelism) = 0;
};

class task_states {
public:
  task_states() = default;
  /// A copy is for another task: its states are still to be added.
  task_states(const task_states&) {}
  task_states(task_states&&) = default;
  task_states& operator=(task_states&&) = default;
  ~task_states() = default;

  /// Throws failure::usage when the name is no name or taken.
  void add(task_state_description description, sharing how,
           std::unique_ptr<kept_for_task> container);
  bool empty() const noexcept { return states_.empty(); }
  std::vector<task_state_description> descriptions() const;
  /// Whether one of them wants to be restored from all tasks always.
  bool reads_all() const noexcept;

  /// Their task has come to its end: lists, of which others would get the elements, are
  /// empty from now on.
  void forget_lists();

  /// As a checkpoint has it. Frozen: a list of (name, kind, type, bytes).
  std::vector<std::byte> save() const;
  /// Throws failure::restore_refused when something was saved that is not here or is of
  /// another type.
  void restore(const std::string& operator_name, const task_share& from);

private:
  struct state {
    task_state_description description;
    sharing how;
    std::unique_ptr<kept_for_task> container;
  };

  void take(const std::string& operator_name, const std::vector<std::byte>& saved,
            const std::function<bool(sharing)>& wanted);

  std::vector<state> states_;
};

} // namespace weir
