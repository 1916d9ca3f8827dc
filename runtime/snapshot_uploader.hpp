// What happens to state off the task: runs are ingested, snapshots become files, complete
// checkpoints are committed and old ones pruned. Blocking by nature; the uploader actor
// calls it from a thread of its own, one call at a time, so every database sees its runs
// in the order of their epochs. One instance per attempt.
#pragma once

#include "runtime/restore_plan.hpp"
#include "runtime/task_port.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/open_backend.hpp"

#include <map>
#include <set>

namespace weir {

class snapshot_uploader {
public:
  /// `directory` may be null for a job without checkpoints that restores nothing, until
  /// it takes a savepoint.
  snapshot_uploader(const job_graph& graph, const execution_plan& plan,
                    const backend_settings& settings, attempt_id attempt,
                    checkpoint_directory* directory);
  ~snapshot_uploader();

  /// Opens what the tasks get back; returns what their operators start from, by task id.
  std::vector<task_start> restore(const located_checkpoint& checkpoint);
  /// What was on its way to the tasks, by task id.
  std::vector<std::vector<batch_in_flight>>
  restore_in_flight(const located_checkpoint& checkpoint) const;
  bool has_rows(task_id task) const { return cursors_.contains(task); }
  /// The next rows of a restored task, into `rows`; none are left when it stays empty.
  void read_rows(task_id task, encoded_rows& rows);
  /// It wants no more of them.
  void stop_reading(task_id task) { cursors_.erase(task); }
  /// Finds the rows of a task by key; null if there are none, or it keeps all in memory.
  std::shared_ptr<row_reader> reader(task_id task);

  std::filesystem::path directory_of(checkpoint_id id) const {
    return directory_->checkpoint_path(id);
  }
  bool has_directory() const noexcept { return directory_ != nullptr; }
  void use(checkpoint_directory& directory) { directory_ = &directory; }
  /// Checkpoint `id` will be a savepoint below `root`; nothing is left of it unless it is
  /// committed.
  void begin_savepoint(checkpoint_id id, const std::filesystem::path& root);

  /// Checkpoint `id` will have all rows in files of its own.
  void make_full(checkpoint_id id) { full_.insert(id); }

  /// What has to be done whatever becomes of the checkpoint: the run gets into the
  /// database, and what operators have written elsewhere onto the disk.
  void take_in(const upload_request& request);
  /// After that. None if the checkpoint was abandoned, or waits for what follows.
  std::optional<task_handle> upload(upload_request request);
  /// None if the checkpoint was abandoned, or waits for the state of the task.
  std::optional<task_handle> upload(const data_in_flight& overtaken);
  /// The checkpoint exists when this returns.
  void commit(const checkpoint_metadata& metadata);
  /// After that: sinks commit what they had prepared for it, and older ones are pruned
  /// down to `retained`.
  void settle(const checkpoint_metadata& metadata, std::size_t retained);
  /// Commits what sinks had prepared for a checkpoint that exists, perhaps again. `data`
  /// has its files.
  void commit_outputs(const std::filesystem::path& data,
                      const checkpoint_metadata& metadata) const;
  void abandon(checkpoint_id id);
  /// A savepoint that exists and was announced to nobody goes; a checkpoint stays.
  void take_back_savepoint(checkpoint_id id);

private:
  std::unique_ptr<backend> restore_rows(const located_checkpoint& checkpoint,
                                        const restored_task& restored);
  keyed_handle save_keyed(checkpoint_id id, task_id task);
  bool stands_in_metadata(std::uint64_t bytes) const noexcept {
    return settings_.inline_max > 0 && bytes <= settings_.inline_max;
  }
  void begin(checkpoint_id id);
  backend& backend_of(task_id task);
  const stateful_operator* keyed_operator_of(task_id task) const;
  bool rows_expire(task_id task) const;
  std::string keyed_label(task_id task) const;
  file_handle save(checkpoint_id id, const std::string& name,
                   std::vector<std::byte> bytes);

  const job_graph& graph_;
  const execution_plan& plan_;
  backend_settings settings_;
  attempt_id attempt_;
  checkpoint_directory* directory_;
  std::map<task_id, std::unique_ptr<backend>> backends_;
  std::map<task_id, std::unique_ptr<row_cursor>> cursors_;
  /// Shared files of checkpoints that are begun and neither committed nor abandoned.
  std::map<checkpoint_id, std::set<std::string>> unfinished_;
  std::set<checkpoint_id> abandoned_;
  std::set<checkpoint_id> full_;

  /// Of two parts of a task's handle, the one that came first.
  using part_of = std::pair<checkpoint_id, task_id>;
  std::map<part_of, task_handle> without_in_flight_;
  std::map<part_of, std::optional<in_flight_metadata>> without_state_;
};

} // namespace weir
