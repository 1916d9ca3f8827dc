// Checkpoints as people and scripts read them. Pure: the moment is a parameter.
#pragma once

#include "state/checkpoint_catalog.hpp"
#include "state/locate_checkpoint.hpp"
#include "state/remove_checkpoint.hpp"

#include <cstdint>
#include <string>

namespace weir::cli {

/// A line for the job and one for each checkpoint.
std::string text_of(const listed_job& job, std::int64_t now_ms);
/// A line for each checkpoint.
std::string json_of(const listed_job& job);

/// All it says of itself; a line for each thing.
std::string text_of(const located_checkpoint& checkpoint, std::int64_t now_ms);
/// The same in one line.
std::string json_of(const located_checkpoint& checkpoint);

/// What became of one.
std::string text_of(const removal& done, const std::filesystem::path& checkpoint);
std::string json_of(const removal& done, const std::filesystem::path& checkpoint);

} // namespace weir::cli
