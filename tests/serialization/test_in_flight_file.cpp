#include "serialization/error.hpp"
#include "serialization/in_flight_file.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(in_flight_file)

namespace {

// Frozen: tests/golden/in_flight_v1 is its encoding.
weir::in_flight_file sample() {
  const std::vector<std::byte> records(70, std::byte{0x5a});
  const std::vector<std::byte> times(30, std::byte{0xa5});
  return {{"counts", 0, 1, {{records, {}}, {records, times}}},
          {"lines-rebalance", 1, 0, {{records, {}}}}};
}

std::vector<std::byte> golden(const char* name) {
  std::ifstream in(std::string(WEIR_GOLDEN_DIR "/") + name, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

bool refused(std::span<const std::byte> bytes) {
  try {
    weir::decode_in_flight(bytes, "f");
    return false;
  } catch (const weir::error& e) {
    return e.kind() == weir::failure::restore_refused;
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_decoded_file_equals_the_encoded_one) {
  BOOST_TEST((weir::decode_in_flight(weir::encode_in_flight(sample()), "f") == sample()));
  BOOST_TEST((weir::decode_in_flight(weir::encode_in_flight({}), "f") ==
              weir::in_flight_file{}));
}

BOOST_AUTO_TEST_CASE(the_golden_file_is_the_encoding) {
  BOOST_TEST((weir::encode_in_flight(sample()) == golden("in_flight_v1")));
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_flipped_bit_is_refused) {
  auto file = weir::encode_in_flight(sample());
  for (std::size_t size = 0; size < file.size(); ++size)
    BOOST_REQUIRE(refused(std::span(file).first(size)));
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = std::byte{1} << (bit % 8);
    file[bit / 8] ^= mask;
    BOOST_REQUIRE_MESSAGE(refused(file), "bit " << bit);
    file[bit / 8] ^= mask;
  }
}

BOOST_AUTO_TEST_SUITE_END()
