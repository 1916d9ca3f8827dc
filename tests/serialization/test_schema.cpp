#include "serialization/schema.hpp"
#include "serialization/text.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_schema {

BOOST_AUTO_TEST_SUITE(schema_)

WEIR_TEST_CASE_OF_TYPES(rows_have_the_bytes_of_records, T, sample_types) {
  const record_schema type = schema_of<T>();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 50; ++i) {
      const auto bytes = record_bytes(random.make<T>());
      byte_reader in(bytes);
      const row value = decode_row(type, in);
      BOOST_REQUIRE(in.at_end());
      std::vector<std::byte> again;
      encode_row(type, value, again);
      BOOST_REQUIRE((again == bytes));
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(rows_have_the_text_of_records, T, sample_types) {
  const record_schema type = schema_of<T>();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 50; ++i) {
      const T value = random.make<T>();
      const auto bytes = record_bytes(value);
      byte_reader in(bytes);
      std::string of_record;
      std::string of_row;
      append_text(of_record, value);
      append_text(of_row, type, decode_row(type, in));
      BOOST_REQUIRE(of_row == of_record);
    }
  });
}

WEIR_TEST_CASE_OF_TYPES(schemas_are_described_as_types_are, T, sample_types) {
  BOOST_TEST(description(schema_of<T>()) == type_description<T>());
}

WEIR_TEST_CASE_OF_TYPES(damaged_bytes_are_read_or_refused, T, sample_types) {
  const record_schema type = schema_of<T>();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 100; ++i) {
      auto bytes = record_bytes(random.make<T>());
      for (auto flips = random.below(4); flips > 0 && !bytes.empty(); --flips)
        bytes[random.below(bytes.size())] = static_cast<std::byte>(random.below(256));
      bytes.resize(bytes.size() - random.below(2));
      byte_reader in(bytes);
      is_refused([&] { decode_row(type, in); });
    }
  });
}

BOOST_AUTO_TEST_CASE(a_schema_has_the_names_of_the_fields) {
  const record_schema type = schema_of<everything>();
  BOOST_TEST(type.names.size() == 11U);
  BOOST_TEST(type.names[1] == "readings");
  const record_schema& of_reading = type.children[1].children[0];
  BOOST_TEST(of_reading.names[0] == "sensor");
  BOOST_TEST((of_reading == schema_of<reading>()));
  BOOST_TEST((schema_of<std::pair<int, int>>().names.empty()));
}

BOOST_AUTO_TEST_CASE(a_row_that_is_not_of_the_type_is_not_written) {
  const auto refused = [](const record_schema& type, const row& value) {
    std::vector<std::byte> out;
    return is_refused([&] { encode_row(type, value, out); });
  };
  BOOST_TEST(refused(schema_of<point>(), row{}));
  BOOST_TEST(refused(schema_of<std::string>(), row{.scalar = true}));
  BOOST_TEST(refused(schema_of<std::uint8_t>(), row{.scalar = std::int64_t{1}}));
  BOOST_TEST((refused(schema_of<std::variant<bool, char>>(),
                      row{.alternative = 2, .children = {row{}}})));
  BOOST_TEST(refused(schema_of<std::map<int, int>>(), row{.children = {row{}}}));
  BOOST_TEST(!refused(schema_of<std::vector<int>>(), row{}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_schema
