#include "serialization/zstd/zstd_bytes.hpp"

#include "serialization/check.hpp"

#include <zstd.h>

namespace weir {

namespace {

// Rows are written anew with every checkpoint, so what counts is speed.
constexpr int compression_level = 1;

} // namespace

void zstd_compress(std::span<const std::byte> raw, std::vector<std::byte>& frame) {
  frame.resize(ZSTD_compressBound(raw.size()));
  const std::size_t size = ZSTD_compress(frame.data(), frame.size(), raw.data(),
                                         raw.size(), compression_level);
  WEIR_CHECK(ZSTD_isError(size) == 0); // there is room enough, so only memory is missing
  frame.resize(size);
}

bool zstd_decompress(std::span<const std::byte> frame, std::span<std::byte> raw) {
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw.size())
    return false;
  return ZSTD_decompress(raw.data(), raw.size(), frame.data(), frame.size()) ==
         raw.size();
}

} // namespace weir
