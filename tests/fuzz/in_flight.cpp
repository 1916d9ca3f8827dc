// A file of records in flight: refused in a sentence, or written as the same again. What
// stands in it is divided among the tasks of a job, whatever it says, or refused.
#include "runtime/in_flight_plan.hpp"
#include "serialization/batch_frame.hpp"
#include "tests/fuzz/fuzz_job.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format in_flight_envelope{
    {'W', 'E', 'I', 'R', 'F', 'L', 'O', 'W'}, 1, "data in flight"};
constexpr envelope_format batch_envelope{
    {'W', 'E', 'I', 'R', 'B', 'T', 'C', 'H'}, 1, "batch"};

/// As the metadata of the job at parallelism 2 has it, whose file it says it is.
in_flight_metadata metadata_of_file() {
  in_flight_metadata saved;
  saved.file.name = "counts-0.inflight";
  saved.edges = {{"counts", 0, 2, "u64"}, {"sums", 0, 2, "u64"}};
  return saved;
}

void check_division(const in_flight_file& file) {
  for (const std::uint32_t parallelism : {2U, 3U}) {
    const auto plan = plan_execution(sample_graph(), parallelism, 128);
    std::vector<std::vector<batch_in_flight>> by_task;
    const auto refused = refusal_of([&] {
      by_task = divide_in_flight(sample_graph(), plan, {metadata_of_file()}, {file});
    });
    FUZZ_REQUIRE(!refused || refused->kind() == failure::restore_refused,
                 refused->what());
    FUZZ_REQUIRE(refused || by_task.size() == plan.tasks.size(), "lists by task");
  }
}

void check(byte_span bytes) {
  in_flight_file file;
  if (const auto refused = refusal_of([&] { file = decode_in_flight(bytes, "file"); })) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  FUZZ_REQUIRE(decode_in_flight(encode_in_flight(file), "again") == file,
               "what was read is written as something else");
  check_division(file);
  for (in_flight_section& section : file)
    for (encoded_batch& batch : section.batches)
      batch.records = resealed(batch_envelope, batch.records);
  check_division(file);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(in_flight_envelope, data, size, check);
}
