// The rows of a subtask in the databases of a checkpoint, for whoever looks at it: they
// are opened where their tables lie, for reading only. What else a database consists of
// is in the `.keyed` file and stays in memory, so no directory is made for one.
#pragma once

#include "state/inspect/saved_rows.hpp"

namespace weir {

/// Throws failure::restore_refused if a file is missing or is not what the checkpoint
/// names.
std::unique_ptr<saved_rows> open_saved_databases(const saved_rows_place& place);

} // namespace weir
