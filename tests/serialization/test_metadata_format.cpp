#include "serialization/capnp/metadata_format.hpp"
#include "serialization/envelope.hpp"
#include "serialization/error.hpp"
#include "tests/serialization/sample_metadata.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <utility>

BOOST_AUTO_TEST_SUITE(metadata_format)

namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t message_at = 20;
constexpr std::size_t checksum_bytes = 16;

bytes bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in.good(), "cannot open " + path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto content = std::as_bytes(std::span(text));
  return {content.begin(), content.end()};
}

std::string refusal_of(const bytes& input) {
  std::string refusal;
  BOOST_TEST(!weir::try_decode_metadata(input, refusal).has_value());
  return refusal;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// A sound envelope around `message`: what a hostile writer can produce.
bytes sealed(const bytes& message, std::uint32_t version = 1) {
  return weir::seal_envelope({{'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, version, "test"},
                             message);
}

bytes message_of(const bytes& file) {
  return {file.begin() + message_at, file.end() - checksum_bytes};
}

// What is written, with `text` where `placeholder` of the same length stands: by somebody
// who does not check what he writes.
bytes with_text(const weir::checkpoint_metadata& metadata, const std::string& placeholder,
                const std::string& text) {
  bytes message = message_of(weir::encode_metadata(metadata));
  std::string words = placeholder; // a text begins and ends with a word of 8 bytes
  words.resize((placeholder.size() / 8 + 1) * 8);
  std::size_t at = 0;
  const auto begins_at = [&](std::size_t place) {
    return std::memcmp(&message[place], words.data(), words.size()) == 0;
  };
  while (at + words.size() <= message.size() && !begins_at(at))
    at += 8;
  BOOST_REQUIRE(at + words.size() <= message.size());
  std::ranges::copy(std::as_bytes(std::span(text)), message.begin() + std::ptrdiff_t(at));
  return sealed(message);
}

bytes with_file_name(const std::string& name) {
  weir::checkpoint_metadata metadata = weir::sample_metadata();
  const std::string placeholder(name.size(), 'x');
  metadata.operators[0].subtasks[0].keyed->file.name = placeholder;
  return with_text(metadata, placeholder, name);
}

bytes with_data_root(const std::string& uri) {
  weir::checkpoint_metadata metadata = weir::sample_metadata();
  const std::string placeholder = "file:///" + std::string(uri.size() - 8, 'x');
  metadata.data_root = placeholder.substr(7);
  return with_text(metadata, placeholder, uri);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_decoded_checkpoint_equals_the_encoded_one) {
  const auto metadata = weir::sample_metadata();
  BOOST_TEST((weir::decode_metadata(weir::encode_metadata(metadata), "m") == metadata));
}

BOOST_AUTO_TEST_CASE(an_empty_checkpoint_survives_the_round_trip) {
  const weir::checkpoint_metadata empty;
  BOOST_TEST((weir::decode_metadata(weir::encode_metadata(empty), "m") == empty));
}

// Frozen: version 1 files exist outside; this one must decode for ever.
BOOST_AUTO_TEST_CASE(the_golden_file_of_version_1_decodes) {
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_v1");
  BOOST_TEST((weir::decode_metadata(golden, "golden") == weir::sample_metadata()));
}

// The same version, with what was appended since.
BOOST_AUTO_TEST_CASE(the_golden_file_with_schemas_decodes) {
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_schemas");
  BOOST_TEST(
      (weir::decode_metadata(golden, "golden") == weir::sample_metadata_with_schemas()));
}

BOOST_AUTO_TEST_CASE(the_golden_file_with_names_in_keys_is_the_encoding) {
  const auto metadata = weir::sample_metadata_with_key_schemas();
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_key_schemas");
  BOOST_TEST((weir::decode_metadata(golden, "golden") == metadata));
  BOOST_TEST((weir::encode_metadata(metadata) == golden));
}

BOOST_AUTO_TEST_CASE(the_golden_file_with_data_in_flight_decodes) {
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_in_flight");
  BOOST_TEST(
      (weir::decode_metadata(golden, "golden") == weir::sample_metadata_in_flight()));
}

BOOST_AUTO_TEST_CASE(the_golden_file_of_a_savepoint_decodes) {
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_savepoint");
  BOOST_TEST(
      (weir::decode_metadata(golden, "golden") == weir::sample_metadata_of_savepoint()));
}

BOOST_AUTO_TEST_CASE(the_golden_file_with_a_data_root_decodes) {
  const auto golden = bytes_of_file(WEIR_GOLDEN_DIR "/metadata_data_root");
  BOOST_TEST((weir::decode_metadata(golden, "golden") == weir::sample_metadata_apart()));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const bytes file = weir::encode_metadata(weir::sample_metadata());
  for (std::size_t size = 0; size < file.size(); ++size) {
    std::string refusal;
    const std::span<const std::byte> cut(file.data(), size);
    BOOST_REQUIRE(!weir::try_decode_metadata(cut, refusal).has_value());
    BOOST_REQUIRE(!refusal.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_refused) {
  bytes file = weir::encode_metadata(weir::sample_metadata());
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = std::byte{1} << (bit % 8);
    file[bit / 8] ^= mask;
    std::string refusal;
    BOOST_REQUIRE_MESSAGE(!weir::try_decode_metadata(file, refusal), "bit " << bit);
    file[bit / 8] ^= mask;
  }
}

BOOST_AUTO_TEST_CASE(a_byte_too_many_is_refused) {
  bytes file = weir::encode_metadata(weir::sample_metadata());
  file.push_back(std::byte{0});
  BOOST_TEST(contains(refusal_of(file), "is damaged"));
}

BOOST_AUTO_TEST_CASE(the_refusal_names_file_reason_and_remedy) {
  bytes file = weir::encode_metadata(weir::sample_metadata());
  file[100] ^= std::byte{1};
  BOOST_CHECK_EXCEPTION(weir::decode_metadata(file, "/x/chk-7/_metadata"), weir::error,
                        [](const weir::error& e) {
                          const std::string what = e.what();
                          return e.kind() == weir::failure::restore_refused &&
                                 contains(what, "/x/chk-7/_metadata") &&
                                 contains(what, "checksum") &&
                                 contains(what, "another checkpoint") &&
                                 !contains(what, "\n");
                        });
}

BOOST_AUTO_TEST_CASE(another_version_is_named) {
  const auto message = message_of(weir::encode_metadata(weir::sample_metadata()));
  BOOST_TEST(contains(refusal_of(sealed(message, 2)), "format version 2"));
}

BOOST_AUTO_TEST_CASE(a_hostile_length_is_refused_before_anything_is_allocated) {
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1} << 40,
                                     std::numeric_limits<std::uint64_t>::max(),
                                     std::numeric_limits<std::uint64_t>::max() - 35}) {
    bytes file = weir::encode_metadata(weir::sample_metadata());
    for (std::size_t i = 0; i < 8; ++i)
      file[12 + i] = static_cast<std::byte>(length >> (8 * i));
    BOOST_TEST(contains(refusal_of(file), "announces"));
  }
}

// With a sound checksum: whatever the bits say, it is decoded or refused, within bounds.
BOOST_AUTO_TEST_CASE(flipped_bits_under_a_sound_checksum_never_escape_the_reader) {
  bytes message = message_of(weir::encode_metadata(weir::sample_metadata()));
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    const auto mask = std::byte{1} << (bit % 8);
    message[bit / 8] ^= mask;
    std::string refusal;
    BOOST_REQUIRE(weir::try_decode_metadata(sealed(message), refusal).has_value() ==
                  refusal.empty());
    message[bit / 8] ^= mask;
  }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_cut_under_a_sound_checksum_is_refused) {
  const bytes message = message_of(weir::encode_metadata(weir::sample_metadata()));
  for (std::size_t size = 0; size < message.size() / 2; ++size)
    BOOST_TEST(!refusal_of(sealed({message.data(), message.data() + size})).empty());
}

BOOST_AUTO_TEST_CASE(names_are_kept_with_the_zeros_in_them) {
  weir::checkpoint_metadata metadata = weir::sample_metadata_in_flight();
  const std::string name("a\0b", 3);
  metadata.job_name = name;
  metadata.operators[0].name = name;
  metadata.operators[0].states[0].name = name;
  metadata.in_flight[0].edges[0].chain = name;
  BOOST_TEST((weir::decode_metadata(weir::encode_metadata(metadata), "m") == metadata));
}

// What the parser quotes of a message is any bytes.
BOOST_AUTO_TEST_CASE(a_refusal_is_one_line_whatever_the_message_is) {
  bytes message = message_of(weir::encode_metadata(weir::sample_metadata()));
  for (std::size_t at = 0; at < message.size(); ++at) {
    const auto was = std::exchange(message[at], std::byte{'\n'});
    std::string refusal;
    static_cast<void>(weir::try_decode_metadata(sealed(message), refusal));
    BOOST_TEST(refusal == weir::one_line(refusal));
    message[at] = was;
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_no_plain_file_names_are_refused) {
  using namespace std::string_literals;
  for (const auto& name : {"../etc/passwd"s, "/etc/passwd"s, ".hidden"s, "..."s, "a/b"s,
                           "a b"s, "a\0b"s, "a\n"s, "\xc3\xa4"s})
    BOOST_TEST(contains(refusal_of(with_file_name(name)), "plain file name"));
}

BOOST_AUTO_TEST_CASE(names_at_the_limits_are_accepted) {
  for (const auto& name :
       {std::string("-"), std::string("a..b"), std::string(128, 'Z')}) {
    const auto metadata = weir::decode_metadata(with_file_name(name), "m");
    BOOST_TEST(metadata.operators[0].subtasks[0].keyed->file.name == name);
  }
}

BOOST_AUTO_TEST_CASE(a_data_root_that_is_no_absolute_path_is_refused) {
  using namespace std::string_literals;
  for (const auto& uri :
       {"s3://bucket"s, "relative/path"s, "file://relative"s, "file:///a/../etc"s,
        "file:///a/./b"s, "file:///a//b/c"s, "file:///a/b/"s, "file:///a\nb"s,
        "file:///a\0b"s, "file://///"s})
    BOOST_TEST(contains(refusal_of(with_data_root(uri)), "no absolute path"), uri);
}

BOOST_AUTO_TEST_CASE(a_data_root_may_be_a_plain_path) {
  for (const auto* root : {"/data/of/jobs", "file:///data/of/jobs"})
    BOOST_TEST(weir::decode_metadata(with_data_root(root), "m").data_root ==
               "/data/of/jobs");
}

BOOST_AUTO_TEST_CASE(with_a_data_root_the_job_is_a_plain_file_name) {
  weir::checkpoint_metadata metadata = weir::sample_metadata_apart();
  BOOST_TEST(contains(refusal_of(with_text(metadata, metadata.job_id, "../../")),
                      "plain file name"));
}

BOOST_AUTO_TEST_CASE(a_savepoint_has_no_data_root) {
  auto metadata = weir::sample_metadata_of_savepoint();
  metadata.data_root = "/data";
  BOOST_CHECK_THROW(weir::encode_metadata(metadata), weir::error);
}

BOOST_AUTO_TEST_CASE(a_bad_name_is_not_written_either) {
  auto metadata = weir::sample_metadata();
  metadata.operators[0].subtasks[0].keyed->shared[0].name = "../x.sst";
  BOOST_CHECK_THROW(weir::encode_metadata(metadata), weir::error);
}

BOOST_AUTO_TEST_SUITE_END()
