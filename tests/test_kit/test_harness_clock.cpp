// Processing time in a harness: the test moves it, and every mode sees the same.
#include "tests/test_kit/records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_harness_clock {

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

using listed = std::vector<std::int64_t>;

constexpr processing_time from_1970(processing_clock::duration since) {
  return processing_time(since);
}
std::int64_t seconds_in(auto time) {
  return time.time_since_epoch() / 1s;
}

/// What the clock says at every record.
struct sees_clock {
  using output = std::int64_t;

  void process(std::int64_t, auto& out) { out.emit(seconds_in(out.processing_time())); }
};

/// Sets deadlines so many seconds from now, in both times.
class sets_both {
public:
  using output = std::string;

  explicit sets_both(state_binder& state)
      : by_clock_(state.processing_timers("by-clock")),
        by_events_(state.timer("events")) {}

  void process(std::int64_t n, auto& out) {
    by_clock_.add(out.processing_time() + std::chrono::seconds(n));
    by_clock_.add(out.processing_time() + std::chrono::seconds(2 * n));
    by_events_.set(out.time() + std::chrono::seconds(n));
  }
  void on_timer(const fired_timer& fired, auto& out) {
    const bool by_events = fired.is_of(by_events_);
    BOOST_REQUIRE(by_events != fired.is_of(by_clock_));
    const auto when = by_events ? seconds_in(fired.deadline())
                                : seconds_in(fired.processing_deadline());
    out.emit((by_events ? "event " : "clock ") + std::to_string(when) + " at " +
             std::to_string(seconds_in(out.time())));
  }

private:
  processing_timers by_clock_;
  timer by_events_;
};

/// Goes off every second, and counts.
class ticks {
public:
  using output = std::int64_t;

  explicit ticks(state_binder& state)
      : count_(state.value<std::int64_t>("count")),
        next_(state.processing_timer("next")) {}

  void process(std::int64_t, auto& out) { next_.set(out.processing_time() + 1s); }
  void on_timer(const fired_timer& tick, auto& out) {
    out.emit(++count_.edit());
    next_.set(tick.processing_deadline() + 1s);
  }

private:
  value_state<std::int64_t> count_;
  processing_timer next_;
};

/// How many of the last minute there are, of each key.
class last_minute {
public:
  using output = std::int64_t;

  explicit last_minute(state_binder& state)
      : all_(state.list<std::int64_t>("all", expire_after_write(1min))) {}

  void process(std::int64_t n, auto& out) {
    all_.add(n);
    out.emit(static_cast<std::int64_t>(all_.size()));
  }

private:
  expiring<list_state<std::int64_t>> all_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(harness_clock)

BOOST_AUTO_TEST_CASE(tasks_are_told_what_the_test_says) {
  in_every_mode([](mode how) {
    operator_harness<std::int64_t, std::int64_t> harness(how, [](auto numbers) {
      return numbers.rebalance().process("see", sees_clock());
    });
    BOOST_TEST((harness.now() == from_1970(0s)), how);
    harness.push({1, 2});
    harness.advance(90s);
    BOOST_TEST((harness.now() == from_1970(90s)), how);
    harness.push({3});
    BOOST_TEST((harness.take() == listed{0, 0, 90}), how);
  });
}

BOOST_AUTO_TEST_CASE(each_deadline_comes_in_its_own_time) {
  in_every_mode([](mode how) {
    operator_harness<timed<std::int64_t>, std::string> harness(how, [](auto numbers) {
      return numbers.key_by([](std::int64_t) { return 0; })
          .template process<sets_both>("both");
    });
    harness.watermark(at(100s));
    harness.push({{5, at(101s)}});
    harness.advance(4s);
    BOOST_TEST(harness.take().empty(), how);
    harness.advance(1s);
    BOOST_TEST((harness.take() == std::vector<std::string>{"clock 5 at 100"}), how);
    harness.watermark(at(120s));
    BOOST_TEST((harness.take() == std::vector<std::string>{"event 106 at 106"}), how);
    harness.advance(60s);
    BOOST_TEST((harness.take() == std::vector<std::string>{"clock 10 at 120"}), how);
  });
}

BOOST_AUTO_TEST_CASE(deadlines_that_were_passed_over_come_one_by_one) {
  in_every_mode([](mode how) {
    operator_harness<std::int64_t, std::int64_t> harness(how, [](auto numbers) {
      return numbers.key_by(std::identity{}).template process<ticks>("ticks");
    });
    harness.push({1});
    harness.advance(2500ms);
    BOOST_TEST((harness.take() == listed{1, 2}), how);
    harness.advance(1s);
    BOOST_TEST((harness.take() == listed{3}), how);
    harness.finish(); // although it would go on for ever
    BOOST_TEST(harness.take().empty(), how);
  });
}

BOOST_AUTO_TEST_CASE(what_expires_is_gone_at_the_same_time_in_every_mode) {
  in_every_mode([](mode how) {
    operator_harness<std::int64_t, std::int64_t> harness(how, [](auto numbers) {
      return numbers.key_by([](std::int64_t n) { return n % 2; })
          .template process<last_minute>("last-minute");
    });
    harness.push({1, 3, 5});
    harness.advance(30s);
    harness.push({7});
    BOOST_TEST((harness.take() == listed{1, 2, 3, 4}), how);
    harness.advance(30s);
    harness.push({9});
    BOOST_TEST((harness.take() == listed{2}), how);
    harness.advance(1h);
    harness.push({11});
    BOOST_TEST((harness.take() == listed{1}), how);
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_harness_clock
