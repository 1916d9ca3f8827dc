#include "apps/weir/printable.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::cli::test::test_printable {

BOOST_AUTO_TEST_SUITE(printable_texts)

BOOST_AUTO_TEST_CASE(text_stays_as_it_is) {
  for (const std::string text :
       {"", "cannot read 'a b'", R"(a "quoted" \ path\)", "größer, 水, \U0001f30a"})
    BOOST_TEST(printable(text) == text);
}

BOOST_AUTO_TEST_CASE(control_characters_are_escapes) {
  BOOST_TEST(printable("a\nb\tc\r") == R"(a\nb\tc\r)");
  BOOST_TEST(printable("\x1b[2J") == R"(\u001b[2J)");
  BOOST_TEST(printable("\x7f") == R"(\u007f)");
  BOOST_TEST(printable(std::string_view("\0", 1)) == R"(\u0000)");
  BOOST_TEST(printable("\u009b2J") == R"(\u009b2J)"); // CSI in one character
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf_8_are_escapes) {
  BOOST_TEST(printable("a\x9bz") == R"(a\udc9bz)");
  BOOST_TEST(printable("\xff") == R"(\udcff)");
}

BOOST_AUTO_TEST_CASE(no_byte_is_a_command) {
  for (int each = 0; each < 256; ++each) {
    const std::string shown = printable(std::string(1, static_cast<char>(each)));
    BOOST_TEST(std::ranges::all_of(shown, [](char c) { return c >= ' ' && c < 0x7f; }));
  }
}

BOOST_AUTO_TEST_CASE(several_lines_keep_their_ends) {
  BOOST_TEST(printable_lines("a\x1b\nb\n\n") == "a\\u001b\nb\n\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_printable
