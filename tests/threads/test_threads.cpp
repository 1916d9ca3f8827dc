// The engine on real threads with a checkpoint every 20 ms: what ThreadSanitizer watches.
#include "runtime/run.hpp"
#include "tests/support/counting_job.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loops_job.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace weir::testing::test_threads {

namespace {

/// Looks at the figures all the time while the job runs.
class watcher final : public job_observer {
public:
  std::uint64_t looks = 0;

  void watchable(const std::function<job_figures()>& look) override {
    looking_ = std::jthread([this, look](const std::stop_token& stop) {
      for (; !stop.stop_requested(); std::this_thread::yield(), ++looks)
        for (const auto& each : look().operators)
          if (each.parallelism != 2)
            wrong = true;
    });
  }
  void ended(const job_report&) override { looking_ = {}; }

  bool wrong = false;

private:
  std::jthread looking_;
};

struct threaded_job {
  counting_job counting{.records = 200'000,
                        .brief_records = 1000,
                        .keys = 5000,
                        .records_per_second = 40'000,
                        .failing = {}};
  run_request request;
  temporary_directory scratch{fast_directory()};
  counting_output written;

  threaded_job() {
    request.config.parallelism = 2;
    request.config.checkpoint_interval = std::chrono::milliseconds(20);
    request.config.checkpoint_dir = scratch.path();
    request.config.restart_delay = std::chrono::milliseconds(1);
  }

  job_report run_it() {
    job job;
    written = counting.build(job);
    watcher observer;
    job_report report = run(job, request, observer);
    BOOST_TEST(observer.looks > 0U);
    BOOST_TEST(!observer.wrong);
    BOOST_TEST(report.figures.rows_read == counting.records + counting.brief_records);
    return report;
  }

  void check_result() const {
    BOOST_TEST(difference(by_key(written), counting.expected()) == "");
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_FIXTURE_TEST_CASE(a_job_with_checkpoints_emits_what_a_plain_loop_emits,
                        threaded_job) {
  const job_report report = run_it();
  BOOST_TEST(report.attempts == 1u);
  // The brief pipeline ends at once, and the checkpoints go on.
  BOOST_TEST(report.checkpoints.size() > 1u);
  check_result();
}

BOOST_FIXTURE_TEST_CASE(a_job_that_fails_once_emits_what_a_plain_loop_emits,
                        threaded_job) {
  counting.failing = std::make_shared<std::atomic<bool>>(true);
  request.config.restart_attempts = 1;
  const job_report report = run_it();
  BOOST_TEST(report.attempts == 2u);
  check_result();
}

BOOST_AUTO_TEST_CASE(loops_let_go_on_what_a_plain_loop_does_and_end) {
  const loops_job loops{.records = 20'000};
  job job;
  const loops_output written = loops.build(job);
  run_request request;
  request.config.parallelism = 2;
  job_observer nobody;
  run(job, request, nobody);
  BOOST_TEST(loops.wrong_with(written) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_threads
