// What scripts read: golden.
#include "apps/weir/json_events.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_json_events {

using namespace std::chrono_literals;

namespace {

const weir::cli::json_events at(1234);

job_figures sample_figures() {
  job_figures figures;
  figures.rows_read = 10;
  figures.rows_written = 9;
  figures.late = 1;
  figures.operators.push_back({.name = "clicks \"new\"",
                               .parallelism = 2,
                               .records_in = 10,
                               .bytes_in = 160,
                               .records_out = 9,
                               .bytes_out = 144,
                               .busy = 5ms,
                               .idle = 1500us,
                               .batches_queued = 4,
                               .watermark = event_time(1'234'567us)});
  return figures;
}

const std::string sample_operators =
    R"("operators":[{"name":"clicks \"new\"","parallelism":2,"records_in":10,)"
    R"("bytes_in":160,"records_out":9,"bytes_out":144,"malformed":0,"late":0,)"
    R"("busy_ms":5,"back_pressured_ms":0,"idle_ms":1,"batches_queued":4,)"
    R"("batches_waiting":0,"watermark_ms":1234}])";

} // namespace

BOOST_AUTO_TEST_SUITE(json_events)

BOOST_AUTO_TEST_CASE(where_a_run_begins_or_would) {
  BOOST_TEST(
      at.restoring("/checkpoints/c0ffee/chk-7", true) ==
      R"({"event":"restoring","time_ms":1234,"directory":"/checkpoints/c0ffee/chk-7","claimed":true})"
      "\n");
  BOOST_TEST(
      at.dry_run("/checkpoints/c0ffee/chk-7", 6, {"counts"}) ==
      R"({"event":"dry_run","time_ms":1234,"restore_from":"/checkpoints/c0ffee/chk-7","tasks":6,"skipped":["counts"]})"
      "\n");
  BOOST_TEST(
      at.dry_run(std::nullopt, 6, {}) ==
      R"({"event":"dry_run","time_ms":1234,"restore_from":null,"tasks":6,"skipped":[]})"
      "\n");
}

BOOST_AUTO_TEST_CASE(the_beginning) {
  BOOST_TEST(at.configured("/here/weir.yaml") ==
             R"({"event":"configured","time_ms":1234,"file":"/here/weir.yaml"})"
             "\n");
  BOOST_TEST(
      at.started("c0ffee", "/checkpoints/c0ffee") ==
      R"({"event":"started","time_ms":1234,"job_id":"c0ffee","checkpoints":"/checkpoints/c0ffee"})"
      "\n");
  BOOST_TEST(at.started("c0ffee", "") ==
             R"({"event":"started","time_ms":1234,"job_id":"c0ffee","checkpoints":null})"
             "\n");
  BOOST_TEST(at.restored({7}, {2}) ==
             R"({"event":"restored","time_ms":1234,"checkpoint":7,"attempt":2})"
             "\n");
}

BOOST_AUTO_TEST_CASE(what_happens) {
  BOOST_TEST(
      at.checkpoint({{7}, "/c/chk-7", 12'345us, 99, 9}) ==
      R"({"event":"checkpoint","time_ms":1234,"checkpoint":7,"directory":"/c/chk-7","duration_ms":12,"bytes":99,"in_flight_bytes":9})"
      "\n");
  BOOST_TEST(
      at.restarting("it\nbroke", {2}, 1s) ==
      R"({"event":"restarting","time_ms":1234,"cause":"it\nbroke","attempt":2,"delay_ms":1000})"
      "\n");
  BOOST_TEST(
      at.progress(10s, sample_figures()) ==
      R"({"event":"progress","time_ms":1234,"elapsed_ms":10000,"rows_read":10,"rows_written":9,"malformed":0,"late":1,)" +
          sample_operators + "}\n");
}

BOOST_AUTO_TEST_CASE(the_end) {
  job_report report;
  report.job_id = "c0ffee";
  report.cancelled = true;
  report.duration = 3s;
  report.attempts = 2;
  report.checkpoints.resize(1);
  report.checkpoints_failed = 2;
  report.checkpoints_kept = 3;
  report.resume_from = "/c/chk-7";
  report.figures = sample_figures();
  BOOST_TEST(at.cancelling() == R"({"event":"cancelling","time_ms":1234})"
                                "\n");
  BOOST_TEST(
      at.ended(report, "weir run -r c0ffee") ==
      R"({"event":"ended","time_ms":1234,"job_id":"c0ffee","status":"CANCELLED","duration_ms":3000,"rows_read":10,"rows_written":9,"malformed":0,"late":1,"checkpoints":1,"checkpoints_failed":2,"checkpoints_kept":3,"checkpoints_deleted":0,"restarts":1,"savepoint":null,"resume_from":"/c/chk-7","resume_command":"weir run -r c0ffee",)" +
          sample_operators + "}\n");
  const std::string why =
      R"({"event":"error","time_ms":1234,"exit_code":1,"message":"because")";
  BOOST_TEST(at.failed(1, "because") == why + R"(,"resume_command":null})"
                                              "\n");
  BOOST_TEST(at.failed(1, "because", "weir run -s x") ==
             why + R"(,"resume_command":"weir run -s x"})"
                   "\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_json_events
