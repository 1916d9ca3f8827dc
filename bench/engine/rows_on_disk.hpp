// What the questions about checkpoints of state share: a table of rows of one size, and
// its sealed rows.
#pragma once

#include "bench/kernels/durable_rows.hpp"
#include "state/keyed_state.hpp"

#include <array>

namespace weir::bench {

template <std::size_t RowBytes>
using table_of = keyed_table<std::uint64_t,
                             std::array<std::uint8_t, RowBytes - sizeof(std::uint64_t)>>;

template <std::size_t RowBytes>
void write_row(table_of<RowBytes>& table, std::uint64_t key, std::uint64_t seed) {
  fill_value(key + seed, table.rows().write(key, weir::hash_of(key)).value);
}

/// What was written since the last time, encoded.
inline std::unique_ptr<encoded_run> run_of(keyed_state& state) {
  state.seal();
  while (state.encode_some()) {
  }
  return std::move(state.take_run()->rows);
}

/// Makes one below `parent`.
inline std::filesystem::path new_directory(const std::filesystem::path& parent,
                                           const std::string& name) {
  std::filesystem::create_directory(parent / name);
  return parent / name;
}

} // namespace weir::bench
