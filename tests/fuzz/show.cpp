// A `_metadata` as `weir checkpoint show` and `list` print it: whatever it says of
// itself, what is printed does nothing to a terminal, and is JSON where that was asked
// for.
#include "apps/weir/checkpoint_text.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "tests/fuzz/fuzz_json.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format metadata_envelope{
    {'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, 1, "checkpoint metadata"};
constexpr std::int64_t now_ms = 1'800'000'000'000;

void check(byte_span bytes) {
  std::string refusal;
  const auto metadata = try_decode_metadata(bytes, refusal);
  if (!metadata)
    return;
  const located_checkpoint located{"/job/chk-1", "/job/chk-1", "/job/shared", *metadata};
  const std::string text = cli::text_of(located, now_ms);
  require_lines(text);
  listed_job job{"/job", false, {}};
  job.checkpoints.push_back({{1}, "/job/chk-1", true, {}, *metadata});
  const std::string list = cli::text_of(job, now_ms);
  require_lines(list);
  FUZZ_REQUIRE(std::ranges::count(list, '\n') == 2, list);
  for (const std::string& json : {cli::json_of(located), cli::json_of(job)}) {
    FUZZ_REQUIRE(json.find('\n') == json.size() - 1, json);
    require_json(json.substr(0, json.size() - 1));
  }
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(metadata_envelope, data, size, check);
}
