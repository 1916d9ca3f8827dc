// Makes a checkpoint a job directory of its own, which restores wherever it is put. For
// the command line; the job that wrote the checkpoint may be running.
#pragma once

#include "state/locate_checkpoint.hpp"

#include <filesystem>

namespace weir {

/// Copies the checkpoint, with all it needs of shared/, to `<root>/<job id>/chk-N`, and
/// returns that path. What is copied is compared with what the checkpoint says, and
/// durable before its `_metadata`, which comes last. Throws failure::usage if the target
/// exists, failure::restore_refused if a file is damaged; then nothing is left of it.
std::filesystem::path copy_checkpoint(const located_checkpoint& from,
                                      const std::filesystem::path& root);

} // namespace weir
