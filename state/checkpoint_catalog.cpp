#include "state/checkpoint_catalog.hpp"

#include "serialization/capnp/metadata_format.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_names.hpp"
#include "state/job_lock.hpp"
#include "state/job_places.hpp"
#include "state/locate_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

listed_checkpoint listed(const fs::path& directory, checkpoint_id id) {
  listed_checkpoint found{id, directory, is_complete(directory), {}, {}};
  if (!found.complete)
    return found;
  if (const auto bytes = try_read_file(directory / metadata_name))
    found.metadata = try_decode_metadata(*bytes, found.problem);
  else
    found.problem = "cannot be read";
  return found;
}

listed_job listed(const fs::path& job) {
  listed_job found{job, is_in_use(job), {}};
  if (owner_of(job))
    return found; // files of checkpoints that are listed elsewhere
  std::error_code unreadable;
  for (const fs::path& name : names_in(job, unreadable)) {
    const auto id = checkpoint_of_name(name.string());
    if ((!id && !is_savepoint_name(name.string())) ||
        !fs::is_directory(job / name, unreadable))
      continue;
    listed_checkpoint& each =
        found.checkpoints.emplace_back(listed(job / name, id.value_or(checkpoint_id{})));
    if (!id && each.metadata)
      each.id = each.metadata->id; // which the name of a savepoint does not say
  }
  std::ranges::sort(found.checkpoints, {}, &listed_checkpoint::id);
  return found;
}

} // namespace

checkpoint_size size_of(const checkpoint_metadata& metadata) {
  checkpoint_size size;
  std::set<std::string> counted;
  for_each_file(metadata, [&](bool shared, const file_handle& file) {
    if (shared && !counted.insert(file.name).second)
      return;
    ++size.files;
    size.bytes += file.size;
    size.shared_files += shared ? 1 : 0;
    size.shared_bytes += shared ? file.size : 0;
  });
  return size;
}

std::vector<listed_job> list_checkpoints(const fs::path& path) {
  const fs::path root = plain_path(path);
  std::vector<listed_job> jobs;
  const auto add = [&](const fs::path& directory) {
    if (listed_job job = listed(directory); !job.checkpoints.empty())
      jobs.push_back(std::move(job));
  };
  add(root);
  std::error_code unreadable;
  if (jobs.empty())
    for (const fs::path& name : names_in(root, unreadable))
      add(root / name);
  if (const auto owner = owner_of(root); owner && jobs.empty())
    throw error(failure::restore_refused,
                fmt::format("'{}' has files of checkpoints; name '{}', where their "
                            "_metadata is",
                            root.string(), owner->string()));
  if (jobs.empty())
    throw error(failure::restore_refused,
                fmt::format("there is no checkpoint in '{}'{}; name the directory of a "
                            "job, or one that holds those of several",
                            root.string(),
                            unreadable ? ": " + unreadable.message() : ""));
  return jobs;
}

} // namespace weir
