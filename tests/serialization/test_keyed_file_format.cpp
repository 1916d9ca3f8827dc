#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/error.hpp"
#include "tests/serialization/sample_metadata.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(keyed_file_format)

namespace {

// Frozen: what tests/golden/keyed_file_v1 says.
weir::keyed_database sample_database() {
  return {.tables = {{"000012.sst", "0123456789abcdef0123456789abcdef.sst"},
                     {"000031.sst", "fedcba9876543210fedcba9876543210.sst"}},
          .manifest_name = "MANIFEST-000005",
          .manifest = std::vector<std::byte>(300, std::byte{0xa5}),
          .current = "MANIFEST-000005\n"};
}

// Frozen: tests/golden/keyed_file_databases is its encoding.
weir::keyed_file sample() {
  weir::keyed_file file{{sample_database(), sample_database()}};
  file.databases[0].last_group = 42;
  file.databases[1].first_group = 43;
  file.databases[1].last_group = 63;
  file.databases[1].tables.pop_back();
  return file;
}

std::vector<std::byte> golden(const char* name) {
  std::ifstream in(std::string(WEIR_GOLDEN_DIR "/") + name, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

bool refused(std::span<const std::byte> bytes) {
  try {
    weir::decode_keyed_file(bytes, "k");
    return false;
  } catch (const weir::error& e) {
    return e.kind() == weir::failure::restore_refused;
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_decoded_file_equals_the_encoded_one) {
  BOOST_TEST(
      (weir::decode_keyed_file(weir::encode_keyed_file(sample()), "k") == sample()));
}

BOOST_AUTO_TEST_CASE(golden_files_decode) {
  BOOST_TEST((weir::decode_keyed_file(golden("keyed_file_v1"), "golden") ==
              weir::keyed_file{{sample_database()}}));
  BOOST_TEST(
      (weir::decode_keyed_file(golden("keyed_file_databases"), "golden") == sample()));
  BOOST_TEST((weir::encode_keyed_file(sample()) == golden("keyed_file_databases")));
}

BOOST_AUTO_TEST_CASE(databases_that_share_key_groups_are_refused) {
  auto file = sample();
  file.databases[1].first_group = 42;
  BOOST_TEST(refused(weir::encode_keyed_file(file)));
  file = sample();
  std::swap(file.databases[0], file.databases[1]);
  BOOST_TEST(refused(weir::encode_keyed_file(file)));
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_flipped_bit_is_refused) {
  auto file = weir::encode_keyed_file(sample());
  for (std::size_t size = 0; size < file.size(); ++size)
    BOOST_REQUIRE(refused({file.data(), size}));
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    file[bit / 8] ^= std::byte{1} << (bit % 8);
    BOOST_REQUIRE(refused(file));
    file[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

BOOST_AUTO_TEST_CASE(checkpoint_metadata_is_not_mistaken_for_it) {
  BOOST_TEST(refused(weir::encode_metadata(weir::sample_metadata())));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_plain_file_name_is_not_written) {
  auto file = sample();
  file.databases[0].tables[0].local = "../000012.sst";
  BOOST_CHECK_THROW(weir::encode_keyed_file(file), weir::error);
}

BOOST_AUTO_TEST_SUITE_END()
