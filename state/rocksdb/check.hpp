// rocksdb::Status ends here: as weir::error that says what was being done to which path.
#pragma once

#include "serialization/error.hpp"

#include <rocksdb/status.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace weir {

/// `doing` completes "cannot ...": "open the database in".
inline void check(const rocksdb::Status& status, std::string_view doing,
                  const std::filesystem::path& path, failure kind = failure::job_failed) {
  if (status.ok())
    return;
  const char* remedy = "check the disk and its free space, then start again";
  if (kind == failure::restore_refused)
    remedy = "restore from another checkpoint";
  std::string reason = status.ToString();
  std::erase(reason, '\n'); // some of them end a line
  throw error(kind, "cannot " + std::string(doing) + " '" + path.string() +
                        "': " + reason + "; " + remedy);
}

} // namespace weir
