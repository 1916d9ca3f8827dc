#include "apps/weir/control/control_messages.hpp"
#include "apps/weir/control/job_text.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::cli::test::test_job_text {

namespace {

job_info sample() {
  job_info job;
  job.job_id = "c0ffee";
  job.name = "word_count";
  job.pid = 4711;
  job.started_ms = 1'000'000;
  job.rows_read = 1'234'567;
  job.rows_written = 7;
  job.checkpoints = "/data/c0ffee";
  job.interval_ms = 10'000;
  job.last = last_checkpoint{42, "/data/c0ffee/chk-42", 1'060'000, 17, 2048};
  job.completed = 6;
  return job;
}

} // namespace

BOOST_AUTO_TEST_SUITE(job_text)

BOOST_AUTO_TEST_CASE(the_age_of_the_last_checkpoint_warns_above_three_intervals) {
  job_info job = sample();
  BOOST_TEST(checkpoint_age(job, 1'065'000) == "5.0 s ago, chk-42");
  BOOST_TEST(checkpoint_age(job, 1'090'000) == "30 s ago, chk-42");
  BOOST_TEST(checkpoint_age(job, 1'093'000) ==
             "33 s ago, chk-42 (OVERDUE: one is due every 10 s)");
  BOOST_TEST(checkpoint_age(job, 1'000) == "0.0 s ago, chk-42"); // clocks go back
  job.last.reset();
  BOOST_TEST(checkpoint_age(job, 1'001'000) == "none yet");
  BOOST_TEST(checkpoint_age(job, 1'060'000) ==
             "none yet (OVERDUE: one is due every 10 s)");
  job.interval_ms = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(checkpoint_age(job, 1'060'000) == "none yet");
  job.interval_ms.reset();
  BOOST_TEST(checkpoint_age(job, 1'060'000) == "none are taken");
}

BOOST_AUTO_TEST_CASE(a_list_has_a_line_for_each) {
  BOOST_TEST(text_of(std::vector<job_info>{}, 0) == "no jobs are running\n");
  const std::string text = text_of(std::vector{sample(), sample()}, 1'065'000);
  BOOST_TEST(std::ranges::count(text, '\n') == 3);
  for (const char* part :
       {"c0ffee", "word_count", "4711", "1 min 05 s", "1,234,567", "5.0 s ago, chk-42"})
    BOOST_TEST(text.find(part) != text.npos, part << " in " << text);
}

BOOST_AUTO_TEST_CASE(all_about_one) {
  const std::string text = text_of(sample(), 1'065'000);
  for (const char* part : {"job c0ffee (word_count)", "4711", "6 in /data/c0ffee",
                           "/data/c0ffee/chk-42, 2.0 kB, took 17 ms"})
    BOOST_TEST(text.find(part) != text.npos, part << " in " << text);
}

BOOST_AUTO_TEST_CASE(whatever_a_job_says_of_itself_is_printed) {
  job_info job = sample();
  job.name = "clicks\n\x1b[2J";
  job.started_ms = std::numeric_limits<std::int64_t>::min();
  job.interval_ms = std::numeric_limits<std::int64_t>::max();
  job.last->completed_ms = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(text_of(job, 1'065'000).starts_with("job c0ffee (clicks\\n\\u001b[2J)\n"));
  const std::string table = text_of(std::vector{job}, 1'065'000);
  BOOST_TEST(table.find("876600 h 00 min") != table.npos, table);
  BOOST_TEST(std::ranges::count(table, '\n') == 2);
}

BOOST_AUTO_TEST_CASE(messages_come_back_and_others_are_refused_with_a_reason) {
  std::string problem;
  const control_request request{"stop", "/tmp/with \"quotes\"\n", "full"};
  BOOST_TEST((request_of(line_of(request), problem) == request));
  control_answer answer;
  answer.info = sample();
  BOOST_TEST((answer_of(line_of(answer), problem) == answer));
  // What a newer one adds is left aside, what an older one lacks is missing.
  BOOST_TEST((request_of(R"({"command":"info","more":[1]})", problem) ==
              control_request{"info", {}, {}}));
  BOOST_TEST(problem.empty());
  for (const char* line :
       {"", "info", "{}", R"({"command":1})", R"({"command":"x"} x)"}) {
    problem.clear();
    BOOST_TEST(!request_of(line, problem));
    BOOST_TEST(!problem.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_job_text
