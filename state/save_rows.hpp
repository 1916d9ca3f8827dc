// Writes all rows of a backend, of whatever kind, into one row file: what a savepoint has
// of a subtask, so that it needs nothing else and any backend can begin with it.
#pragma once

#include "state/backend.hpp"

namespace weir {

/// Reads and writes the whole state, on the uploader's thread. The file is durable on
/// return; the caller fsyncs `directory`.
keyed_handle save_rows(backend& rows, const std::filesystem::path& directory,
                       const std::string& file_name, bool compress);

} // namespace weir
