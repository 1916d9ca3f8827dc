// The rows of one sealed epoch in encoded form: what the task hands to the uploader.
// Rows are fixed-size here (key bytes, then value bytes) and stand in the order of
// encoding, each key once. Storage grows by chunks, because copying a large run to
// double it would be a pause. Written by one task, then moved, never shared.
#pragma once

#include "serialization/check.hpp"

#include <bit>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace weir {

class encoded_run {
public:
  encoded_run(std::size_t key_bytes, std::size_t value_bytes)
      : key_bytes_(key_bytes), stride_(key_bytes + value_bytes),
        chunk_bits_(static_cast<unsigned>(std::bit_width(chunk_bytes / stride_)) - 1) {
    WEIR_CHECK(stride_ <= chunk_bytes);
  }

  /// Room for one more row: its key bytes, then its value bytes.
  std::byte* append() {
    if (rows_ == room_) [[unlikely]]
      add_chunk();
    ++rows_;
    return std::exchange(next_, next_ + stride_);
  }

  /// Every row of its table is in this run: what older runs say is out of date.
  void set_whole() noexcept { whole_ = true; }
  bool whole() const noexcept { return whole_; }

  std::size_t rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_ == 0; }
  std::size_t key_bytes() const noexcept { return key_bytes_; }
  std::size_t value_bytes() const noexcept { return stride_ - key_bytes_; }

  std::span<const std::byte> key(std::size_t row) const { return {at(row), key_bytes_}; }
  std::span<const std::byte> value(std::size_t row) const {
    return {at(row) + key_bytes_, value_bytes()};
  }

private:
  // Below malloc's mmap threshold, so that chunks are recycled instead of faulted in
  // anew.
  static constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;

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
  bool whole_ = false;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

} // namespace weir
