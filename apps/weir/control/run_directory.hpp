// The directory with a socket for every running job of a user: how commands find a job,
// without a daemon. Nobody else may look into it.
//
// A socket: 1. bound under a name that begins with a dot, and listening  2. renamed to
// `<job id>.sock`, so that whoever finds it can connect  3. removed by its job, or, when
// that died, by the next one who finds that nobody listens.
#pragma once

#include "state/storage/local_files.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

class run_directory {
public:
  /// $WEIR_RUN_DIR, or $XDG_RUNTIME_DIR/weir, or /tmp/weir-<user id>; made if need be.
  /// Throws failure::usage if it cannot be, or is not the user's alone.
  run_directory();

  const std::filesystem::path& path() const noexcept { return path_; }

  /// A socket on which the job listens. Throws failure::usage if there can be none, or
  /// another job of that id has one.
  file_descriptor listen(const std::string& job_id) const;
  void remove(const std::string& job_id) const;

  /// None if no such job runs.
  std::optional<file_descriptor> connect(const std::string& job_id) const;
  /// Of all jobs that run, sorted.
  std::vector<std::string> running() const;
  /// The one job that `text` is the id of, or the beginning of it; throws
  /// failure::restore_refused if there is none, failure::usage if there are several.
  std::string job_of(const std::string& text) const;

private:
  std::string address_of(const std::string& name) const;

  std::filesystem::path path_;
  file_descriptor opened_;
};

} // namespace weir::cli
