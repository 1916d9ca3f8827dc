#include "apps/weir/summary.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_summary {

using namespace std::chrono_literals;

namespace {

job_report sample_report() {
  job_report report;
  report.job_id = "c0ffee";
  report.duration = 2500ms;
  report.figures.rows_read = 1'000'000;
  report.figures.rows_written = 900'000;
  report.checkpoints.resize(7);
  report.attempts = 3;
  return report;
}

} // namespace

BOOST_AUTO_TEST_SUITE(summary)

BOOST_AUTO_TEST_CASE(a_finished_job) {
  BOOST_TEST(summary_text(sample_report()) == "job c0ffee FINISHED\n"
                                              "  duration      2.50 s\n"
                                              "  rows read     1,000,000 (400,000/s)\n"
                                              "  rows written  900,000 (360,000/s)\n"
                                              "  checkpoints   7\n"
                                              "  restarts      2\n");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_is_there_when_there_was_some) {
  job_report report = sample_report();
  report.figures.malformed = 12'345;
  report.figures.late = 6;
  const std::string text = summary_text(report);
  BOOST_TEST((text.find("  malformed     12,345\n  late          6\n") != text.npos),
             text);
}

BOOST_AUTO_TEST_CASE(what_became_of_its_checkpoints) {
  job_report report = sample_report();
  const auto said = [&report](const std::string& line) {
    const std::string text = summary_text(report);
    BOOST_TEST((text.find("  checkpoints   " + line + "\n") != text.npos), text);
  };
  report.checkpoint_directory = "/c/job";
  report.checkpoints_kept = 3;
  said("7; 3 kept in /c/job");
  report.checkpoints_failed = 2;
  report.checkpoints_kept = 0;
  report.checkpoints_deleted = 1;
  said("7, 2 failed; 1 deleted in /c/job");
}

BOOST_AUTO_TEST_CASE(how_it_ended) {
  job_report report = sample_report();
  BOOST_TEST(status_of(report) == "FINISHED");
  report.cancelled = true;
  BOOST_TEST(status_of(report) == "CANCELLED");
  report.cancelled = false;
  report.failure = "for a reason";
  BOOST_TEST(status_of(report) == "FAILED");
}

BOOST_AUTO_TEST_CASE(the_rates_of_progress_are_those_since_the_last_line) {
  job_figures before;
  before.rows_read = 1'000'000;
  before.rows_written = 10;
  job_figures now = before;
  now.rows_read += 50'000;
  BOOST_TEST(progress_text(75s, before, now, 10s) ==
             "1 min 15 s: 1,050,000 rows read (5.00k/s), 10 written (0/s)");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_summary
