#include "serialization/zstd/zstd_bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(zstd_bytes)

namespace {

using bytes = std::vector<std::byte>;

bytes frame_of(const bytes& raw) {
  bytes frame;
  weir::zstd_compress(raw, frame);
  return frame;
}

bytes noise(std::size_t size, unsigned letters) {
  std::mt19937_64 random(size);
  bytes raw(size);
  for (std::byte& byte : raw)
    byte = static_cast<std::byte>(random() % letters);
  return raw;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_compressed_comes_back) {
  for (const std::size_t size : {0U, 1U, 1000U, 70'000U, 3'000'000U})
    for (const unsigned letters : {1U, 4U, 256U}) {
      const bytes raw = noise(size, letters);
      const bytes frame = frame_of(raw);
      BOOST_TEST((size < 1000 || letters == 256 || frame.size() < raw.size()));
      BOOST_TEST(raw.size() / weir::zstd_ratio_max <= frame.size());
      bytes back(size);
      BOOST_TEST(weir::zstd_decompress(frame, back));
      BOOST_TEST((back == raw));
    }
}

BOOST_AUTO_TEST_CASE(frames_of_another_size_cut_short_or_foreign_are_refused) {
  const bytes raw = noise(1000, 4);
  const bytes frame = frame_of(raw);
  for (const std::size_t size : {0U, 999U, 1001U, 100'000U}) {
    bytes back(size);
    BOOST_TEST(!weir::zstd_decompress(frame, back));
  }
  bytes back(raw.size());
  for (std::size_t size = 0; size < frame.size(); ++size)
    BOOST_TEST(!weir::zstd_decompress(std::span(frame).first(size), back));
  BOOST_TEST(!weir::zstd_decompress(raw, back));
}

BOOST_AUTO_TEST_CASE(a_frame_is_never_smaller_than_the_ratio_says) {
  const bytes zeros(std::size_t{1} << 24);
  BOOST_TEST(frame_of(zeros).size() >= zeros.size() / weir::zstd_ratio_max);
}

BOOST_AUTO_TEST_SUITE_END()
