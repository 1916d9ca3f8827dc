// A `.keyed` file of the rocksdb backend as bytes: what turns the SSTs in `shared/` back
// into a database. Magic "WEIRKEYD" and the envelope of `_metadata`. Frozen: changing any
// of it breaks existing checkpoints; new fields go to the end of the schema.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace weir {

struct keyed_table {
  std::string local;  // its name in the database
  std::string shared; // its name in shared/

  friend bool operator==(const keyed_table&, const keyed_table&) = default;
};

struct keyed_file {
  std::vector<keyed_table> tables;
  std::string manifest_name;
  std::vector<std::byte> manifest;
  std::string current; // what CURRENT contains

  friend bool operator==(const keyed_file&, const keyed_file&) = default;
};

std::vector<std::byte> encode_keyed_file(const keyed_file& file);

/// Throws failure::restore_refused; `origin` names the file in the message.
keyed_file decode_keyed_file(std::span<const std::byte> bytes, const std::string& origin);

} // namespace weir
