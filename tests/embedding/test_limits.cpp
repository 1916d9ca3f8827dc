// User code that does not return: at a barrier, and when the job is to end.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <thread>

namespace weir::testing::test_limits {

namespace {

constexpr std::uint64_t numbers = 2'000;

/// Output that is prepared at barriers, the first time not before it is told to.
class slow_to_prepare {
public:
  slow_to_prepare(std::atomic<bool>& held, std::atomic<std::uint64_t>& committed)
      : held_(&held), committed_(&committed) {}

  class writer {
  public:
    using committable = std::uint64_t;
    explicit writer(std::atomic<bool>& held) : held_(&held) {}
    void start(const transactions_start&) {}
    void write(std::uint64_t) { ++written_; }
    void flush() {}
    prepared_transaction<std::uint64_t> prepare() {
      held_->wait(true);
      return {std::exchange(written_, 0), {}};
    }

  private:
    std::atomic<bool>* held_;
    std::uint64_t written_ = 0;
  };

  template <std::same_as<std::uint64_t> T>
  writer open(std::uint32_t, std::uint32_t) const {
    return writer(*held_);
  }
  void commit(const std::vector<std::uint64_t>& counts) const {
    for (const std::uint64_t count : counts)
      *committed_ += count;
  }

private:
  std::atomic<bool>* held_;
  std::atomic<std::uint64_t>* committed_;
};

struct limits_fixture : job_observer {
  temporary_directory place{fast_directory()};
  std::atomic<bool> held = true;
  job_control control;
  std::vector<std::string> causes, stuck_ones, slow_ones;
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"restart-strategy.fixed-delay.attempts", "100"},
                   {"restart-strategy.fixed-delay.delay", "0"}},
      .observer = this,
  };

  void restarting(const std::string& cause, attempt_id,
                  std::chrono::milliseconds) override {
    causes.push_back(cause);
    let_go();
  }
  void stuck(const std::string& who) override {
    stuck_ones.push_back(who);
    let_go();
  }
  void warned(const std::string& of) override {
    if (of.find(", and one is due every 1.0 s: ") == of.npos)
      return;
    slow_ones.push_back(of);
    control.cancel();
  }
  void let_go() {
    held = false;
    held.notify_all();
  }

  static auto counting() {
    return generate(numbers, [](std::uint64_t i, random_stream&) { return i; })
        .records_per_second(2'000);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(limits, limits_fixture)

BOOST_AUTO_TEST_CASE(who_stands_too_long_at_a_barrier_fails_the_attempt) {
  options.settings["execution.checkpointing.sync-phase-timeout"] = "400ms";
  std::atomic<std::uint64_t> committed = 0;
  const job_report report = run(
      [&](job& job) {
        job.source("numbers", counting()).sink("slow", slow_to_prepare(held, committed));
      },
      options);
  BOOST_TEST_REQUIRE(report.restarts() > 0U); // more only if this machine stands still
  const std::string& cause = causes.front();
  BOOST_TEST(cause.find("operator 'numbers', subtask ") != cause.npos, cause);
  BOOST_TEST(cause.find("the synchronous part of checkpoint 1 is not over after 400 ms, "
                        "as long as execution.checkpointing.sync-phase-timeout") !=
                 cause.npos,
             cause);
  BOOST_TEST(committed == numbers);
  BOOST_TEST(stuck_ones.empty());
}

BOOST_AUTO_TEST_CASE(who_does_not_come_to_an_end_is_named) {
  options.parallelism = 8; // more than there are threads, and all of those hang
  options.settings["task.cancellation.timeout"] = "100ms";
  std::atomic<bool> hangs = false;
  std::stop_source stop;
  options.cancel = stop.get_token();
  const std::jthread canceller([&] {
    hangs.wait(false);
    stop.request_stop();
  });
  const job_report report = run(
      [&](job& job) {
        job.source("numbers", counting())
            .map([&](std::uint64_t number) {
              hangs = true;
              hangs.notify_one();
              held.wait(true);
              return number;
            })
            .sink("nowhere", discard());
      },
      options);
  BOOST_TEST(report.cancelled);
  BOOST_TEST_REQUIRE(stuck_ones.size() == 1U);
  const std::string& who = stuck_ones.front();
  BOOST_TEST(who.find("operator 'numbers', subtask ") != who.npos, who);
  BOOST_TEST(who.find("did not come to an end within 100 ms, as long as "
                      "task.cancellation.timeout gives them") != who.npos,
             who);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_takes_nearly_the_interval_is_told_of) {
  options.parallelism = 1;
  options.settings["execution.checkpointing.interval"] = "1s";
  options.control = &control;
  const auto work = [](std::uint64_t number) {
    using clock = std::chrono::steady_clock;
    for (const auto end = clock::now() + std::chrono::milliseconds(1);
         clock::now() < end;)
      ;
    return number;
  };
  const job_report report = run( // barriers wait behind all that is queued
      [&](job& job) {
        job.source("numbers", generate(1'000'000'000,
                                       [](std::uint64_t i, random_stream&) { return i; }))
            .rebalance()
            .map(work)
            .sink("nowhere", discard());
      },
      options);
  BOOST_TEST(report.cancelled);
  BOOST_TEST(slow_ones.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_limits
