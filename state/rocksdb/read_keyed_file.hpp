// The `.keyed` file of a subtask, compared with what the checkpoint says of it.
#pragma once

#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/checkpoint_metadata.hpp"

#include <filesystem>

namespace weir {

/// Throws failure::restore_refused if it is not the file that `handle` names, or has
/// other tables than the checkpoint.
keyed_file read_keyed_file(const std::filesystem::path& checkpoint_dir,
                           const keyed_handle& handle);

} // namespace weir
