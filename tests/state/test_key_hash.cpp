// Keys whose types are known at run time only hash as they do otherwise: or nobody would
// find their rows.
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/value_json.hpp"
#include "state/hash.hpp"
#include "state/inspect/key_hash.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_key_hash {

BOOST_AUTO_TEST_SUITE(key_hash)

WEIR_TEST_CASE_OF_TYPES(rows_hash_as_keys_do, T, key_types) {
  const record_schema type = parse_schema(schema_text(schema_of<T>()));
  with_seed([&](random_records& random) {
    for (int i = 0; i < 200; ++i) {
      const T key = random.make<T>();
      const auto bytes = record_bytes(key);
      byte_reader in(bytes);
      BOOST_TEST_REQUIRE(hash_of(type, decode_row(type, in)) == hash_of(key));
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_key_hash
