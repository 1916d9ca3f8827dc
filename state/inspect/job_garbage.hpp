// What lies in a job directory, and where its files lie if that is elsewhere, that no
// checkpoint of it refers to: what killed jobs, interrupted commands and prunes have
// left. Found from listings, never from memory; no path is made of what stands in a
// file. Symbolic links, savepoints and files that weir does not name are left alone.
#pragma once

#include "state/job_lock.hpp"
#include "state/job_places.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class garbage_kind : std::uint8_t {
  incomplete_checkpoint, // a chk-N without _metadata, or only its files, which lie apart
  unreferenced_file,     // in a complete chk-N
  shared_file,
  work, // databases of a dead attempt
};

/// "incomplete_checkpoint"; programs read it.
std::string_view name_of(garbage_kind kind);

struct garbage {
  garbage_kind kind;
  std::filesystem::path path; // a file, or a directory with all that is in it
  std::uint64_t bytes = 0;    // of its files
};

struct job_garbage {
  std::vector<garbage> found; // by path
  std::uint64_t bytes = 0;    // that would be free without them
  /// Shared files were not looked at, because this metadata cannot be read.
  std::optional<std::filesystem::path> unreadable;
};

/// A job directory without a job, while this lives if it is `locked`.
class swept_job {
public:
  /// `moved_to` is where its data root lies now, if it has moved. Throws
  /// failure::restore_refused if it is no job directory, a job runs there, or where its
  /// files are cannot be said.
  swept_job(const std::filesystem::path& path, const std::filesystem::path& moved_to,
            bool locked);

  job_garbage find() const;
  const job_places& places() const noexcept { return places_; }

private:
  job_places places_;
  std::optional<job_lock> lock_;
  std::optional<job_lock> data_lock_;
};

/// False if something of it is still there.
bool remove_garbage(const garbage& each);

} // namespace weir
