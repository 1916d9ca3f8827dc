// All rows of a subtask as one row file that never changes: the next one takes its place.
// Used by full_backend, on the uploader's thread.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/full/row_bytes.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace weir {

class row_base {
public:
  virtual ~row_base() = default;

  /// `write` fills the next one, which replaces this one unless it throws.
  virtual void replace(const std::function<measured_file(row_output&)>& write) = 0;

  /// A file of a checkpoint, or what stands in its metadata, replaces this one.
  virtual void take_over(const std::filesystem::path& checkpoint_dir,
                         const file_handle& file) = 0;

  /// `kind`: what it means when it cannot be read. It stays readable when replaced.
  virtual std::shared_ptr<const row_input> open(failure kind) const = 0;

  /// Makes it a file of a checkpoint.
  virtual file_handle keep(const std::filesystem::path& checkpoint_dir,
                           const std::string& file_name) const = 0;
};

/// In `directory`, which exists and is empty; a checkpoint gets a link.
std::unique_ptr<row_base> make_file_base(const std::filesystem::path& directory);

/// In memory; a checkpoint gets the bytes for its metadata, up to `size_max`.
std::unique_ptr<row_base> make_memory_base(std::uint64_t size_max);

} // namespace weir
