// How the names in a job directory read, and what a listing of it says. Only
// checkpoint_directory and locate_checkpoint use it; nothing here changes the disk.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/storage/local_files.hpp"

#include <concepts>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace weir {

inline constexpr std::string_view metadata_name = "_metadata";

/// `chk-42`. Frozen: restore paths are written in scripts.
std::string checkpoint_name(checkpoint_id id);
std::optional<checkpoint_id> checkpoint_of_name(std::string_view name);

/// `savepoint-<first 6 of the job id>-<12 random digits>`, another one each time.
std::string savepoint_name(const std::string& job_id);
bool is_savepoint_name(std::string_view name);

/// `<32 hexadecimal digits>.sst`
bool is_shared_name(std::string_view name);

bool is_complete(const std::filesystem::path& checkpoint);

/// Ascending; none where there is no such directory. Throws failure::restore_refused
/// where it cannot be told, for whoever has not seen one might remove it.
std::vector<checkpoint_id> complete_checkpoints(const std::filesystem::path& job);
/// The same, and `unreadable` where it cannot be told.
std::vector<checkpoint_id> complete_checkpoints(const std::filesystem::path& job,
                                                std::error_code& unreadable);

/// Calls `visit(shared, file)` for every file the checkpoint names; not for what stands
/// in its metadata.
template <std::invocable<bool, const file_handle&> Visit>
void for_each_file(const checkpoint_metadata& metadata, Visit visit_file) {
  const auto visit = [&](bool shared, const file_handle& file) {
    if (!file.content)
      visit_file(shared, file);
  };
  for (const operator_metadata& op : metadata.operators) {
    for (const subtask_metadata& subtask : op.subtasks) {
      if (subtask.keyed) {
        visit(false, subtask.keyed->file);
        for (const file_handle& file : subtask.keyed->shared)
          visit(true, file);
      }
      if (subtask.operator_state)
        visit(false, *subtask.operator_state);
    }
  }
  for (const in_flight_metadata& in_flight : metadata.in_flight)
    visit(false, in_flight.file);
}

} // namespace weir
