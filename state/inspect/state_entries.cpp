#include "state/inspect/state_entries.hpp"

#include "serialization/error.hpp"
#include "state/backend_settings.hpp"
#include "state/inspect/task_entries.hpp"
#include "state/rocksdb/saved_databases.hpp"
#include "state/row_key.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

std::unique_ptr<saved_rows> open_rows(const checkpoint_metadata& metadata,
                                      const saved_rows_place& place) {
  const auto backend = backend_of_name(metadata.state_backend);
  if (!backend)
    throw error(failure::restore_refused,
                fmt::format("cannot read the rows of a checkpoint with state backend "
                            "'{}': this weir does not know it; use the weir that wrote "
                            "it ({})",
                            metadata.state_backend, metadata.weir_version));
  return metadata.savepoint || metadata.row_files || *backend != backend_kind::rocksdb
             ? open_row_file(place)
             : open_saved_databases(place);
}

/// The rows of one subtask after the other; their groups ascend.
class entries_by_key final : public state_entries {
public:
  entries_by_key(const state_in_checkpoint& state, std::span<const std::byte> from)
      : checkpoint_(*state.checkpoint), op_(*state.op), from_(from.begin(), from.end()),
        wanted_(state_in_row(*state.op, state.number)) {
    settle();
  }

  bool valid() const override { return rows_ != nullptr; }
  std::span<const std::byte> place() const override { return rows_->key(); }
  std::span<const std::byte> key() const override {
    return rows_->key().subspan(sizeof(key_group));
  }
  std::span<const std::byte> value() const override { return value_; }
  std::uint32_t subtask() const override { return op_.subtasks[at_ - 1].index; }
  void next() override {
    rows_->next();
    settle();
  }

private:
  /// At the next row that has the state, wherever that is.
  void settle() {
    for (;; rows_->next()) {
      while (!rows_ || !rows_->valid())
        if (!open_next())
          return;
      if (rows_->key().size() < sizeof(key_group))
        byte_reader::malformed("a key has no key group");
      if (const auto found = wanted_.find(rows_->value())) {
        value_ = *found;
        return;
      }
    }
  }

  bool open_next() {
    rows_.reset();
    while (at_ < op_.subtasks.size()) {
      const subtask_metadata& subtask = op_.subtasks[at_++];
      key_group_range groups = groups_of(subtask);
      if (!from_.empty()) {
        const key_group only = group_of_row(from_);
        if (!groups.has(only))
          continue;
        groups = {only, only};
      }
      if (!subtask.keyed)
        continue;
      rows_ = open_rows(
          checkpoint_.metadata,
          {checkpoint_.data, checkpoint_.shared, {*subtask.keyed, groups}, from_});
      return true;
    }
    return false;
  }

  /// Others in its files do not count.
  key_group_range groups_of(const subtask_metadata& subtask) const {
    if (op_.max_parallelism == 0 || op_.max_parallelism > max_parallelism_limit ||
        op_.parallelism == 0 || op_.parallelism > op_.max_parallelism ||
        subtask.index >= op_.parallelism)
      throw error(failure::restore_refused,
                  fmt::format("cannot read the rows of operator '{}': its metadata says "
                              "task {} of {}, max parallelism {}; the checkpoint is "
                              "damaged",
                              op_.name, subtask.index, op_.parallelism,
                              op_.max_parallelism));
    return key_groups_of(subtask.index, op_.parallelism, op_.max_parallelism);
  }

  const located_checkpoint& checkpoint_;
  const operator_metadata& op_;
  std::vector<std::byte> from_;
  state_in_row wanted_;
  std::size_t at_ = 0; // of the subtask that is opened next
  std::unique_ptr<saved_rows> rows_;
  std::span<const std::byte> value_;
};

} // namespace

std::vector<state_in_checkpoint> states_of(const located_checkpoint& checkpoint,
                                           const operator_metadata& op) {
  std::vector<state_in_checkpoint> states;
  for (state_type& type : keyed_types_of(op))
    states.push_back({&checkpoint, &op, states.size(), std::move(type)});
  std::ranges::sort(states, {}, [](const auto& state) { return state.type.name; });
  const std::size_t keyed = states.size();
  for (saved_task_value& saved : task_values_of(checkpoint, op)) {
    const bool known =
        std::any_of(states.begin() + static_cast<std::ptrdiff_t>(keyed), states.end(),
                    [&](const auto& each) { return each.type.name == saved.type.name; });
    if (!known)
      states.push_back({&checkpoint, &op, 0, std::move(saved.type)});
  }
  std::sort(states.begin() + static_cast<std::ptrdiff_t>(keyed), states.end(),
            [](const auto& a, const auto& b) { return a.type.name < b.type.name; });
  return states;
}

std::unique_ptr<state_entries> open_entries(const state_in_checkpoint& state) {
  if (state.type.of != state_type::shape::keyed)
    return open_task_entries(state);
  return std::make_unique<entries_by_key>(state, std::span<const std::byte>());
}

std::unique_ptr<state_entries> open_entries_from(const state_in_checkpoint& state,
                                                 std::span<const std::byte> place) {
  return std::make_unique<entries_by_key>(state, place);
}

} // namespace weir
