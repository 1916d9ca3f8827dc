// Bytes as one zstd frame and back. Zstandard's headers stay in this directory. Any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

/// No frame stands for more bytes than so many times its own: a block of it is four bytes
/// at least and 128 KiB at most.
inline constexpr std::uint64_t zstd_ratio_max = std::uint64_t{128} * 1024 / 4;

/// `frame` becomes one frame that stands for `raw`, and keeps its memory.
void zstd_compress(std::span<const std::byte> raw, std::vector<std::byte>& frame);

/// Fills `raw`; false where `frame` does not stand for exactly so many bytes.
bool zstd_decompress(std::span<const std::byte> frame, std::span<std::byte> raw);

} // namespace weir
