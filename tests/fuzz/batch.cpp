// A batch of records: a frame that is accepted is written as the same bytes again, and
// whatever stands in it, records of any type are read from it or it is refused.
#include "serialization/batch_frame.hpp"
#include "tests/fuzz/fuzz_records.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format batch_envelope{
    {'W', 'E', 'I', 'R', 'B', 'T', 'C', 'H'}, 1, "batch"};

template <class T>
void read_batch(byte_span bytes, std::vector<T>& records,
                [[maybe_unused]] text_arena& texts) {
  if constexpr (holds_text<T>)
    decode_batch(bytes, "batch", records, texts);
  else
    decode_batch(bytes, "batch", records);
}

template <class T>
void check_records(batch_frame frame) {
  frame.type = type_description<T>();
  const auto bytes = encode_batch_frame(frame);
  std::vector<T> records;
  text_arena texts;
  if (const auto refused = refusal_of([&] { read_batch(bytes, records, texts); })) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  FUZZ_REQUIRE(records.size() == frame.count, frame.type);
  // Compared as bytes, because not every number is equal to itself.
  const auto written = encode_batch(std::span<const T>(records));
  std::vector<T> again;
  text_arena of_again;
  read_batch(byte_span(written), again, of_again);
  FUZZ_REQUIRE(encode_batch(std::span<const T>(again)) == written, frame.type);
}

void check(byte_span bytes) {
  batch_frame frame;
  if (const auto refused =
          refusal_of([&] { frame = decode_batch_frame(bytes, "batch"); })) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  FUZZ_REQUIRE(decode_batch_frame(encode_batch_frame(frame), "again") == frame,
               "what was read is written as something else");
  check_records<std::uint64_t>(frame);
  check_records<std::string>(frame);
  check_records<flat>(frame);
  check_records<note>(frame);
  check_records<nested>(frame);
  check_records<views>(frame);
  check_records<several>(frame);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(batch_envelope, data, size, check);
}
