#include "serialization/json.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/message_of.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace weir::test::test_json {

namespace {

using std::string_literals::operator""s;

template <class T>
T parsed(std::string_view text, T into = {}) {
  BOOST_REQUIRE_MESSAGE(message_of(parse_json(text, into)) == "none", text);
  return into;
}

template <class T>
std::string problem_of(std::string_view text) {
  T value{};
  return message_of(parse_json(text, value));
}

template <class T>
std::string json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

struct item {
  std::string name;
  std::uint32_t price = 0;
};
struct basket {
  std::uint8_t id = 0;
  std::optional<std::string> note;
  std::vector<item> items;
};

} // namespace

BOOST_AUTO_TEST_SUITE(json_)

WEIR_TEST_CASE_OF_TYPES(random_values_come_back, T, sample_types) {
  with_seed([](random_records& random) {
    for (int i = 0; i < 100; ++i) {
      const T value = random.make<T>();
      BOOST_REQUIRE((parsed(json(value), random.make<T>()) == value));
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(what_is_written_is_well_formed, T, sample_types) {
  with_seed([](random_records& random) {
    const std::string text = json(random.make<T>());
    json_reader in(text);
    BOOST_TEST((in.skip_value() && in.at_end()), text);
  });
}

WEIR_TEST_CASE_OF_TYPES(what_is_cut_short_is_a_problem, T, sample_types) {
  with_seed([](random_records& random) {
    const std::string text = json(std::tuple(random.make<T>()));
    for (std::size_t size = 0; size < text.size(); ++size) {
      const std::vector<char> cut(text.data(), text.data() + size);
      BOOST_REQUIRE(problem_of<std::tuple<T>>({cut.data(), cut.size()}) != "none");
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(damaged_text_is_read_or_a_problem, T, sample_types) {
  with_seed([](random_records& random) {
    T value{};
    for (int i = 0; i < 200; ++i) {
      std::string text = json(random.make<T>());
      for (auto changes = 1 + random.below(4); changes > 0; --changes)
        text[random.below(text.size())] = "[]{},:\"\\u0-1e.tn \x80"[random.below(18)];
      parse_json(text, value);
    }
  });
}

BOOST_AUTO_TEST_CASE(records_are_written_as_the_header_says) {
  BOOST_TEST(json(golden_click) == R"({"user":"ann","amount":258,"note":"hi",)"
                                   R"("tags":["a",""],"counts":{"x":1,"y":2}})");
  BOOST_TEST(json(click{}) ==
             R"({"user":"","amount":0,"note":null,"tags":[],"counts":{}})");
  using choice = std::variant<std::monostate, bool, std::string>;
  BOOST_TEST(json(choice{}) == R"({"index":0,"value":null})");
  BOOST_TEST(json(choice{"x"}) == R"({"index":2,"value":"x"})");
  BOOST_TEST((json(std::map<point, int>{{{1, 2, true}, 3}}) ==
              R"([[{"x":1,"y":2,"visible":true},3]])"));
  BOOST_TEST((json(std::unordered_map<std::int8_t, char>{{5, 'b'}, {-1, '"'}}) ==
              R"({"-1":"\"","5":"b"})"));
  BOOST_TEST(
      (json(std::tuple(1, colour::green, std::chrono::seconds(9))) == "[1,200,9]"));
  BOOST_TEST(json(std::nan("")) == "null");
}

BOOST_AUTO_TEST_CASE(text_is_escaped) {
  BOOST_TEST(json("\"\\/\b\f\n\r\t\0\x1f\x7f\xc3\xa9"s) ==
             "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xa9\"");
}

BOOST_AUTO_TEST_CASE(escapes_are_read) {
  BOOST_TEST(parsed<std::string>(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  BOOST_TEST(parsed<std::string>(R"("\u0041\u00e9\u20AC\ud83d\uDE00\u0000.")") ==
             "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\0."s);
  BOOST_TEST(parsed<std::string>(R"("\uFFFF")") == "\xef\xbf\xbf");
  BOOST_TEST(parsed<std::string>(R"("\udbff\udfff")") == "\xf4\x8f\xbf\xbf");
  BOOST_TEST(parsed<std::string>("\"a\\nb\"", "what was there") == "a\nb");
}

BOOST_AUTO_TEST_CASE(bad_escapes_are_problems) {
  const std::string half = "half of a surrogate pair without the other half";
  for (const char* text : {R"("\ud800")", R"("\ud800x")", R"("\ud800\n")",
                           R"("\ud800\ud800")", R"("\udc00")", R"("\ud800A")"})
    BOOST_TEST(problem_of<std::string>(text) == half, text);
  const std::string digits = "\\u without four hexadecimal digits";
  for (const char* text : {R"("\u12")", R"("\u12g4")", R"("\u)", R"("\ud800\u12")"})
    BOOST_TEST(problem_of<std::string>(text) == digits, text);
  BOOST_TEST(problem_of<std::string>(R"("\x41")").starts_with("a backslash before"));
  BOOST_TEST(problem_of<std::string>("\"a\nb\"") == "a control character inside quotes");
  BOOST_TEST(problem_of<std::string>("\"ab") == "the quotes are never closed");
}

BOOST_AUTO_TEST_CASE(numbers_are_read_up_to_their_limits) {
  BOOST_TEST(parsed<std::uint64_t>("18446744073709551615") == ~std::uint64_t{0});
  BOOST_TEST(parsed<std::int8_t>(" -128 ") == -128);
  BOOST_TEST(parsed<double>("-1.5e-3") == -0.0015);
  BOOST_TEST(parsed<double>("0") == 0.0);
  BOOST_TEST(std::isnan(parsed<double>("null")));
  BOOST_TEST((parsed<colour>("200") == colour::green));
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_a_problem) {
  BOOST_TEST(problem_of<int>("\"abc\"") == "'\"abc\"' is not a whole number");
  BOOST_TEST(problem_of<int>("1.5") == "'1.5' is not a whole number");
  BOOST_TEST(problem_of<int>("1e3") == "'1e3' is not a whole number");
  BOOST_TEST(problem_of<std::uint8_t>("256") == "'256' is not between 0 and 255");
  BOOST_TEST(problem_of<std::uint8_t>("-1") == "'-1' is not between 0 and 255");
  for (const char* text : {"01", "+1", ".5", "1.", "1.e3", "-", "1e", "1e+", "0x1", "NaN",
                           "1.2.3", "--1", "Infinity"})
    BOOST_TEST(problem_of<double>(text) != "none", text);
  BOOST_TEST(problem_of<double>("1e999") == "'1e999' is too large or too small");
}

BOOST_AUTO_TEST_CASE(fields_may_be_in_any_order_and_unknown_ones_are_skipped) {
  const auto read = parsed<basket>(
      " { \"items\" : [ { \"price\":2,\"name\":\"b\" } ] ,\n \"more\":{\"a\":[1,"
      "{\"b\":null}],\"c\":\"\\u0041\"}, \"id\":7,\t\"also\":-1.5e3 } \r\n");
  BOOST_TEST(read.id == 7);
  BOOST_TEST(!read.note);
  BOOST_REQUIRE(read.items.size() == 1U);
  BOOST_TEST((read.items[0].name == "b" && read.items[0].price == 2U));
}

BOOST_AUTO_TEST_CASE(a_field_name_may_be_escaped) {
  BOOST_TEST(parsed<item>(R"({"\u006eame":"x","pri\u0063e":1})").name == "x");
}

BOOST_AUTO_TEST_CASE(a_record_that_is_used_again_keeps_nothing) {
  const basket used{1, "old", {{"a", 1}, {"b", 2}, {"c", 3}}};
  const auto read = parsed<basket>(R"({"id":2,"items":[{"name":"z","price":9}]})", used);
  BOOST_TEST(!read.note);
  BOOST_TEST(read.items.size() == 1U);
  BOOST_TEST(read.items[0].name == "z");
}

BOOST_AUTO_TEST_CASE(a_problem_names_the_field_and_its_place) {
  BOOST_TEST(problem_of<basket>(R"({"id":"x","items":[]})") ==
             "field 'id': '\"x\"' is not a whole number");
  BOOST_TEST(problem_of<basket>(R"({"id":1,"items":[{"name":"a","price":1},{"name":"b",)"
                                R"("price":-1}]})") ==
             "field 'items[1].price': '-1' is not between 0 and 4294967295");
  BOOST_TEST(problem_of<basket>(R"({"id":1})") == "field 'items': it is missing");
  BOOST_TEST(problem_of<basket>(R"({"id":1,"items":[{"price":1}]})") ==
             "field 'items[0].name': it is missing");
  BOOST_TEST(problem_of<basket>(R"({"id":1,"id":1,"items":[]})") ==
             "field 'id': it is there twice");
  basket value;
  BOOST_TEST(parse_json(R"({"id":x})", value)->offset == 6U);
}

BOOST_AUTO_TEST_CASE(what_is_not_an_object_is_a_problem) {
  BOOST_TEST(problem_of<item>("") == "the text ends where a value should follow");
  BOOST_TEST(problem_of<item>("[]") == "'[' is not an object");
  BOOST_TEST(problem_of<item>("{,}") == "the name of a field should follow, in quotes");
  BOOST_TEST(problem_of<item>(R"({"name" "x"})") ==
             "a colon should follow the name of a field");
  BOOST_TEST(problem_of<item>(R"({"name":"x" "price":1})") ==
             "a comma or '}' should follow");
  BOOST_TEST(problem_of<item>(R"({"name":"x","price":1,})") ==
             "the name of a field should follow, in quotes");
  BOOST_TEST(problem_of<item>(R"({"name":"x","price":1} {})") ==
             "more text follows the value");
}

BOOST_AUTO_TEST_CASE(arrays_have_the_length_of_their_type) {
  using two = std::array<int, 2>;
  using three = std::tuple<int, std::string, bool>;
  BOOST_TEST((parsed<two>("[1,2]") == two{1, 2}));
  BOOST_TEST(problem_of<two>("[1]") == "the array has 1 elements instead of 2");
  BOOST_TEST(problem_of<two>("[1,2,3]") == "the array has 3 elements instead of 2");
  BOOST_TEST(problem_of<three>("[1]") == "the array has 1 elements instead of 3");
  BOOST_TEST(problem_of<three>("[1,\"a\",true,[]]") ==
             "the array has 4 elements instead of 3");
  BOOST_TEST(problem_of<std::vector<int>>("[1,]") ==
             "field '[1]': ']' is not a whole number");
  BOOST_TEST(problem_of<std::vector<bool>>("[true,1]") ==
             "field '[1]': '1' is not true or false");
}

BOOST_AUTO_TEST_CASE(keys_of_maps_are_read_as_their_type) {
  using numbers = std::map<std::int8_t, int>;
  BOOST_TEST((parsed<numbers>(R"({"-1":5,"2":6})") == numbers{{-1, 5}, {2, 6}}));
  BOOST_TEST(problem_of<numbers>(R"({"x":5})") == "the key 'x' is not a whole number");
  BOOST_TEST(problem_of<numbers>(R"({"1":5,"1":6})") == "the key '1' is there twice");
  BOOST_TEST(problem_of<numbers>(R"({"1":"a"})") ==
             "field '1': '\"a\"' is not a whole number");
  using points = std::map<std::pair<int, int>, int>;
  BOOST_TEST(problem_of<points>("[[[1,2],3],[[1,2],4]]") ==
             "field '[1]': a key is there twice");
}

BOOST_AUTO_TEST_CASE(a_variant_is_an_index_and_a_value_in_any_order) {
  using choice = std::variant<std::monostate, int, std::vector<std::string>>;
  const choice list(std::vector<std::string>{"a"});
  BOOST_TEST((parsed<choice>(R"({"value":["a"],"more":1,"index":2})") == list));
  BOOST_TEST((parsed<choice>(R"({"index":0})", list) == choice{}));
  BOOST_TEST(problem_of<choice>(R"({"index":3,"value":1})") ==
             "a variant without an \"index\" below 3");
  BOOST_TEST(problem_of<choice>(R"({"value":1})") ==
             "a variant without an \"index\" below 3");
  BOOST_TEST(problem_of<choice>(R"({"index":1})") == "a variant without a \"value\"");
  BOOST_TEST(problem_of<choice>(R"({"index":1,"value":"x"})") ==
             "field 'value': '\"x\"' is not a whole number");
}

BOOST_AUTO_TEST_CASE(nesting_that_is_skipped_has_a_limit) {
  const std::string deep(100'000, '[');
  BOOST_TEST(problem_of<item>("{\"x\":" + deep) == "values are nested too deeply");
  BOOST_TEST(problem_of<basket>("{\"id\":1,\"items\":[],\"x\":" + std::string(50, '[') +
                                std::string(50, ']') + "}") == "none");
}

BOOST_AUTO_TEST_CASE(long_values_are_shortened_in_a_problem) {
  BOOST_TEST(problem_of<int>('"' + std::string(100, 'x') + '"') ==
             "'\"xxxxxxxxxxxxxxxxxxxxxxx...' is not a whole number");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_json
