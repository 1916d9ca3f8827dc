// The backend that a job's settings ask for.
#pragma once

#include "state/backend.hpp"
#include "state/backend_settings.hpp"

namespace weir {

/// Without rows. `directory` exists and is empty; the backend may use it while it lives.
std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory);

/// With the rows of verified snapshots of the same kind of backend.
std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory,
                                      const keyed_origin& origin);

} // namespace weir
