// Reads a row file, or those of its rows that are of some key groups, block by block:
// only blocks that may have such rows are read. Whatever the bytes are, what does not
// agree with its checksums ends the read (row_input::refuse) before it is believed. The
// uploader's thread only.
#pragma once

#include "state/full/row_bytes.hpp"
#include "state/full/row_file.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace weir {

inline constexpr key_group_range every_key_group{0,
                                                 std::numeric_limits<key_group>::max()};

class row_file_reader {
public:
  /// Stands at the first row of `groups`.
  explicit row_file_reader(std::shared_ptr<const row_input> input,
                           key_group_range groups = every_key_group);

  row_file_reader(const row_file_reader&) = delete; // spans point into it
  row_file_reader& operator=(const row_file_reader&) = delete;

  /// False behind the last row of those groups.
  bool valid() const noexcept { return valid_; }
  /// Until `next`.
  std::span<const std::byte> key() const noexcept { return key_; }
  std::span<const std::byte> value() const noexcept { return value_; }
  void next();

  /// All rows of the file, and where their groups begin and end; none: it has no rows.
  std::uint64_t rows() const noexcept { return rows_; }
  std::optional<key_group_range> groups() const noexcept;

private:
  void read_header();
  void read_index();
  void check_index(std::uint64_t index_offset) const;
  bool open_block();
  std::span<const std::byte> rows_of(const row_block& block);
  void take_row();

  std::shared_ptr<const row_input> input_;
  key_group_range wanted_;
  std::vector<row_block> index_;
  std::uint64_t rows_ = 0;

  std::size_t block_ = 0;           // that is opened next
  std::span<const std::byte> rest_; // of the block that is open
  std::uint64_t rows_left_ = 0;     // likewise
  std::vector<std::byte> stored_;   // what it was read into, where it had to be
  std::vector<std::byte> raw_;      // likewise, when it was compressed

  bool valid_ = false;
  std::span<const std::byte> key_;
  std::span<const std::byte> value_;
  std::vector<std::byte> last_key_; // of the block before
};

} // namespace weir
