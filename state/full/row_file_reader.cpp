#include "state/full/row_file_reader.hpp"

#include "serialization/varint.hpp"
#include "serialization/zstd/zstd_bytes.hpp"

#include <fmt/format.h>

#include <limits>

namespace weir {

namespace {

void check_row_sum(std::span<const std::byte> bytes, const checksum& expected,
                   const std::string& part, const row_input& input) {
  const checksum actual = checksum_of(bytes);
  if (actual != expected)
    input.refuse(fmt::format("is damaged: the checksum of its {} should be {} and is {}",
                             part, expected.hex(), actual.hex()));
}

void refuse_short(const row_input& input, std::size_t size_min) {
  input.refuse(fmt::format("is cut short: it has {} bytes, and even an empty one has {}",
                           input.size(), size_min));
}

} // namespace

row_file_reader::row_file_reader(std::shared_ptr<const row_input> input,
                                 key_group_range groups)
    : input_(std::move(input)), wanted_(groups) {
  read_header();
  read_index();
  const auto first = std::ranges::partition_point(
      index_, [&](const row_block& block) { return block.last_group < wanted_.first; });
  block_ = static_cast<std::size_t>(first - index_.begin());
  next();
}

std::optional<key_group_range> row_file_reader::groups() const noexcept {
  if (index_.empty())
    return std::nullopt;
  return key_group_range{index_.front().first_group, index_.back().last_group};
}

void row_file_reader::read_header() {
  using preamble = row_file_header::preamble;
  if (input_->size() < row_file_header::size)
    refuse_short(*input_, row_file_header::size + row_file_footer::size);
  const auto bytes = input_->read(0, row_file_header::size, stored_);
  const auto found = codec<preamble>::decode(bytes.data());
  if (found.magic != row_file_magic)
    input_->refuse("is not a row file of weir: it does not begin with 'WEIRROWS'");
  check_row_sum(bytes.first(codec<preamble>::size),
                codec<checksum>::decode(bytes.data() + codec<preamble>::size), "header",
                *input_);
  // Only now, so that a flipped bit is not mistaken for another version.
  if (found.version != row_file_version)
    input_->refuse(fmt::format("has format version {} and this weir reads version {}: "
                               "use the weir that wrote it",
                               found.version, row_file_version));
}

void row_file_reader::read_index() {
  using totals = row_file_footer::totals;
  constexpr std::size_t fixed = row_file_header::size + row_file_footer::size;
  const std::uint64_t size = input_->size();
  if (size < fixed)
    refuse_short(*input_, fixed);
  const auto found = codec<totals>::decode(
      input_->read(size - row_file_footer::size, row_file_footer::size, stored_).data());
  // Nothing is believed yet, so that no room is made for what is not there.
  if (found.blocks > (size - fixed) / codec<row_block>::size ||
      found.index_offset !=
          size - row_file_footer::size - found.blocks * codec<row_block>::size)
    input_->refuse("is cut short or damaged: it does not end as row files do");
  const auto bytes = input_->read(
      found.index_offset, static_cast<std::size_t>(size - found.index_offset), stored_);
  const std::size_t summed = bytes.size() - codec<checksum>::size;
  check_row_sum(bytes.first(summed), codec<checksum>::decode(bytes.data() + summed),
                "index", *input_);
  rows_ = found.rows;
  index_.resize(found.blocks);
  for (std::size_t i = 0; i < index_.size(); ++i)
    codec<row_block>::decode_into(index_[i], bytes.data() + i * codec<row_block>::size);
  check_index(found.index_offset);
}

// Its checksum is right, so this is about who wrote it.
void row_file_reader::check_index(std::uint64_t index_offset) const {
  std::uint64_t end = row_file_header::size;
  std::uint64_t rows = 0;
  key_group group = 0;
  for (const row_block& block : index_) {
    const bool compressed = block.encoding == row_block_encoding::zstd;
    const bool encoded_well = compressed ? block.raw / zstd_ratio_max <= block.stored
                                         : block.encoding == row_block_encoding::plain &&
                                               block.raw == block.stored;
    if (block.offset != end || block.stored > index_offset - end || !encoded_well ||
        block.rows == 0 || block.rows > block.raw || block.first_group < group ||
        block.last_group < block.first_group)
      input_->refuse(fmt::format("contradicts itself about its block at byte {}", end));
    end += block.stored;
    rows += block.rows;
    group = block.last_group;
  }
  if (end != index_offset || rows != rows_)
    input_->refuse("contradicts itself about what its blocks are");
}

void row_file_reader::next() {
  valid_ = false;
  do {
    if (rows_left_ == 0 && !open_block())
      return;
    take_row();
    if (group_of_key(key_) > wanted_.last)
      return;
  } while (group_of_key(key_) < wanted_.first);
  valid_ = true;
}

// False: no block is left that may have rows of those groups.
bool row_file_reader::open_block() {
  if (block_ == index_.size() || index_[block_].first_group > wanted_.last)
    return false;
  last_key_.assign(key_.begin(), key_.end());
  key_ = {};
  const row_block& block = index_[block_++];
  rest_ = rows_of(block);
  rows_left_ = block.rows;
  return true;
}

std::span<const std::byte> row_file_reader::rows_of(const row_block& block) {
  const auto stored =
      input_->read(block.offset, static_cast<std::size_t>(block.stored), stored_);
  check_row_sum(stored, block.sum, fmt::format("block at byte {}", block.offset),
                *input_);
  if (block.encoding == row_block_encoding::plain)
    return stored;
  const auto size = static_cast<std::size_t>(block.raw);
  if (raw_.size() < size)
    raw_.resize(size);
  const auto raw = std::span(raw_).first(size);
  if (!zstd_decompress(stored, raw))
    input_->refuse(
        fmt::format("has a block at byte {} that is not {} bytes compressed by zstd",
                    block.offset, block.raw));
  return raw;
}

void row_file_reader::take_row() {
  const std::uint64_t key_size = try_take_varint(rest_).value_or(0); // of a row: never 0
  const std::uint64_t value_size =
      try_take_varint(rest_).value_or(std::numeric_limits<std::uint64_t>::max());
  if (key_size < sizeof(key_group) || key_size > rest_.size() ||
      value_size > rest_.size() - key_size)
    input_->refuse(fmt::format("has a malformed row in the block at byte {}",
                               index_[block_ - 1].offset));
  const auto key = rest_.first(static_cast<std::size_t>(key_size));
  value_ = rest_.subspan(key.size(), static_cast<std::size_t>(value_size));
  rest_ = rest_.subspan(key.size() + value_.size());
  const std::span<const std::byte> before = key_.empty() ? last_key_ : key_;
  --rows_left_;
  if (compare_keys(before, key) >= 0 || (rows_left_ == 0 && !rest_.empty()))
    input_->refuse(fmt::format("has rows out of order in the block at byte {}",
                               index_[block_ - 1].offset));
  key_ = key;
}

} // namespace weir
