// Writes a row file from rows in ascending order of key, in memory that does not grow
// with them (but for 56 bytes a block). The uploader's thread only.
#pragma once

#include "state/full/row_bytes.hpp"
#include "state/full/row_file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

class row_file_writer {
public:
  /// `compress`: blocks are compressed where that makes them smaller.
  row_file_writer(row_output& out, bool compress);

  /// Requires: the key has a group and is greater than those before it.
  void add(std::span<const std::byte> key, std::span<const std::byte> value);

  /// Writes what is left; size and checksum of the whole file.
  measured_file finish();

private:
  void close_block();
  void write(std::span<const std::byte> bytes);

  row_output& out_;
  bool compress_;
  measured_file written_;
  checksum_builder sum_;

  std::vector<std::byte> raw_;        // of the block at hand
  row_block block_;                   // likewise
  std::vector<std::byte> compressed_; // kept for its memory
  std::vector<std::byte> last_key_;
  std::vector<row_block> index_;
  std::uint64_t rows_ = 0;
};

} // namespace weir
