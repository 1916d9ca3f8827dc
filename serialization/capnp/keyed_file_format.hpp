// A `.keyed` file of the rocksdb backend as bytes: what turns the SSTs in `shared/` back
// into databases. Magic "WEIRKEYD" and the envelope of `_metadata`. Frozen: changing any
// of it breaks existing checkpoints; new fields go to the end of the schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace weir {

struct saved_table {
  std::string local;  // its name in the database
  std::string shared; // its name in shared/

  friend bool operator==(const saved_table&, const saved_table&) = default;
};

/// A database, of which only rows of the key groups first..last count: it may be that of
/// a subtask which had others besides.
struct keyed_database {
  std::uint16_t first_group = 0;
  std::uint16_t last_group = std::numeric_limits<std::uint16_t>::max();
  std::vector<saved_table> tables;
  std::string manifest_name;
  std::vector<std::byte> manifest;
  std::string current; // what CURRENT contains

  friend bool operator==(const keyed_database&, const keyed_database&) = default;
};

/// Ascending by group; no group counts in two of them.
struct keyed_file {
  std::vector<keyed_database> databases;

  friend bool operator==(const keyed_file&, const keyed_file&) = default;
};

std::vector<std::byte> encode_keyed_file(const keyed_file& file);

/// Throws failure::restore_refused; `origin` names the file in the message.
keyed_file decode_keyed_file(std::span<const std::byte> bytes, const std::string& origin);

} // namespace weir
