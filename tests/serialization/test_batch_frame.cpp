#include "serialization/batch_frame.hpp"
#include "serialization/capnp/keyed_file_format.hpp"
#include "tests/serialization/case_of_types.hpp"
#include "tests/serialization/sample_records.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

namespace weir::test::test_batch_frame {

namespace {

template <class T>
std::vector<T> random_batch(random_records& random, std::size_t count) {
  std::vector<T> records;
  for (std::size_t i = 0; i < count; ++i)
    records.push_back(random.make<T>());
  return records;
}

template <class T>
std::vector<std::byte> frame_of(const std::vector<T>& records) {
  return encode_batch(std::span<const T>(records));
}

std::vector<std::byte> frame_of(const std::vector<bool>& records) {
  const auto copy = std::make_unique<bool[]>(records.size());
  std::copy(records.begin(), records.end(), copy.get());
  return encode_batch(std::span<const bool>(copy.get(), records.size()));
}

template <class T>
std::string refusal_of(std::span<const std::byte> bytes) {
  try {
    std::vector<T> records;
    decode_batch(bytes, "b", records);
    return "none";
  } catch (const error& e) {
    return e.what();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(batch_frame_)

WEIR_TEST_CASE_OF_TYPES(batches_of_every_type_come_back, T, sample_types) {
  with_seed([](random_records& random) {
    std::vector<T> read; // used again
    for (const std::size_t count : {0U, 1U, 7U, 3U, 100U}) {
      const auto records = random_batch<T>(random, count);
      decode_batch(frame_of(records), "b", read);
      BOOST_REQUIRE((read == records));
    }
  });
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_flipped_bit_is_refused) {
  auto bytes = frame_of(std::vector<click>{golden_click, {}});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    BOOST_REQUIRE(refusal_of<click>({bytes.data(), size}) != "none");
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    BOOST_REQUIRE(refusal_of<click>(bytes) != "none");
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_of_another_type_is_refused) {
  BOOST_TEST(refusal_of<std::uint64_t>(frame_of(std::vector<std::string>{"a"})) ==
             "cannot read a batch: 'b' holds records of type string instead of u64");
}

BOOST_AUTO_TEST_CASE(a_count_that_does_not_fit_the_bytes_is_refused) {
  const std::vector<std::byte> eight(8);
  BOOST_TEST(refusal_of<std::uint64_t>(encode_batch_frame({0xffffffff, "u64", eight})) ==
             "cannot read a batch: 'b' has fewer bytes than its records take");
  BOOST_TEST(refusal_of<std::uint64_t>(encode_batch_frame({0, "u64", eight})) ==
             "cannot read a batch: 'b' has more bytes than its records take");
  BOOST_TEST(refusal_of<std::string>(encode_batch_frame({1, "string", eight})) ==
             "cannot read a batch: 'b' has more bytes than its records take");
}

BOOST_AUTO_TEST_CASE(another_message_is_not_mistaken_for_a_batch) {
  const auto keyed = encode_keyed_file({});
  BOOST_TEST(refusal_of<click>(keyed).find("is not a batch file of weir") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_frame_says_what_is_in_it) {
  const batch_frame frame =
      decode_batch_frame(frame_of(std::vector<std::uint16_t>{1, 258}), "b");
  BOOST_TEST(frame.count == 2U);
  BOOST_TEST(frame.type == "u16");
  BOOST_TEST(hex(frame.values) == "01000201");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_batch_frame
