// What `weir checkpoint` says of a checkpoint: golden.
#include "apps/weir/checkpoint_text.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <utility>

namespace weir::cli::test::test_checkpoint_text {

namespace {

const std::int64_t completed_at = 1'700'000'000'250;

checkpoint_metadata sample_metadata() {
  checkpoint_metadata metadata;
  metadata.id = {7};
  metadata.job_id = "c0ffee";
  metadata.job_name = "click \"count\"";
  metadata.weir_version = "0.1.0";
  metadata.state_backend = "rocksdb";
  metadata.triggered_at_ms = completed_at - 12;
  metadata.completed_at_ms = completed_at;
  metadata.operators.push_back(
      {"counts", 1, 128, {{"value", "value", "u64", "u32", "u32"}}, {}});
  const file_handle keyed{"counts-0.keyed", 1000, {1, 2}};
  const file_handle shared{"00.sst", 2000, {3, 4}};
  file_handle position{"counts-0.operator", 8, {5, 6}};
  position.content = std::vector<std::byte>(8);
  metadata.operators[0].subtasks.push_back({0, keyed_handle{keyed, {shared}}, position});
  return metadata;
}

listed_job sample_job() {
  listed_job job{"/jobs/c0ffee", true, {}};
  job.checkpoints.push_back({{7}, "/jobs/c0ffee/chk-7", true, {}, sample_metadata()});
  job.checkpoints.push_back({{8}, "/jobs/c0ffee/chk-8", true, "is cut short", {}});
  job.checkpoints.push_back({{9}, "/jobs/c0ffee/chk-9", false, {}, {}});
  return job;
}

const located_checkpoint sample{"/jobs/c0ffee/chk-7", "/jobs/c0ffee/chk-7",
                                "/jobs/c0ffee/shared", sample_metadata()};

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_text)

BOOST_AUTO_TEST_CASE(a_job_and_its_checkpoints) {
  BOOST_TEST(text_of(sample_job(), completed_at + 65'000) ==
             "/jobs/c0ffee: click \"count\" (running)\n"
             "  chk-7      complete      1 min 05 s ago     3.0 kB  counts\n"
             "  chk-8      damaged: its _metadata is cut short\n"
             "  chk-9      incomplete\n");
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_makes_nothing_younger_than_now) {
  const std::string text = text_of(sample_job(), completed_at - 65'000);
  BOOST_TEST((text.find(" 0.0 s ago") != text.npos), text);
}

BOOST_AUTO_TEST_CASE(whatever_a_checkpoint_says_of_itself_is_printed) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  located_checkpoint odd = sample;
  odd.metadata.job_name = "clicks\n\x1b[2J";
  odd.metadata.operators[0].name = "a\nb";
  odd.metadata.triggered_at_ms = lowest;
  odd.metadata.completed_at_ms = highest;
  const std::string text = text_of(odd, completed_at);
  BOOST_TEST(text.find("job c0ffee, clicks\\n\\u001b[2J\n") != text.npos, text);
  BOOST_TEST(text.find("operator 'a\\nb', 1 task") != text.npos, text);
  BOOST_TEST(text.find("triggered -9223372036854775808 ms since 1970") != text.npos,
             text);
  std::swap(odd.metadata.triggered_at_ms, odd.metadata.completed_at_ms);
  const std::string later = text_of(odd, completed_at);
  BOOST_TEST(later.find("completed 0 ms later, 876600 h 00 min ago") != later.npos,
             later);
}

BOOST_AUTO_TEST_CASE(the_same_as_json) {
  BOOST_TEST(
      json_of(sample_job()) ==
      R"({"job_id":"c0ffee","running":true,"checkpoint":7,"directory":"/jobs/c0ffee/chk-7",)"
      R"("complete":true,"problem":null,"job_name":"click \"count\"",)"
      R"("completed_at_ms":1700000000250,"bytes":3000,"operators":["counts"]})"
      "\n"
      R"({"job_id":"c0ffee","running":true,"checkpoint":8,"directory":"/jobs/c0ffee/chk-8",)"
      R"("complete":true,"problem":"is cut short","job_name":null,)"
      R"("completed_at_ms":null,"bytes":null,"operators":[]})"
      "\n"
      R"({"job_id":"c0ffee","running":true,"checkpoint":9,"directory":"/jobs/c0ffee/chk-9",)"
      R"("complete":false,"problem":null,"job_name":null,)"
      R"("completed_at_ms":null,"bytes":null,"operators":[]})"
      "\n");
}

BOOST_AUTO_TEST_CASE(one_checkpoint) {
  BOOST_TEST(text_of(sample, completed_at + 3000) ==
             "checkpoint /jobs/c0ffee/chk-7\n"
             "job c0ffee, click \"count\"\n"
             "written by weir 0.1.0, state backend rocksdb\n"
             "triggered 2023-11-14 22:13:20 UTC, completed 12 ms later, 3.0 s ago\n"
             "3.0 kB in 2 files, 1 of them in shared/ (2.0 kB)\n"
             "operator 'counts', 1 task, max parallelism 128\n"
             "  state 'value': value of u32, key u64\n"
             "  task 0: counts-0.keyed, 1.0 kB\n"
             "  task 0: shared/00.sst, 2.0 kB\n"
             "  task 0: counts-0.operator, 8 B in _metadata\n");
}

BOOST_AUTO_TEST_CASE(one_checkpoint_as_json) {
  BOOST_TEST(
      json_of(sample) ==
      R"({"checkpoint":7,"directory":"/jobs/c0ffee/chk-7",)"
      R"("data_directory":null,"job_id":"c0ffee",)"
      R"("job_name":"click \"count\"","weir_version":"0.1.0","state_backend":"rocksdb",)"
      R"("triggered_at_ms":1700000000238,"completed_at_ms":1700000000250,"files":2,)"
      R"("bytes":3000,"operators":[{"name":"counts","parallelism":1,"max_parallelism":128,)"
      R"("states":[{"name":"value","kind":"value","key_type":"u64","value_type":"u32"}],)"
      R"("subtasks":[[{"name":"counts-0.keyed","bytes":1000,)"
      R"("checksum":"00000000000000020000000000000001","shared":false,"in_metadata":false},)"
      R"({"name":"00.sst","bytes":2000,"checksum":"00000000000000040000000000000003",)"
      R"("shared":true,"in_metadata":false},{"name":"counts-0.operator","bytes":8,)"
      R"("checksum":"00000000000000060000000000000005","shared":false,"in_metadata":true}]]}],)"
      R"("in_flight":[]})"
      "\n");
}

BOOST_AUTO_TEST_CASE(files_that_lie_apart) {
  auto apart = sample;
  apart.data = "/data/c0ffee/chk-7";
  BOOST_TEST((text_of(apart, completed_at).find("\nfiles in /data/c0ffee/chk-7\n") !=
              std::string::npos));
  BOOST_TEST((json_of(apart).find(R"("data_directory":"/data/c0ffee/chk-7",)") !=
              std::string::npos));
}

BOOST_AUTO_TEST_CASE(records_that_were_in_flight) {
  auto unaligned = sample;
  unaligned.metadata.in_flight.push_back(
      {{"lines-0.inflight", 64, {7, 8}, {}}, {{"counts", 1, 2, "{u64,string}"}}});
  BOOST_TEST(
      (text_of(unaligned, completed_at)
           .ends_with("in flight: lines-0.inflight, 64 B, {u64,string} for input 1 "
                      "of 'counts'\n")));
  BOOST_TEST((json_of(unaligned).ends_with(
      R"("in_flight":[{"file":{"name":"lines-0.inflight","bytes":64,)"
      R"("checksum":"00000000000000080000000000000007","shared":false,)"
      R"("in_metadata":false},"to":["counts"]}]})"
      "\n")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_checkpoint_text
