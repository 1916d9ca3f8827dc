// `_metadata`: whatever its bytes are, it is refused in a sentence, or it is something
// that weir would write again, whose names lead nowhere else and whose types can be read
// or are refused.
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/data_root.hpp"
#include "serialization/file_name.hpp"
#include "serialization/schema_text.hpp"
#include "state/checkpoint_names.hpp"
#include "state/inspect/state_type.hpp"
#include "state/job_places.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format metadata_envelope{
    {'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, 1, "checkpoint metadata"};

bool is_below(const std::filesystem::path& root, const std::filesystem::path& path) {
  const std::string below = path.lexically_relative(root).string();
  return !below.empty() && below != "." && !below.starts_with("..");
}

void check_names(const checkpoint_metadata& metadata) {
  const std::filesystem::path job = "/checkpoints/job";
  const std::filesystem::path root =
      metadata.data_root.empty() ? job.parent_path().string() : metadata.data_root;
  const job_places places = places_of(metadata, job, {});
  FUZZ_REQUIRE(is_below(root, places.data), places.data.string());
  FUZZ_REQUIRE(places.metadata == job, places.metadata.string());
  for_each_file(metadata, [&](bool, const file_handle& file) {
    FUZZ_REQUIRE(is_file_name(file.name), file.name);
    FUZZ_REQUIRE(is_below(places.data, places.data / file.name), file.name);
  });
}

void check_schema(const std::string& text) {
  std::string refusal;
  if (const auto parsed = try_parse_schema(text, refusal))
    FUZZ_REQUIRE(schema_text(*parsed) == text, text);
  else
    require_sentence(refusal);
}

void check_states(const operator_metadata& op) {
  for (const state_description& state : op.states) {
    check_schema(state.schema);
    check_schema(state.key_schema);
    check_schema(state.value_type);
  }
  std::vector<state_type> types;
  const auto refused = refusal_of([&] { types = keyed_types_of(op); });
  FUZZ_REQUIRE(!refused || refused->kind() == failure::restore_refused, refused->what());
  FUZZ_REQUIRE(refused || types.size() == op.states.size(), op.name);
}

void check(byte_span bytes) {
  std::string refusal;
  const auto metadata = try_decode_metadata(bytes, refusal);
  if (!metadata) {
    require_sentence(refusal);
    return;
  }
  FUZZ_REQUIRE(refusal.empty(), refusal);
  FUZZ_REQUIRE(decode_metadata(encode_metadata(*metadata), "again") == *metadata,
               "what was read is written as something else");
  check_names(*metadata);
  for (const operator_metadata& op : metadata->operators)
    check_states(op);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(metadata_envelope, data, size, check);
}
