#include "state/migrate_rows.hpp"

#include "serialization/ordered_key.hpp"

namespace weir {

namespace {

/// So much is in memory at a time, about: a run becomes a file.
constexpr std::size_t run_bytes = std::size_t{64} << 20;
constexpr std::size_t rows_at_once = 4096;

key_group group_of(std::span<const std::byte> key) {
  key_group group = 0;
  ordered_key<key_group>::decode_into(group, key.data());
  return group;
}

} // namespace

void migrate_rows(backend& from, const row_migration& migration,
                  std::uint32_t max_parallelism, backend& to) {
  const auto cursor = from.scan();
  std::vector<std::byte> value;
  for (bool more = true; more;) {
    encoded_run run(std::nullopt, max_parallelism);
    for (std::size_t bytes = 0; more && bytes < run_bytes;) {
      encoded_rows read(std::nullopt);
      more = cursor->read(read, rows_at_once);
      for (std::size_t row = 0; row < read.rows(); ++row) {
        const auto key = read.key(row);
        value.clear();
        migration.append(read.value(row), value);
        std::byte* const out =
            run.part_of(group_of(key)).append({key.size(), value.size()});
        std::memcpy(out, key.data(), key.size());
        std::memcpy(out + key.size(), value.data(), value.size());
        bytes += key.size() + value.size();
      }
    }
    to.ingest(run);
  }
}

} // namespace weir
