#include "serialization/checksum.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(checksum)

namespace {

weir::checksum sum(std::string_view text) {
  return weir::checksum_of(std::as_bytes(std::span(text)));
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(i * 131 + 7);
  return text;
}

} // namespace

// Frozen: these are XXH3-128 with seed 0 as published; a change breaks every checkpoint.
BOOST_AUTO_TEST_CASE(golden_values) {
  BOOST_TEST(sum("").hex() == "99aa06d3014798d86001c324468d497f");
  BOOST_TEST(sum("abc").hex() == "06b05ab6733a618578af5f94892f3950");
  BOOST_TEST(sum(pattern(200)).hex() == "26d28d07860728f6a4773493fbbe3543");
  BOOST_TEST(sum(pattern(5000)).hex() == "61bedb627e4a5fdfe4007929540f095c");
}

BOOST_AUTO_TEST_CASE(hex_puts_the_most_significant_digit_first) {
  BOOST_TEST((weir::checksum{.low = 0x1, .high = 0x20}.hex() ==
              "00000000000000200000000000000001"));
}

BOOST_AUTO_TEST_CASE(pieces_give_the_checksum_of_the_whole) {
  const std::string text = pattern(5000);
  for (const std::size_t piece : {1U, 7U, 64U, 1000U, 5000U}) {
    weir::checksum_builder builder;
    for (std::size_t at = 0; at < text.size(); at += piece)
      builder.add(std::as_bytes(std::span(std::string_view(text).substr(at, piece))));
    BOOST_TEST((builder.finish() == sum(text)));
  }
  BOOST_TEST((weir::checksum_builder{}.finish() == sum("")));
}

BOOST_AUTO_TEST_SUITE_END()
