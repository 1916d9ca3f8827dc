// The checkpoints and savepoints that a chain of killed jobs leaves, each job resumed
// from the one before: which one comes next, and whether every complete one is sound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace weir::testing {

class lineage {
public:
  /// Where the directories of jobs are, and where savepoints are.
  lineage(std::filesystem::path root, std::filesystem::path savepoints)
      : root_(std::move(root)), savepoints_(std::move(savepoints)) {}

  /// Where the next job resumes; none: it has to begin afresh.
  const std::optional<std::filesystem::path>& from() const noexcept { return from_; }
  /// `from` in the words of the log, `chk-N` or the name of a savepoint.
  std::string from_name() const { return from_ ? from_->filename().string() : "nothing"; }

  /// A job has gone. Verifies what it left and moves on to the newest that is complete,
  /// or the one before that with `older`, if there is one. Returns whether that goes back
  /// behind another one: that, or `told` of, which a job removes itself when it has come
  /// to its end. Throws weir::error when a checkpoint that has a _metadata is unsound.
  bool killed(bool older, std::uint64_t told);
  /// The number of the newest checkpoint that is complete; 0: there is none.
  std::uint64_t newest() const;
  /// The last job left a checkpoint that was not complete.
  bool unfinished_seen() const noexcept { return unfinished_seen_; }

  /// Reads every file of a checkpoint; the job may be running.
  static void verify(const std::filesystem::path& checkpoint);

private:
  using by_id = std::map<std::uint64_t, std::filesystem::path>;

  void find_in(const std::filesystem::path& directory, by_id& complete);
  void remove_others() const;

  std::filesystem::path root_;
  std::filesystem::path savepoints_;
  std::set<std::filesystem::path> known_; // job directories of earlier lives
  std::optional<std::filesystem::path> from_;
  bool unfinished_seen_ = false;
};

} // namespace weir::testing
