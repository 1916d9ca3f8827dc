// Where the bytes of a row file stand: in a file, or in memory. The uploader's thread
// only.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "state/storage/local_files.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// Takes them from the first to the last.
class row_output {
public:
  virtual ~row_output() = default;
  virtual void append(std::span<const std::byte> bytes) = 0;
};

class file_row_output final : public row_output {
public:
  explicit file_row_output(const std::filesystem::path& path) : file_(path) {}

  void append(std::span<const std::byte> bytes) override { file_.append(bytes); }
  void make_durable() { file_.make_durable(); }

private:
  file_writer file_;
};

class memory_row_output final : public row_output {
public:
  void append(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

private:
  std::vector<std::byte> bytes_;
};

/// They do not change while it is there.
class row_input {
public:
  virtual ~row_input() = default;
  virtual std::uint64_t size() const = 0;
  /// So many from `offset` on, all below `size()`: where they stand, or in `room`, which
  /// grows for them.
  virtual std::span<const std::byte> read(std::uint64_t offset, std::size_t bytes,
                                          std::vector<std::byte>& room) const = 0;
  /// Ends whatever reads them; `reason` goes on where the file's name has been said: "is
  /// cut short".
  [[noreturn]] virtual void refuse(const std::string& reason) const = 0;
};

class file_row_input final : public row_input {
public:
  /// `name`: what messages call it; `kind`: what it means when it cannot be read.
  file_row_input(const std::filesystem::path& path, std::string name, failure kind)
      : file_(path, kind), name_(std::move(name)), kind_(kind) {}

  std::uint64_t size() const override { return file_.size(); }
  std::span<const std::byte> read(std::uint64_t offset, std::size_t bytes,
                                  std::vector<std::byte>& room) const override;
  [[noreturn]] void refuse(const std::string& reason) const override;

private:
  file_reader file_;
  std::string name_;
  failure kind_;
};

class memory_row_input final : public row_input {
public:
  /// `name`, `kind`: likewise.
  memory_row_input(std::shared_ptr<const std::vector<std::byte>> bytes, std::string name,
                   failure kind)
      : bytes_(std::move(bytes)), name_(std::move(name)), kind_(kind) {}

  std::uint64_t size() const override { return bytes_->size(); }
  std::span<const std::byte> read(std::uint64_t offset, std::size_t bytes,
                                  std::vector<std::byte>& room) const override;
  [[noreturn]] void refuse(const std::string& reason) const override;

private:
  std::shared_ptr<const std::vector<std::byte>> bytes_;
  std::string name_;
  failure kind_;
};

/// The file of rows that a checkpoint names, in `checkpoint_dir` or in its metadata.
/// Throws failure::restore_refused if it has another size; nothing else is compared yet.
std::shared_ptr<const row_input>
open_row_input(const std::filesystem::path& checkpoint_dir, const file_handle& file);

} // namespace weir
