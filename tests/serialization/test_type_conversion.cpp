#include "serialization/schema_text.hpp"
#include "serialization/type_conversion.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/schema_changes.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_type_conversion {

namespace {

/// From what a checkpoint says about Old.
template <class Old, class New>
type_conversion conversion() {
  return {parse_schema(schema_text(schema_of<Old>())), schema_of<New>()};
}

/// The value, written as Old, restored as New.
template <class New, class Old>
New restored(const Old& value) {
  const type_conversion plan = conversion<Old, New>();
  BOOST_REQUIRE_MESSAGE(plan.possible(), plan.obstacle());
  const auto bytes = plan.convert(record_bytes(value));
  byte_reader in(bytes);
  New made{};
  record_codec<New>::decode_into(made, in);
  BOOST_TEST(in.at_end());
  return made;
}

template <class Old, class New>
std::string obstacle() {
  const type_conversion plan = conversion<Old, New>();
  BOOST_TEST(plan.possible() == plan.obstacle().empty());
  BOOST_TEST(!plan.identity());
  return plan.obstacle();
}

template <class Old, class New>
bool stays() {
  return conversion<Old, New>().identity();
}

std::string obstacle_between(std::string_view written, std::string_view declared) {
  return type_conversion(parse_schema(written), parse_schema(declared)).obstacle();
}

enum class small : std::int16_t { one = 1, minus = -2 };
enum class large : std::int64_t { one = 1, minus = -2 };

namespace before {
struct item {
  std::string name;
  std::uint16_t count = 0;

  friend auto operator<=>(const item&, const item&) = default;
};
struct order {
  std::int32_t gone = 0;
  std::uint64_t id = 0;
  std::string also_gone;
  std::vector<item> items;
  std::map<std::string, item> by_name;
  std::optional<item> first;
  std::array<item, 2> pair;
  std::variant<std::monostate, item, std::uint8_t> choice;
  std::vector<std::string> last_gone;
};
} // namespace before

namespace after {
struct item {
  std::string name;
  std::uint32_t count = 0;
  std::string unit = "piece";
  std::vector<double> prices = {1.5, 2.5};

  friend bool operator==(const item&, const item&) = default;
};
struct order {
  std::uint64_t id = 0;
  std::vector<item> items;
  std::map<std::string, item> by_name;
  std::optional<item> first;
  std::array<item, 2> pair;
  std::variant<std::monostate, item, std::int16_t, std::string> choice;
  item added{"none", 7, "kg", {}};
  bool open = true;
};
} // namespace after

} // namespace

BOOST_AUTO_TEST_SUITE(type_conversion_)

WEIR_TEST_CASE_OF_TYPES(a_type_that_stays_keeps_its_bytes, T, sample_types) {
  BOOST_TEST((stays<T, T>()));
  BOOST_TEST(
      type_conversion(parse_schema(type_description<T>()), schema_of<T>()).identity());
}

BOOST_AUTO_TEST_CASE(integers_become_wider) {
  BOOST_TEST(restored<std::int64_t>(std::int8_t{-3}) == -3);
  BOOST_TEST(restored<std::int32_t>(std::int16_t{-32768}) == -32768);
  BOOST_TEST(restored<std::int64_t>(std::int32_t{7}) == 7);
  BOOST_TEST(restored<std::uint64_t>(std::uint8_t{255}) == 255U);
  BOOST_TEST(restored<std::int16_t>(std::uint8_t{255}) == 255);
  BOOST_TEST(restored<std::int64_t>(std::uint32_t{0xffffffff}) == 0xffffffff);
  BOOST_TEST((restored<large>(small::minus) == large::minus));
  BOOST_TEST((restored<std::int32_t>(small::minus) == -2));
  BOOST_TEST(restored<std::int16_t>('a') == 97);
  BOOST_TEST((stays<small, std::int16_t>()));
  BOOST_TEST((stays<char, std::int8_t>()));
}

BOOST_AUTO_TEST_CASE(other_changes_of_numbers_are_refused) {
  BOOST_TEST((obstacle<std::int64_t, std::int32_t>() == "i64 became i32"));
  BOOST_TEST((obstacle<std::uint32_t, std::int32_t>() == "u32 became i32"));
  BOOST_TEST((obstacle<std::int16_t, std::uint32_t>() == "i16 became u32"));
  BOOST_TEST((obstacle<std::uint32_t, std::uint16_t>() == "u32 became u16"));
  BOOST_TEST((obstacle<float, double>() == "f32 became f64"));
  BOOST_TEST((obstacle<std::int32_t, double>() == "i32 became f64"));
  BOOST_TEST((obstacle<bool, std::uint8_t>() == "bool became u8"));
  BOOST_TEST((obstacle<std::uint8_t, bool>() == "u8 became bool"));
  BOOST_TEST((obstacle<double, std::string>() == "f64 became string"));
}

BOOST_AUTO_TEST_CASE(fields_are_added_removed_and_widened_at_every_level) {
  const before::item one{"nut", 65535};
  const after::item same{"nut", 65535, "piece", {1.5, 2.5}};
  before::order order{-1, 42, "x", {one, {}}, {{"a", one}}, one, {one, {}}, one, {"y"}};
  const auto made = restored<after::order>(order);
  BOOST_TEST(made.id == 42U);
  BOOST_TEST((made.items == std::vector<after::item>{same, {}}));
  BOOST_TEST((made.by_name == std::map<std::string, after::item>{{"a", same}}));
  BOOST_TEST((made.first == same));
  BOOST_TEST((made.pair == std::array<after::item, 2>{same, after::item{}}));
  BOOST_TEST((std::get<1>(made.choice) == same));
  BOOST_TEST((made.added == after::item{"none", 7, "kg", {}}));
  BOOST_TEST(made.open);

  order.choice = std::uint8_t{200};
  BOOST_TEST(std::get<2>(restored<after::order>(order).choice) == 200);
  const auto empty = restored<after::order>(before::order{});
  BOOST_TEST((empty.items.empty() && empty.by_name.empty() && !empty.first));
  BOOST_TEST(empty.choice.index() == 0U);
}

BOOST_AUTO_TEST_CASE(without_names_fields_are_those_of_the_other_in_their_order) {
  using std::pair, std::tuple;
  BOOST_TEST((restored<tuple<std::uint16_t, std::string, bool>>(
                  pair<std::uint8_t, std::string>(5, "x")) ==
              tuple{std::uint16_t{5}, "x", false}));
  BOOST_TEST((restored<tuple<std::string>>(pair<std::string, int>("x", 7)) ==
              tuple<std::string>("x")));
  const type_conversion old_item(parse_schema("{string,u16}"), schema_of<after::item>());
  const auto bytes = old_item.convert(record_bytes(before::item{"nut", 3}));
  BOOST_TEST((bytes == record_bytes(after::item{"nut", 3})));
  BOOST_TEST((stays<before::item, pair<std::string, std::uint16_t>>()));
  BOOST_TEST((stays<pair<std::string, std::uint16_t>, before::item>()));
  BOOST_TEST(
      (obstacle<pair<int, bool>, tuple<int, char>>() == "field 2: bool became i8"));
  BOOST_TEST(
      (obstacle<pair<int, bool>, before::item>() == "field 'name': i32 became string"));
}

BOOST_AUTO_TEST_CASE(names_that_are_twice_there_find_no_fields) {
  BOOST_TEST(type_conversion(parse_schema("{a:u8,a:u16}"), parse_schema("{a:u8,a:u16}"))
                 .identity());
  BOOST_TEST(obstacle_between("{a:u8,a:u16}", "{a:u8,b:u8}") ==
             "field 'b': u16 became u8");
}

BOOST_AUTO_TEST_CASE(fields_that_moved_or_were_renamed_are_refused) {
  BOOST_TEST(obstacle_between("{id:u64,amount:f64}", "{id:u64,amount:string}") ==
             "field 'amount': f64 became string");
  BOOST_TEST(obstacle_between("{a:u8,b:u8}", "{b:u8,a:u8}") ==
             "field 'a' was written before field 'b', and the order has changed");
  BOOST_TEST(obstacle_between("{a:u8,b:u8}", "{a:u8,x:u8,b:u8}") ==
             "field 'x' is new and stands before field 'b'; new fields stand behind all "
             "others");
  BOOST_TEST(obstacle_between("{a:u8,b:u8,c:u8}", "{a:u8,x:u8,c:u8}")
                 .starts_with("field 'x' is new"));
  BOOST_TEST(obstacle_between("{a:u8}", "{b:u8}") ==
             "none of its fields was written under its name");
  BOOST_TEST(obstacle_between("{\"a b\":u8}", "{\"a b\":i8}") ==
             "field '\"a b\"': u8 became i8");
}

BOOST_AUTO_TEST_CASE(an_obstacle_inside_names_its_place) {
  BOOST_TEST(obstacle_between("{lines:list<{price:f64}>}", "{lines:list<{price:f32}>}") ==
             "field 'price' of the elements of field 'lines': f64 became f32");
  BOOST_TEST(obstacle_between("map<u8,{a:u8}>", "map<u8,{b:u8}>") ==
             "the values: none of its fields was written under its name");
  BOOST_TEST(obstacle_between("map<u8,u8>", "map<u16,u8>") == "the keys: u8 became u16");
  BOOST_TEST(obstacle_between("map<u16,u8>", "map<u8,u8>") == "the keys: u16 became u8");
  BOOST_TEST(
      obstacle_between("map<{a:u8,b:u8},u8>", "map<{b:u8,a:u8},u8>") ==
      "the keys: field 'a' was written before field 'b', and the order has changed");
  BOOST_TEST(obstacle_between("{m:map<{a:u8,b:u8},u8>}", "{m:map<{a:u8},u8>}") ==
             "the keys of field 'm': {a:u8,b:u8} became {a:u8}");
  BOOST_TEST(obstacle_between("optional<u8>", "optional<i8>") ==
             "the value: u8 became i8");
  BOOST_TEST(obstacle_between("[u8;2]", "[i8;2]") == "the elements: u8 became i8");
  BOOST_TEST(obstacle_between("variant<none,u8>", "variant<none,i8>") ==
             "alternative 2: u8 became i8");
}

BOOST_AUTO_TEST_CASE(other_changes_are_refused) {
  BOOST_TEST(obstacle_between("variant<none,u8>", "variant<u8,none>") ==
             "alternative 1: none became u8");
  BOOST_TEST(obstacle_between("variant<none,u8>", "variant<none>") ==
             "alternative 2 (u8) is gone");
  BOOST_TEST(obstacle_between("[u8;2]", "[u8;3]") == "[u8;2] became [u8;3]");
  BOOST_TEST(obstacle_between("[u8;2]", "list<u8>") == "[u8;2] became list<u8>");
  BOOST_TEST(obstacle_between("u8", "optional<u8>") == "u8 became optional<u8>");
  BOOST_TEST(obstacle_between("u8", "{a:u8}") == "u8 became {a:u8}");
  BOOST_TEST(obstacle_between("list<{u8,u16}>", "map<u8,u16>") ==
             "list<{u8,u16}> became map<u8,u16>");
  BOOST_TEST(obstacle_between("duration<i64,ms>", "duration<i64,us>") ==
             "duration<i64,ms> became duration<i64,us>");
  BOOST_TEST(obstacle_between("time<i32,s>", "time<i64,s>") ==
             "time<i32,s> became time<i64,s>");
  BOOST_TEST(obstacle_between("time<i64,s>", "duration<i64,s>") ==
             "time<i64,s> became duration<i64,s>");
  BOOST_TEST(obstacle_between("time<i64,s>", "i64") == "time<i64,s> became i64");
}

BOOST_AUTO_TEST_CASE(an_alternative_more_keeps_the_bytes) {
  BOOST_TEST((stays<std::variant<std::monostate, int>,
                    std::variant<std::monostate, int, std::string>>()));
}

BOOST_AUTO_TEST_CASE(every_random_change_is_that_of_its_rows) {
  with_seed([](random_records& random) {
    random_schemas schemas(random);
    std::size_t converted = 0;
    for (int i = 0; i < 400; ++i) {
      const record_schema written = schemas.type(4);
      const schema_change change = schemas.change(written);
      const type_conversion plan(parse_schema(schema_text(written)), change.declared);
      BOOST_REQUIRE_MESSAGE(plan.possible(), plan.obstacle());
      converted += !plan.identity();
      for (int n = 0; n < 10; ++n) {
        const row value = schemas.value(written);
        std::vector<std::byte> before, expected, out{std::byte{1}};
        encode_row(written, value, before);
        encode_row(change.declared, change.converted(value), expected);
        expected.insert(expected.begin(), std::byte{1});
        plan.append(before, out);
        BOOST_REQUIRE_MESSAGE(out == expected, schema_text(written)
                                                   << " to "
                                                   << schema_text(change.declared));
      }
    }
    BOOST_TEST(converted > 50U);
  });
}

BOOST_AUTO_TEST_CASE(random_types_are_compared_without_harm) {
  with_seed([](random_records& random) {
    random_schemas schemas(random);
    for (int i = 0; i < 500; ++i) {
      const record_schema written = schemas.type(2);
      const type_conversion plan(written, schemas.type(2));
      if (!plan.possible())
        continue;
      std::vector<std::byte> bytes;
      encode_row(written, schemas.value(written), bytes);
      BOOST_REQUIRE(!is_refused([&] { plan.convert(bytes); }));
    }
  });
}

BOOST_AUTO_TEST_CASE(damaged_bytes_are_converted_or_refused) {
  with_seed([](random_records& random) {
    random_schemas schemas(random);
    for (int i = 0; i < 400; ++i) {
      const record_schema written = schemas.type(4);
      const type_conversion plan(written, schemas.change(written).declared);
      std::vector<std::byte> bytes;
      encode_row(written, schemas.value(written), bytes);
      for (std::size_t size = 0; size < bytes.size(); ++size)
        BOOST_REQUIRE(plan.identity() ||
                      is_refused([&] { plan.convert(std::span(bytes).first(size)); }));
      for (int n = 0; n < 20 && !bytes.empty(); ++n) {
        bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
        is_refused([&] { plan.convert(bytes); });
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(bytes_of_another_type_are_refused) {
  const auto message = [](std::string_view written, std::string_view declared,
                          std::vector<std::uint8_t> values) {
    const type_conversion plan(parse_schema(written), parse_schema(declared));
    try {
      plan.convert(std::as_bytes(std::span(values)));
      return std::string();
    } catch (const error& refusal) {
      BOOST_TEST((refusal.kind() == failure::restore_refused));
      return std::string(refusal.what());
    }
  };
  const auto contains = [](const std::string& text, const char* part) {
    return text.find(part) != text.npos;
  };
  BOOST_TEST(contains(message("u8", "u16", {1, 2}), "longer than its type"));
  BOOST_TEST(contains(message("u16", "u32", {1}), "2 bytes should follow and 1 do"));
  BOOST_TEST(contains(message("optional<u8>", "optional<u16>", {2, 0}), "neither there"));
  BOOST_TEST(contains(message("variant<u8>", "variant<u16>", {1, 0}), "an alternative"));
  BOOST_TEST(contains(message("{a:u8,b:optional<string>}", "{a:u8}", {1, 2}), "neither"));
  BOOST_TEST(
      contains(message("{a:u8,b:variant<string>}", "{a:u8}", {1, 7}), "alternative"));
  BOOST_TEST(contains(message("list<u8>", "list<u16>", {255, 255, 255, 255}), "follow"));
  BOOST_TEST(contains(message("{a:u8,b:[[u64;4294967295];4294967295]}", "{a:u8}", {1, 2}),
                      "should follow"));
  BOOST_TEST(contains(message("{a:u8,b:list<[[[string;4294967295];4294967295];9]>}",
                              "{a:u8}", {1, 1, 0, 0, 0, 5}),
                      "should follow"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_type_conversion
