// Where the parts of a job's checkpoints lie. Unless somebody asks for a data root, all
// is in the job directory. With one, that has the `_metadata` files, and a directory of
// the same name below the data root has the others, with a note of whose they are: it
// looks like a job directory whose checkpoints nobody has completed, and must not be
// used, swept or removed as one.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct job_places {
  std::filesystem::path metadata; // chk-N/_metadata, and a lock
  std::filesystem::path data; // chk-N with the other files, shared/, work/ and its lock

  bool apart() const { return data != metadata; }
};

/// Those of a job that runs; `data_root` may be empty. One that is `root` by another name
/// is no place apart.
job_places places_of(const std::filesystem::path& root,
                     const std::filesystem::path& data_root, const std::string& job_id);

/// Those of a checkpoint in the job directory `job`; `moved_to` is where the data root
/// that it names lies now, if it has moved.
job_places places_of(const checkpoint_metadata& metadata,
                     const std::filesystem::path& job,
                     const std::filesystem::path& moved_to);

inline constexpr std::string_view owner_name = "_owner";
/// What a job directory may have of its job beside the checkpoints: whatever those who
/// ran it wanted to be known again.
inline constexpr std::string_view job_note_name = "_job";

/// The job directory whose files lie in this one; none: it is no such data directory.
std::optional<std::filesystem::path> owner_of(const std::filesystem::path& data);

/// Durable on return. For whoever has the lock.
void note_owner(const job_places& places);

/// Durable, and whole or not there at all. For whoever has the lock.
void note_job(const std::filesystem::path& job, std::string_view note);
/// None: nobody has left one that can be read.
std::optional<std::string> job_note(const std::filesystem::path& job);

/// Whose the files are that lie where these checkpoints would have theirs; none: theirs,
/// or nobody's. Completes a message, without a remedy.
std::optional<std::string> foreign_files(const job_places& places);

/// That `data` is not there, as when it is not mounted, and what to do. Completes a
/// message.
std::string missing_data_text(const std::filesystem::path& data);

/// If nothing is left in it but the notes.
void remove_empty_job(const std::filesystem::path& job);

} // namespace weir
