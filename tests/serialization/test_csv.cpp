#include "serialization/csv.hpp"
#include "tests/serialization/message_of.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_csv {

namespace {

struct order {
  std::string user;
  std::int32_t amount = 0;
  std::optional<std::string> note;
  std::optional<double> price;
  bool paid = false;
  char grade = '-';
  colour kind = colour::red;
  std::chrono::seconds after{};

  friend bool operator==(const order&, const order&) = default;
};
struct pair_of_numbers {
  std::uint8_t small = 0;
  std::uint64_t large = 0;

  friend bool operator==(const pair_of_numbers&, const pair_of_numbers&) = default;
};
struct nested {
  order one;
};

static_assert(csv_record<order> && csv_record<pair_of_numbers>);
static_assert(!csv_record<nested> && !csv_record<click> && !csv_record<int>);

order parsed(std::string_view line) {
  csv_reader<order> reader;
  order out;
  BOOST_REQUIRE(message_of(reader.read(line, out)) == "none");
  return out;
}

template <class T>
std::string problem_of(csv_reader<T>& reader, std::string_view line) {
  T out;
  return message_of(reader.read(line, out));
}

std::string problem_of(std::string_view line) {
  csv_reader<order> reader;
  return problem_of(reader, line);
}

std::string problem_of_number(std::string_view line) {
  csv_reader<pair_of_numbers> reader;
  return problem_of(reader, line);
}

const order plain{"ann", -5,  "hi",          0.5,
                  true,  'B', colour::green, std::chrono::seconds(9)};

} // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(columns_are_the_fields_in_order) {
  BOOST_TEST((parsed("ann,-5,hi,0.5,true,B,200,9") == plain));
  BOOST_TEST((parsed("ann,-5,hi,0.5,1,B,200,9\r\n") == plain));
  BOOST_TEST(
      (parsed("\"ann\",\"-5\",\"hi\",\"0.5\",\"true\",\"B\",\"200\",\"9\"\n") == plain));
}

BOOST_AUTO_TEST_CASE(an_empty_column_is_nothing_and_empty_quotes_are_text) {
  const order empty = parsed(",0,,,false,-,0,0");
  BOOST_TEST(empty.user == "");
  BOOST_TEST((!empty.note && !empty.price));
  BOOST_TEST((parsed(",0,\"\",,false,-,0,0").note == std::string()));
}

BOOST_AUTO_TEST_CASE(quotes_hold_separators_quotes_and_line_ends) {
  BOOST_TEST(parsed("\"a,b\",0,,,0,-,0,0").user == "a,b");
  BOOST_TEST(parsed("\"\"\"a\"\"b\"\"\",0,,,0,-,0,0").user == "\"a\"b\"");
  BOOST_TEST(parsed("\"a\r\nb\",0,,,0,-,0,0").user == "a\r\nb");
  const order two = parsed("\"\"\"\",0,\"x\"\"y\",,0,-,0,0");
  BOOST_TEST((two.user == "\"" && two.note == "x\"y"));
}

BOOST_AUTO_TEST_CASE(random_records_come_back) {
  with_seed([](random_records& random) {
    csv_reader<order> reader;
    order read; // used again and again
    for (int i = 0; i < 500; ++i) {
      const auto value = random.make<order>();
      std::string line;
      append_csv(line, value);
      BOOST_REQUIRE(message_of(reader.read(line, read)) == "none");
      BOOST_REQUIRE_MESSAGE((read == value), line);
    }
  });
}

BOOST_AUTO_TEST_CASE(random_text_is_read_or_a_problem) {
  with_seed([](random_records& random) {
    csv_reader<order> reader;
    order out;
    for (int i = 0; i < 2'000; ++i) {
      std::string line;
      append_csv(line, random.make<order>());
      for (auto changes = random.below(5); changes > 0; --changes)
        line[random.below(line.size())] = ",\"\nx0"[random.below(5)];
      reader.read(line, out);
      reader.read(random.text(), out);
      if (reader.read_header(random.text()))
        reader.read_header("price,after,kind,user,amount,grade,paid,more");
    }
  });
}

BOOST_AUTO_TEST_CASE(a_header_says_where_the_columns_are) {
  csv_reader<pair_of_numbers> reader;
  BOOST_REQUIRE(!reader.read_header("\xef\xbb\xbflarge,\"other\",small\r\n"));
  pair_of_numbers out;
  BOOST_REQUIRE(!reader.read("18446744073709551615,ignored,255", out));
  BOOST_TEST((out == pair_of_numbers{255, std::numeric_limits<std::uint64_t>::max()}));
  BOOST_TEST(problem_of(reader, "1,2") == "the line has 2 columns instead of 3");
}

BOOST_AUTO_TEST_CASE(a_column_may_be_missing_where_its_field_is_optional) {
  csv_reader<order> reader;
  BOOST_REQUIRE(!reader.read_header("user,amount,paid,grade,kind,after"));
  order out = plain;
  BOOST_REQUIRE(!reader.read("bob,1,0,A,0,0", out));
  BOOST_TEST((out.user == "bob" && !out.note && !out.price));
  const auto problem = reader.read_header("user");
  BOOST_REQUIRE(problem.has_value());
  BOOST_TEST(problem->message() == "field 'amount': no column has this name");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_ambiguous_is_a_problem) {
  csv_reader<pair_of_numbers> reader;
  const auto problem = reader.read_header("small,large,small");
  BOOST_REQUIRE(problem.has_value());
  BOOST_TEST(problem->message() == "field 'small': two columns have this name");
  BOOST_TEST(problem->offset == 12U);
}

BOOST_AUTO_TEST_CASE(a_header_with_a_problem_changes_nothing) {
  csv_reader<pair_of_numbers> reader;
  BOOST_REQUIRE(!reader.read_header("a,b,large,small"));
  BOOST_TEST(reader.read_header("small").has_value());
  BOOST_TEST(reader.read_header("\"small").has_value());
  pair_of_numbers out;
  BOOST_TEST(message_of(reader.read("0,0,4,3", out)) == "none");
  BOOST_TEST((out == pair_of_numbers{3, 4}));
}

BOOST_AUTO_TEST_CASE(the_header_that_is_written_can_be_read) {
  std::string header;
  append_csv_header<order>(header, ';');
  BOOST_TEST(header == "user;amount;note;price;paid;grade;kind;after");
  csv_reader<order> reader(';');
  BOOST_TEST(!reader.read_header(header));
}

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_its_field_is_a_problem) {
  BOOST_TEST(problem_of("a,abc,,,0,-,0,0") ==
             "field 'amount': 'abc' is not a whole number");
  BOOST_TEST(problem_of("a,,,,0,-,0,0") == "field 'amount': '' is not a whole number");
  BOOST_TEST(problem_of("a,1.5,,,0,-,0,0") ==
             "field 'amount': '1.5' is not a whole number");
  BOOST_TEST(problem_of("a,1 ,,,0,-,0,0") ==
             "field 'amount': '1 ' is not a whole number");
  BOOST_TEST(problem_of("a,2147483648,,,0,-,0,0") ==
             "field 'amount': '2147483648' is not between -2147483648 and 2147483647");
  BOOST_TEST(problem_of("a,1,,x,0,-,0,0") == "field 'price': 'x' is not a number");
  BOOST_TEST(problem_of("a,1,,1e999,0,-,0,0") ==
             "field 'price': '1e999' is too large or too small");
  BOOST_TEST(problem_of("a,1,,,yes,-,0,0") == "field 'paid': 'yes' is not true or false");
  BOOST_TEST(problem_of("a,1,,,0,ab,0,0") ==
             "field 'grade': 'ab' is not a single character");
  BOOST_TEST(problem_of_number("256,0") ==
             "field 'small': '256' is not between 0 and 255");
  BOOST_TEST(problem_of_number("-1,0") == "field 'small': '-1' is not between 0 and 255");
  BOOST_TEST(problem_of_number("-,0") == "field 'small': '-' is not a whole number");
  BOOST_TEST(problem_of_number("0,18446744073709551616") ==
             "field 'large': '18446744073709551616' is not between 0 and "
             "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_problem_says_where_in_the_line_it_is) {
  csv_reader<pair_of_numbers> reader;
  pair_of_numbers out;
  BOOST_TEST(reader.read("17,x", out)->offset == 3U);
  BOOST_TEST(reader.read("17,\"x", out)->offset == 3U);
  BOOST_TEST(reader.read("17,1\"", out)->offset == 4U);
}

BOOST_AUTO_TEST_CASE(a_line_ends_where_no_quotes_are_open) {
  BOOST_TEST(csv_line_length("a,b\nc") == 4U);
  BOOST_TEST(csv_line_length("a,\"b\n\"\"\n\",c\r\nd") == 13U);
  BOOST_TEST(csv_line_length("a,b") == std::string_view::npos);
  BOOST_TEST(csv_line_length("a,\"b\n") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_csv_is_a_problem) {
  BOOST_TEST(problem_of_number("1") == "the line has 1 columns instead of 2");
  BOOST_TEST(problem_of_number("") == "the line has 1 columns instead of 2");
  BOOST_TEST(problem_of_number("1,2,") == "the line has 3 columns instead of 2");
  BOOST_TEST(problem_of_number("1,\"2") ==
             "the quote of a column is never closed in this line");
  BOOST_TEST(problem_of_number("1,\"2\"\"") ==
             "the quote of a column is never closed in this line");
  BOOST_TEST(problem_of_number("\"1\"2,3") == "text after the closing quote of a column");
  BOOST_TEST(problem_of_number("1\"2\",3") == "a quote inside a column without quotes");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_csv
