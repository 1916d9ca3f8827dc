// The directory of one job's checkpoints: the only code that forms its paths.
//
//   <job directory>/chk-42/_metadata            exists if and only if checkpoint 42 does
//                         /<operator>-<i>.keyed, <operator>-<i>.operator
//                  /shared/<content name>.sst
//                  /work/...                    databases of the running attempt, locked
//                  /_job                        how it was run, for whoever runs it again
//   <data root>/<job id>/...                    all but _metadata, where it is to lie
//   apart <savepoint root>/savepoint-<job>-<random>/_metadata and files, not ours to
//   remove
//
// Lifecycle of a checkpoint: 1. begin (chk-N exists, without _metadata)  2. files are
// written into it by backends and write_file  3. commit (temporary name, fsync, rename,
// fsync directory)  or abandon (removed)  4. prune.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/job_lock.hpp"
#include "state/job_places.hpp"
#include "state/locate_checkpoint.hpp"
#include "state/remove_checkpoint.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace weir {

class checkpoint_directory {
public:
  /// Creates `<root>/<job_id>/{shared,work}` and locks work; throws failure::usage with
  /// one clear line when that is not possible (not writable, not a directory, ...).
  /// Removes the work directories that dead jobs left beside it. With a `data_root` all
  /// files but `_metadata` lie in `<data_root>/<job_id>`, which is locked, too; throws
  /// failure::restore_refused if they would get among those of others.
  checkpoint_directory(const std::filesystem::path& root, const std::string& job_id,
                       const std::filesystem::path& data_root = {});
  ~checkpoint_directory();
  checkpoint_directory(const checkpoint_directory&) = delete;
  checkpoint_directory& operator=(const checkpoint_directory&) = delete;

  const std::filesystem::path& path() const noexcept { return places_.metadata; }
  /// Beside the checkpoints, for as long as there are any, or the job runs.
  void leave_note(std::string_view note) const { note_job(path(), note); }
  /// Empty: nothing lies apart.
  std::filesystem::path data_root() const;
  /// Where its `_metadata` is, and where its other files are.
  std::filesystem::path checkpoint_path(checkpoint_id id) const;
  std::filesystem::path data_path(checkpoint_id id) const;
  bool is_savepoint(checkpoint_id id) const { return savepoints_.contains(id); }
  std::filesystem::path shared_path() const;
  /// A fresh, empty directory for one backend of one attempt.
  std::filesystem::path create_work_directory(attempt_id attempt,
                                              const std::string& name);
  void remove_work_directories(attempt_id attempt);

  void begin(checkpoint_id id);
  /// The same for a savepoint, in a new directory below `root`; throws failure::usage if
  /// there can be none.
  void begin_savepoint(checkpoint_id id, const std::filesystem::path& root);
  /// Writes and fsyncs one file of checkpoint `id`.
  file_handle write_file(checkpoint_id id, const std::string& name,
                         std::span<const std::byte> bytes);
  /// The checkpoint exists when this returns, and says where its files lie.
  void commit(checkpoint_metadata metadata);
  void abandon(checkpoint_id id);
  /// The same of one that was committed.
  void take_back(checkpoint_id id);

  /// From now on a checkpoint of another job is this one's: it is removed once as many of
  /// its own as are retained are complete, and no job runs there until then. `moved_to`:
  /// where its data root lies now, if it has moved.
  void claim(const std::filesystem::path& checkpoint,
             const std::filesystem::path& moved_to = {});

  /// Complete checkpoints, ascending by id, from a listing; throws failure::job_failed
  /// where it cannot be told.
  std::vector<checkpoint_id> list() const;
  /// The same, for whoever can go on without it.
  std::optional<std::vector<checkpoint_id>> try_list() const;
  /// Keeps the newest `retained` complete checkpoints; removes the others and the shared
  /// files that neither a kept checkpoint nor `in_use` (names that an unfinished
  /// checkpoint refers to) names. A file that cannot be removed is left for the next
  /// time: cleanup cannot fail a job.
  void prune(std::size_t retained, const std::set<std::string>& in_use);
  /// The same at the end of a job, with the checkpoints to keep by their ids.
  void keep_only(const std::set<checkpoint_id>& kept) { remove_others(kept, {}); }

private:
  void remove_others(const std::set<checkpoint_id>& kept,
                     const std::set<std::string>& in_use);
  void remove_incomplete();

  occupied_directory metadata_place_;
  job_places places_;
  std::optional<occupied_directory> data_place_; // none: nothing lies apart
  std::set<checkpoint_id> unfinished_;           // begun, neither committed nor abandoned
  std::map<checkpoint_id, std::filesystem::path> savepoints_; // begun by this run
  std::unique_ptr<claimed_checkpoint> claimed_; // of another job, null: none
};

/// Throws failure::usage for what cannot be the name of a directory.
void check_job_id(const std::string& id);

/// Why a job that begins with `from` (null: with nothing) may not have the directory
/// `<root>/<job_id>`, and that below the data root if there is one; nothing if it may.
/// Changes nothing on disk.
std::optional<std::string> taken_by_others(const std::filesystem::path& root,
                                           const std::string& job_id,
                                           const located_checkpoint* from, bool claimed,
                                           const std::filesystem::path& data_root = {});

} // namespace weir
