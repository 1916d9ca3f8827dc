#include "state/migrate_rows.hpp"

#include "state/row_key.hpp"

namespace weir {

namespace {

/// So much is in memory at a time, about: a run becomes a file.
constexpr std::size_t run_bytes = std::size_t{64} << 20;
constexpr std::size_t rows_at_once = 4096;

} // namespace

void migrate_rows(backend& from, const row_migration* migration,
                  std::uint32_t max_parallelism, backend& to) {
  const auto cursor = from.scan();
  std::vector<std::byte> converted;
  for (bool more = true; more;) {
    encoded_run run(std::nullopt, max_parallelism);
    for (std::size_t bytes = 0; more && bytes < run_bytes;) {
      encoded_rows read(std::nullopt);
      more = cursor->read(read, rows_at_once);
      for (std::size_t row = 0; row < read.rows(); ++row) {
        const auto key = read.key(row);
        std::span<const std::byte> value = read.value(row);
        if (migration) {
          converted.clear();
          migration->append(value, converted);
          value = converted;
        }
        std::byte* const out =
            run.part_of(group_of_row(key)).append({key.size(), value.size()});
        std::memcpy(out, key.data(), key.size());
        std::memcpy(out + key.size(), value.data(), value.size());
        bytes += key.size() + value.size();
      }
    }
    to.ingest(run);
  }
}

} // namespace weir
