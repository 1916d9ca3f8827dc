// The backend that a job's settings ask for.
#pragma once

#include "state/backend.hpp"
#include "state/backend_settings.hpp"

namespace weir {

/// Without rows. `directory` exists and is empty; the backend may use it while it lives.
/// `rows_expire`: they say when (row_expiry.hpp), and it may be told what time it is.
std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory,
                                      bool rows_expire = false);

/// With the rows of verified snapshots of the same kind of backend.
std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory,
                                      const keyed_origin& origin,
                                      bool rows_expire = false);

} // namespace weir
