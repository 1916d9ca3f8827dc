#include "serialization/varint.hpp"
#include "tests/serialization/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <vector>

BOOST_AUTO_TEST_SUITE(varint)

namespace {

std::vector<std::byte> encoded(std::uint64_t value) {
  std::array<std::byte, weir::varint_bytes_max> room{};
  return {room.data(), weir::put_varint(value, room.data())};
}

} // namespace

// Frozen: it is part of rows and of the files they stand in.
BOOST_AUTO_TEST_CASE(golden_values) {
  BOOST_TEST(weir::test::hex(encoded(0)) == "00");
  BOOST_TEST(weir::test::hex(encoded(127)) == "7f");
  BOOST_TEST(weir::test::hex(encoded(128)) == "8001");
  BOOST_TEST(weir::test::hex(encoded(300)) == "ac02");
  BOOST_TEST(weir::test::hex(encoded(65536)) == "808004");
}

BOOST_AUTO_TEST_CASE(what_is_put_is_taken_and_is_as_long_as_said) {
  for (unsigned bit = 0; bit < 63; ++bit)
    for (const std::uint64_t value :
         {std::uint64_t{1} << bit, (std::uint64_t{1} << bit) - 1}) {
      auto bytes = encoded(value);
      BOOST_TEST(bytes.size() == weir::varint_size(value));
      bytes.push_back(std::byte{0x55});
      std::span<const std::byte> from(bytes);
      BOOST_TEST(weir::try_take_varint(from).value() == value);
      BOOST_TEST(from.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(what_has_no_end_is_none) {
  const auto largest = encoded(std::numeric_limits<std::uint64_t>::max());
  BOOST_TEST(largest.size() == weir::varint_bytes_max);
  for (std::size_t size = 0; size <= largest.size(); ++size) {
    auto from = std::span(largest).first(size);
    BOOST_TEST(!weir::try_take_varint(from).has_value());
    BOOST_TEST(from.size() == size);
  }
}

BOOST_AUTO_TEST_SUITE_END()
