// Rows in encoded form: key bytes, then value bytes, of one shape for all or each of its
// own. Storage grows by chunks, because copying many rows to double it would be a pause.
// Written by one task, then moved, never shared.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

struct row_sizes {
  std::size_t key = 0;
  std::size_t value = 0;

  friend bool operator==(const row_sizes&, const row_sizes&) = default;
};

/// The sizes that all rows have; none: every row has its own.
using row_shape = std::optional<row_sizes>;

class encoded_rows {
public:
  explicit encoded_rows(const row_shape& shape)
      : shape_(shape), stride_(shape ? shape->key + shape->value : 0),
        chunk_bits_(
            stride_ == 0 || stride_ > chunk_bytes ? 0 : bits_of(chunk_bytes / stride_)) {}

  const row_shape& shape() const noexcept { return shape_; }

  /// Room for one more row of the shape: its key bytes, then its value bytes.
  std::byte* append() {
    if (rows_ == room_) [[unlikely]]
      add_chunk();
    ++rows_;
    return std::exchange(next_, next_ + stride_);
  }

  /// The same for a row of these sizes, which are those of the shape if there is one.
  std::byte* append(const row_sizes& sizes) {
    if (shape_)
      return append();
    return append_sized(sizes, sizes.key + sizes.value);
  }

  /// A row that is there no more. Requires: there is no shape.
  void append_removed(std::string_view key) {
    std::byte* const out = append_sized({key.size(), removed_value}, key.size());
    std::memcpy(out, key.data(), key.size());
  }

  std::size_t rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_ == 0; }

  bool removed(std::size_t row) const {
    return !shape_ && sizes_of(row).value == removed_value;
  }
  std::span<const std::byte> key(std::size_t row) const {
    if (shape_)
      return {at(row), shape_->key};
    return {starts_[row] + sizeof(row_sizes), sizes_of(row).key};
  }
  /// Requires: the row is not removed.
  std::span<const std::byte> value(std::size_t row) const {
    if (shape_)
      return {at(row) + shape_->key, shape_->value};
    const row_sizes sizes = sizes_of(row);
    return {starts_[row] + sizeof sizes + sizes.key, sizes.value};
  }

private:
  // Small, because a run has many parts, of which some have few rows.
  static constexpr std::size_t chunk_bytes = std::size_t{8} * 1024;

  static constexpr std::size_t removed_value = std::numeric_limits<std::size_t>::max();

  static unsigned bits_of(std::size_t rows) noexcept {
    return static_cast<unsigned>(std::bit_width(rows)) - 1;
  }

  std::byte* append_sized(const row_sizes& sizes, std::size_t content) {
    const std::size_t bytes = sizeof sizes + content;
    if (bytes > left_)
      add_chunk_for(bytes);
    left_ -= bytes;
    ++rows_;
    starts_.push_back(next_);
    std::memcpy(next_, &sizes, sizeof sizes);
    return std::exchange(next_, next_ + bytes) + sizeof sizes;
  }

  void add_chunk() {
    const std::size_t rows = std::size_t{1} << chunk_bits_;
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(rows * stride_));
    next_ = chunks_.back().get();
    room_ += rows;
  }

  void add_chunk_for(std::size_t row_bytes) {
    left_ = std::max(row_bytes, chunk_bytes);
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(left_));
    next_ = chunks_.back().get();
  }

  const std::byte* at(std::size_t row) const {
    const std::size_t within = row & ((std::size_t{1} << chunk_bits_) - 1);
    return chunks_[row >> chunk_bits_].get() + within * stride_;
  }
  row_sizes sizes_of(std::size_t row) const {
    row_sizes sizes;
    std::memcpy(&sizes, starts_[row], sizeof sizes);
    return sizes;
  }

  row_shape shape_;
  std::size_t rows_ = 0;
  std::byte* next_ = nullptr;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;

  // With a shape a row is found by computing, without a division.
  std::size_t stride_;
  unsigned chunk_bits_;  // a chunk has 2^this rows
  std::size_t room_ = 0; // for so many rows there are chunks

  // Without one its sizes stand before it.
  std::size_t left_ = 0; // in the last chunk
  std::vector<const std::byte*> starts_;
};

} // namespace weir
