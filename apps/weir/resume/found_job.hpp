// What `-r JOB` stands for: a job directory, by its path, its name or the beginning of
// that, and how its job was run. Changes nothing on disk.
#pragma once

#include "apps/weir/resume/run_note.hpp"

#include <filesystem>
#include <string>

namespace weir::cli {

struct found_job {
  std::filesystem::path directory; // absolute
  run_note note;

  std::string id() const { return directory.filename(); }
};

/// An id is looked for in `root`. Throws failure::usage for one that may be several jobs,
/// failure::restore_refused if there is none, or nobody knows how it was run.
found_job find_job(const std::string& job, const std::filesystem::path& root);

} // namespace weir::cli
