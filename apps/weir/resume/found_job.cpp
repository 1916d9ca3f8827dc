#include "apps/weir/resume/found_job.hpp"

#include "serialization/error.hpp"
#include "serialization/file_name.hpp"
#include "state/checkpoint_names.hpp"
#include "state/job_places.hpp"
#include "state/locate_checkpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_search(const std::string& job, const std::string& why) {
  throw error(failure::restore_refused, fmt::format("no job '{}': {}", job, why));
}

/// A directory of this name may be anybody's.
bool is_of_a_job(const fs::path& directory) {
  std::error_code unknown;
  return fs::exists(directory / job_note_name, unknown) ||
         !complete_checkpoints(directory, unknown).empty();
}

std::vector<std::string> jobs_in(const fs::path& root) {
  std::vector<std::string> ids;
  std::error_code unreadable;
  for (const fs::path& name : names_in(root, unreadable))
    if (is_file_name(name.string()) && is_of_a_job(root / name))
      ids.push_back(name.string());
  return ids;
}

std::string list_of(const std::vector<std::string>& ids) {
  constexpr std::size_t named_max = 8;
  const auto named = std::span(ids).first(std::min(ids.size(), named_max));
  return fmt::format("{}{}", fmt::join(named, ", "),
                     ids.size() > named_max ? ", ..." : "");
}

fs::path directory_by_id(const std::string& job, const fs::path& root) {
  const std::vector<std::string> ids = jobs_in(root);
  std::vector<std::string> meant;
  for (const std::string& id : ids)
    if (id == job)
      return root / id;
    else if (id.starts_with(job))
      meant.push_back(id);
  if (meant.size() == 1)
    return root / meant.front();
  if (!meant.empty())
    throw error(failure::usage,
                fmt::format("'{}' begins the ids of several jobs in '{}': {}; write more "
                            "of the one",
                            job, root.string(), list_of(meant)));
  refuse_search(
      job, ids.empty()
               ? fmt::format("there are no checkpoints in '{}'; say where with -D "
                             "execution.checkpointing.dir=DIR, or write the path of the "
                             "job's directory",
                             root.string())
               : fmt::format("in '{}' there are {}", root.string(), list_of(ids)));
}

fs::path directory_by_path(const std::string& job) {
  const fs::path directory = plain_path(job);
  if (is_of_a_job(directory))
    return directory;
  const bool checkpoint = is_complete(directory) || directory.filename() == metadata_name;
  refuse_search(job, checkpoint ? "this is a checkpoint; write the directory of its "
                                  "job, or restore from it with -s"
                                : "there is no checkpoint in it; check the path");
}

} // namespace

found_job find_job(const std::string& job, const fs::path& root) {
  const bool is_path = job.find('/') != job.npos;
  fs::path directory =
      is_path ? directory_by_path(job) : directory_by_id(job, plain_path(root));
  run_note note = note_in(directory);
  return {std::move(directory), std::move(note)};
}

} // namespace weir::cli
