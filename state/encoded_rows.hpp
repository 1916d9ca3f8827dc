// Rows in encoded form, all of one size: key bytes, then value bytes. Storage grows by
// chunks, because copying many rows to double it would be a pause. Written by one task,
// then moved, never shared.
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace weir {

class encoded_rows {
public:
  encoded_rows(std::size_t key_bytes, std::size_t value_bytes)
      : key_bytes_(key_bytes), stride_(key_bytes + value_bytes),
        chunk_bits_(stride_ > chunk_bytes ? 0 : bits_of(chunk_bytes / stride_)) {}

  /// Room for one more row: its key bytes, then its value bytes.
  std::byte* append() {
    if (rows_ == room_) [[unlikely]]
      add_chunk();
    ++rows_;
    return std::exchange(next_, next_ + stride_);
  }

  std::size_t rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_ == 0; }
  std::size_t key_bytes() const noexcept { return key_bytes_; }
  std::size_t value_bytes() const noexcept { return stride_ - key_bytes_; }

  std::span<const std::byte> key(std::size_t row) const { return {at(row), key_bytes_}; }
  std::span<const std::byte> value(std::size_t row) const {
    return {at(row) + key_bytes_, value_bytes()};
  }

private:
  // Small, because a run has many parts, of which some have few rows.
  static constexpr std::size_t chunk_bytes = std::size_t{8} * 1024;

  static unsigned bits_of(std::size_t rows) noexcept {
    return static_cast<unsigned>(std::bit_width(rows)) - 1;
  }

  void add_chunk() {
    const std::size_t rows = std::size_t{1} << chunk_bits_;
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(rows * stride_));
    next_ = chunks_.back().get();
    room_ += rows;
  }

  const std::byte* at(std::size_t row) const {
    const std::size_t within = row & ((std::size_t{1} << chunk_bits_) - 1);
    return chunks_[row >> chunk_bits_].get() + within * stride_;
  }

  std::size_t key_bytes_;
  std::size_t stride_;
  unsigned chunk_bits_; // a chunk has 2^this rows: a row is found without a division
  std::size_t rows_ = 0;
  std::size_t room_ = 0; // for so many rows there are chunks
  std::byte* next_ = nullptr;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

} // namespace weir
