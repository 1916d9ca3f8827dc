// Writes the rows of one backend into another one: in the form that a job declares now,
// when the types of its states have changed, or because it is of another kind. The whole
// state is read and written once, on the uploader's thread, before the task begins.
#pragma once

#include "state/backend.hpp"
#include "state/row_migration.hpp"

namespace weir {

/// `to` has no rows yet; without a migration they stay as they are. Throws
/// failure::restore_refused for a row that is none of what the checkpoint says.
void migrate_rows(backend& from, const row_migration* migration,
                  std::uint32_t max_parallelism, backend& to);

} // namespace weir
