#include "state/open_backend.hpp"

#include "serialization/check.hpp"
#include "state/full/full_backend.hpp"
#include "state/memory_shares.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

struct backend_name {
  std::string_view name;
  backend_kind kind;
};

// The first of a kind is weir's own name for it.
constexpr std::array backend_names{
    backend_name{"rocksdb", backend_kind::rocksdb},
    backend_name{"filesystem", backend_kind::filesystem},
    backend_name{"memory", backend_kind::memory},
    backend_name{"hashmap", backend_kind::filesystem},
    backend_name{"jobmanager", backend_kind::memory},
};

full_settings full_settings_of(const backend_settings& settings) {
  return {.compress = settings.compress, .memory_size_max = settings.memory_size_max};
}

rocksdb_settings rocksdb_settings_of(const backend_settings& settings, bool rows_expire) {
  return {.rows_expire = rows_expire,
          .cache_bytes = shares_of(settings.memory_max).cache,
          .direct_reads = settings.direct_reads};
}

} // namespace

std::string to_string(backend_kind kind) {
  const auto found = std::ranges::find(backend_names, kind, &backend_name::kind);
  WEIR_CHECK(found != backend_names.end());
  return std::string(found->name);
}

std::optional<backend_kind> backend_of_name(std::string_view name) {
  const auto found = std::ranges::find(backend_names, name, &backend_name::name);
  return found == backend_names.end() ? std::nullopt : std::optional(found->kind);
}

std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory,
                                      bool rows_expire) {
  switch (settings.kind) {
  case backend_kind::rocksdb:
    return open_rocksdb_backend(directory, rocksdb_settings_of(settings, rows_expire));
  case backend_kind::filesystem:
    return open_filesystem_backend(full_settings_of(settings), directory);
  case backend_kind::memory:
    return open_memory_backend(full_settings_of(settings));
  }
  WEIR_CHECK(!"a kind of backend");
  return nullptr;
}

std::unique_ptr<backend> open_backend(const backend_settings& settings,
                                      const std::filesystem::path& directory,
                                      const keyed_origin& origin, bool rows_expire) {
  switch (settings.kind) {
  case backend_kind::rocksdb:
    return open_rocksdb_backend(directory, origin,
                                rocksdb_settings_of(settings, rows_expire));
  case backend_kind::filesystem:
    return open_filesystem_backend(full_settings_of(settings), directory, origin);
  case backend_kind::memory:
    return open_memory_backend(full_settings_of(settings), origin);
  }
  WEIR_CHECK(!"a kind of backend");
  return nullptr;
}

} // namespace weir
