#include "state/full/row_file_writer.hpp"

#include "serialization/check.hpp"
#include "serialization/varint.hpp"
#include "serialization/zstd/zstd_bytes.hpp"

namespace weir {

namespace {

// Small enough that a reader of few key groups reads little else, large enough to
// compress well. A row that is larger stands in a block of its own.
constexpr std::size_t row_block_bytes = std::size_t{64} * 1024;

template <class T>
void append_encoded(const T& value, std::vector<std::byte>& to) {
  const std::size_t at = to.size();
  to.resize(at + codec<T>::size);
  codec<T>::encode(value, to.data() + at);
}

void append_bytes(std::span<const std::byte> bytes, std::vector<std::byte>& to) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

} // namespace

row_file_writer::row_file_writer(row_output& out, bool compress)
    : out_(out), compress_(compress) {
  std::vector<std::byte> header;
  append_encoded(row_file_header::preamble{}, header);
  append_encoded(checksum_of(header), header);
  write(header);
  raw_.reserve(row_block_bytes);
}

void row_file_writer::add(std::span<const std::byte> key,
                          std::span<const std::byte> value) {
  WEIR_CHECK(key.size() >= sizeof(key_group));
  WEIR_CHECK(rows_ == 0 || compare_keys(last_key_, key) < 0);
  std::byte sizes[2 * varint_bytes_max];
  std::byte* const end = put_varint(value.size(), put_varint(key.size(), sizes));
  const std::span<const std::byte> head(sizes, end);
  if (block_.rows > 0 &&
      raw_.size() + head.size() + key.size() + value.size() > row_block_bytes)
    close_block();
  if (block_.rows++ == 0)
    block_.first_group = group_of_key(key);
  block_.last_group = group_of_key(key);
  append_bytes(head, raw_);
  append_bytes(key, raw_);
  append_bytes(value, raw_);
  last_key_.assign(key.begin(), key.end());
  ++rows_;
}

measured_file row_file_writer::finish() {
  if (block_.rows > 0)
    close_block();
  const row_file_footer::totals totals{
      .index_offset = written_.size, .blocks = index_.size(), .rows = rows_};
  std::vector<std::byte> tail;
  tail.reserve(index_.size() * codec<row_block>::size + row_file_footer::size);
  for (const row_block& block : index_)
    append_encoded(block, tail);
  append_encoded(totals, tail);
  append_encoded(checksum_of(tail), tail);
  write(tail);
  written_.sum = sum_.finish();
  return written_;
}

void row_file_writer::close_block() {
  std::span<const std::byte> stored = raw_;
  if (compress_) {
    zstd_compress(raw_, compressed_);
    if (compressed_.size() < raw_.size()) {
      stored = compressed_;
      block_.encoding = row_block_encoding::zstd;
    }
  }
  block_.offset = written_.size;
  block_.stored = stored.size();
  block_.raw = raw_.size();
  block_.sum = checksum_of(stored);
  write(stored);
  index_.push_back(block_);
  block_ = {};
  raw_.clear();
}

void row_file_writer::write(std::span<const std::byte> bytes) {
  out_.append(bytes);
  sum_.add(bytes);
  written_.size += bytes.size();
}

} // namespace weir
