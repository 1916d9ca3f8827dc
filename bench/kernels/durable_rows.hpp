// Rows made durable by hand: already encoded in one vector, in the order in which they
// were written; sorted, put into an SST file, ingested and linked into a checkpoint, with
// the options of the engine's database. engine/durable_run does the same with a table.
#pragma once

#include "bench/harness/figures.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace weir::bench {

struct durable_params {
  std::size_t row_bytes = 16; // a key of 8 and a value of the rest
  std::uint64_t rows = 0;     // at most 2^24
};

constexpr std::uint32_t durable_groups = 128;

/// Makes the rows durable below a directory, which exists and is empty. What the
/// database then has is read back for the checksum, when time is over.
using durable_run = std::function<run_figures(const std::filesystem::path&)>;

/// The keys 0 to `rows`-1 in random order.
std::vector<std::uint64_t> shuffled_keys(std::uint64_t rows);

/// The value of a key, random bytes.
void fill_value(std::uint64_t key, std::span<std::uint8_t> value) noexcept;

/// `sum` with one more row of a database, in its order.
std::uint64_t fold_row(std::uint64_t sum, std::span<const std::byte> key,
                       std::span<const std::byte> value) noexcept;

durable_run durable_by_hand(const durable_params& params);

} // namespace weir::bench
