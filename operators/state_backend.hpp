// What a job may ask for with job.state_backend(...): where its keyed state goes when a
// checkpoint is taken, and how much memory its rows may take while it runs.
#pragma once

#include "state/backend_settings.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace weir {

/// A checkpoint writes what has changed since the one before. The default.
class rocksdb {
public:
  /// Of the rows of each subtask, in bytes, at least 16 MB. Unsaid, a part of what the
  /// machine has.
  rocksdb& memory(std::uint64_t bytes) {
    memory_ = bytes;
    return *this;
  }
  /// The files of checkpoints lie in this directory, not beside their `_metadata`: an
  /// absolute path, or file:///path.
  rocksdb& data(std::string root) {
    data_root_ = std::move(root);
    return *this;
  }
  backend_settings settings() const {
    return {.memory_max = memory_, .data_root = data_root_};
  }

private:
  std::uint64_t memory_ = 0;
  std::string data_root_;
};

/// A checkpoint writes all rows of a task into one file.
class filesystem {
public:
  /// The files are compressed with zstd.
  filesystem& compress(bool on = true) {
    compress_ = on;
    return *this;
  }
  /// As rocksdb::data().
  filesystem& data(std::string root) {
    data_root_ = std::move(root);
    return *this;
  }
  backend_settings settings() const {
    return {
        .kind = backend_kind::filesystem, .compress = compress_, .data_root = data_root_};
  }

private:
  bool compress_ = false;
  std::string data_root_;
};

/// A checkpoint is a `_metadata` file and nothing else: for small states.
class memory {
public:
  /// Of the rows of one task, in bytes; more fails the job.
  memory& max_size(std::uint64_t bytes) {
    max_size_ = bytes;
    return *this;
  }
  backend_settings settings() const {
    return {.kind = backend_kind::memory, .memory_size_max = max_size_};
  }

private:
  std::uint64_t max_size_ = backend_settings().memory_size_max;
};

} // namespace weir
