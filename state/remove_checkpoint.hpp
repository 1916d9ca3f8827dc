// Removing a checkpoint whose job does not run, with the shared files that no other one
// needs: for a run that has claimed it, and for the command line. A running job prunes
// its own (checkpoint_directory).
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/job_lock.hpp"
#include "state/job_places.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace weir {

std::set<std::string> shared_names(const checkpoint_metadata& metadata);

/// A checkpoint ceases to exist with its _metadata: that is durable before files go,
/// those in `data` and in the same directory. False if it still exists.
bool unmake_checkpoint(const std::filesystem::path& directory,
                       const std::filesystem::path& data);

/// Why `checkpoint`, a chk-N or a savepoint, cannot be claimed; nothing if it can, unless
/// somebody else does first. Changes nothing on disk. `moved_to`: where its data root
/// lies now, if it has moved.
std::optional<std::string> claim_problem(const std::filesystem::path& checkpoint,
                                         const std::filesystem::path& moved_to = {});

struct removal {
  bool removed = false;
  std::uint64_t bytes = 0; // of all its files that are gone
  /// Nothing of shared/ was removed: what another checkpoint there refers to cannot be
  /// read.
  bool shared_kept = false;
};

/// Nobody else removes it, and no job begins in its directory, while this lives.
class claimed_checkpoint {
public:
  /// `path` is a chk-N or a savepoint, complete or not. Locks its job directory, or the
  /// savepoint itself, and where its files lie if that is elsewhere; throws
  /// failure::restore_refused if a job runs there, or it is no such thing.
  explicit claimed_checkpoint(const std::filesystem::path& path,
                              const std::filesystem::path& moved_to = {});

  const std::filesystem::path& directory() const noexcept { return directory_; }
  /// Takes the job directory away, too, when nothing is left in it.
  removal remove();

private:
  std::filesystem::path directory_;
  bool savepoint_;
  job_lock lock_;
  job_places places_;
  std::optional<job_lock> data_lock_; // none: its files do not lie apart
};

} // namespace weir
