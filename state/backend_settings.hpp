// Which backend a job has, and how it is set up: plain data, for whoever chooses one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

enum class backend_kind : std::uint8_t {
  rocksdb,    // a checkpoint writes what has changed
  filesystem, // a checkpoint writes all rows of a subtask into one file
  memory,     // the same, into `_metadata`: for small states
};

struct backend_settings {
  backend_kind kind = backend_kind::rocksdb;
  /// Of files of all rows: with zstd.
  bool compress = false;
  /// What a subtask may keep in the `memory` backend, in bytes of its rows as a file.
  std::uint64_t memory_size_max = 5 << 20;
  /// What a subtask may hold of its rows, in bytes: in its table, on their way to the
  /// backend and in the backend's cache (memory_shares.hpp). 0: no limit.
  std::uint64_t memory_max = 0;
  /// The backend reads its files past the kernel's cache.
  bool direct_reads = false;
  /// Files of a checkpoint that are not larger stand in its `_metadata`; not shared ones.
  std::uint64_t inline_max = 0;
  /// An absolute path, also as file:///path: where all files of checkpoints lie but
  /// `_metadata`. Empty: beside it.
  std::string data_root = {};

  friend bool operator==(const backend_settings&, const backend_settings&) = default;
};

/// As `_metadata` and options have it: "rocksdb". Frozen.
std::string to_string(backend_kind kind);
/// Also of the names that Flink has for something of the kind; none: there is none.
std::optional<backend_kind> backend_of_name(std::string_view name);

} // namespace weir
