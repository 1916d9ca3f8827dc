#include "runtime/checkpoint_admission.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace std::chrono_literals;

namespace weir::test::test_checkpoint_admission {

namespace {

using enum checkpoint_request;
using moment = weir::checkpoint_admission::time;
using begun = std::optional<checkpoint_request>;

constexpr moment start{};

/// Whether a request begins: one row of Flink's table, in the order in which it is read.
struct admission_row {
  const char* name;
  std::uint32_t concurrent;
  std::uint32_t under_way;                        // before
  std::optional<std::chrono::seconds> since_last; // completed
  std::chrono::seconds min_pause;
  std::vector<checkpoint_request> requested;
  bool due;
  begun expected;
};

const admission_row rows[] = {
    {"nothing is asked for", 1, 0, {}, 0s, {}, false, {}},
    {"one is due", 1, 0, {}, 0s, {}, true, periodic},
    {"one is due, as many as may be are under way", 1, 1, {}, 0s, {}, true, {}},
    {"one is due, one more may be under way", 3, 2, {}, 0s, {}, true, periodic},
    {"one is due, all three are under way", 3, 3, {}, 0s, {}, true, {}},
    {"one is due in the pause", 1, 0, 4s, 5s, {}, true, {}},
    {"one is due after the pause", 1, 0, 5s, 5s, {}, true, periodic},
    {"none has completed, so there is no pause", 1, 0, {}, 5s, {}, true, periodic},
    {"a request ignores the pause", 1, 0, 1s, 5s, {manual}, false, manual},
    {"a savepoint ignores the pause", 1, 0, 1s, 5s, {savepoint}, true, savepoint},
    {"a request waits for its turn", 1, 1, {}, 0s, {manual}, false, {}},
    {"a savepoint waits for its turn", 1, 1, {}, 0s, {savepoint}, false, {}},
    {"a savepoint comes first", 1, 0, {}, 0s, {manual, savepoint}, true, savepoint},
    {"a savepoint begins when nothing else is under way",
     3,
     1,
     {},
     0s,
     {savepoint},
     true,
     {}},
    {"what is asked for comes before what is due", 1, 0, {}, 0s, {manual}, true, manual},
};

struct at_work {
  explicit at_work(const admission_rules& rules) : admission(rules) {
    admission.start(start);
  }
  bool begins(std::chrono::milliseconds at) {
    return admission.next(start + at) == periodic;
  }
  void completes(std::chrono::milliseconds at) { admission.settled(start + at, true); }
  void aborts(std::chrono::milliseconds at) { admission.settled(start + at, false); }
  bool wakes(std::chrono::milliseconds at) { return admission.wake_at() == start + at; }

  weir::checkpoint_admission admission;
};

/// What follows from the rules in plain words, for steps of a second: everything that
/// happened before `now`, in order.
struct model {
  std::uint32_t concurrent;
  int interval, pause;
  std::uint32_t under_way = 0;
  int last_counted = 0, completed = -1000;
  bool owed = false;

  bool begins(int now) {
    owed |= now / interval > last_counted / interval;
    last_counted = now;
    if (!owed || under_way == concurrent || now - completed < pause)
      return false;
    owed = false;
    ++under_way;
    return true;
  }
};

/// Steps: nothing, one completes, one is aborted; every second, all of them.
void explore(const weir::checkpoint_admission& real, const model& expected, int now) {
  if (now == 9)
    return;
  for (const char step : {'-', 'c', 'a'}) {
    if (step != '-' && expected.under_way == 0)
      continue;
    weir::checkpoint_admission next = real;
    model then = expected;
    const moment at = start + std::chrono::seconds(now);
    if (step != '-') {
      next.settled(at, step == 'c');
      --then.under_way;
      then.completed = step == 'c' ? now : then.completed;
    }
    const bool begins = then.begins(now);
    const auto wake = next.wake_at();
    if (begins != next.next(at).has_value())
      BOOST_FAIL("the admission and the model disagree");
    // Whoever sleeps as long as he is told to misses nothing.
    if (begins && step == '-' && (!wake || *wake > at))
      BOOST_FAIL("it should have been woken");
    if (next.next(at))
      BOOST_FAIL("it begins twice");
    explore(next, then, now + 1);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_admission)

BOOST_AUTO_TEST_CASE(row_by_row) {
  for (const admission_row& row : rows) {
    weir::checkpoint_admission admission(
        {.interval = 100s, .min_pause = row.min_pause, .concurrent = row.concurrent});
    admission.start(start);
    const moment now = start + 100s;
    // One more than stays under way has begun, and completes.
    for (std::uint32_t i = 0; i < row.under_way + row.since_last.has_value(); ++i) {
      admission.request(manual);
      BOOST_TEST_REQUIRE((admission.next(start) == manual), row.name);
    }
    if (row.since_last)
      admission.settled(now - *row.since_last, true);
    for (const auto request : row.requested)
      admission.request(request);
    const begun decided = admission.next(row.due ? now : now - 1ns);
    BOOST_TEST((decided == row.expected), row.name);
  }
}

BOOST_AUTO_TEST_CASE(every_history_of_nine_seconds_agrees_with_the_model) {
  struct {
    std::uint32_t concurrent;
    int interval, pause;
  } const all[] = {{1, 1, 0}, {1, 2, 0}, {1, 2, 1}, {1, 3, 2},
                   {1, 2, 2}, {2, 1, 0}, {3, 1, 0}};
  for (const auto& [concurrent, interval, pause] : all) {
    weir::checkpoint_admission admission({.interval = std::chrono::seconds(interval),
                                          .min_pause = std::chrono::seconds(pause),
                                          .concurrent = concurrent});
    admission.start(start);
    explore(admission, {concurrent, interval, pause}, 0);
  }
}

BOOST_AUTO_TEST_CASE(requests_are_admitted_in_their_order) {
  weir::checkpoint_admission admission({.interval = 1s, .concurrent = 9});
  admission.start(start);
  for (const auto request : {manual, savepoint, manual, savepoint})
    admission.request(request);
  for (const auto expected : {savepoint, savepoint}) {
    BOOST_TEST((admission.next(start + 1s) == expected));
    BOOST_TEST(!admission.next(start + 1s).has_value());
    BOOST_TEST(!admission.wake_at());
    admission.settled(start + 1s, true);
  }
  for (const auto expected : {manual, manual, periodic})
    BOOST_TEST((admission.next(start + 1s) == expected));
  BOOST_TEST(!admission.next(start + 1s).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_overtakes_a_savepoint_that_waits_for_others_to_be_over) {
  weir::checkpoint_admission admission({.interval = 1s, .concurrent = 9});
  admission.start(start);
  admission.request(manual);
  BOOST_TEST((admission.next(start) == manual));
  admission.request(savepoint);
  admission.request(manual);
  BOOST_TEST(!admission.next(start + 5s).has_value());
  admission.settled(start + 5s, false);
  BOOST_TEST((admission.next(start + 5s) == savepoint));
}

BOOST_AUTO_TEST_CASE(one_that_came_due_meanwhile_begins_when_the_pending_one_settles) {
  at_work at({.interval = 1s});
  BOOST_TEST((!at.begins(999ms) && at.begins(1s)));
  BOOST_TEST((!at.begins(2s) && !at.begins(3s) && !at.admission.wake_at()));
  at.completes(3500ms);
  BOOST_TEST(at.begins(3500ms));
  at.completes(3600ms); // however often it came due, it is owed once
  BOOST_TEST((!at.begins(3600ms) && at.wakes(4s)));
  BOOST_TEST(at.begins(4s));
}

BOOST_AUTO_TEST_CASE(the_pause_is_from_the_end_of_one_to_the_beginning_of_the_next) {
  at_work at({.interval = 10s, .min_pause = 4s});
  BOOST_TEST(at.begins(10s));
  at.completes(18s);
  BOOST_TEST((!at.begins(20s) && at.wakes(22s)));
  BOOST_TEST((!at.begins(21999ms) && at.begins(22s)));
  at.aborts(23s); // which ends no pause and begins none
  BOOST_TEST(at.wakes(30s));
  BOOST_TEST(at.begins(30s));
}

BOOST_AUTO_TEST_CASE(a_pause_longer_than_the_interval_takes_its_place) {
  at_work at({.interval = 1s, .min_pause = 5s});
  BOOST_TEST((at.wakes(5s) && !at.begins(4s) && at.begins(5s)));
}

BOOST_AUTO_TEST_CASE(without_an_interval_only_requests_begin) {
  weir::checkpoint_admission admission({});
  admission.start(start);
  BOOST_TEST((!admission.next(start + 1000h) && !admission.wake_at()));
  admission.request(savepoint);
  BOOST_TEST((admission.next(start) == savepoint));
}

BOOST_AUTO_TEST_CASE(a_stop_forgets_what_was_owed_and_what_was_under_way) {
  at_work at({.interval = 1s, .min_pause = 1s});
  at.begins(1s);
  at.begins(2s);
  at.admission.request(manual);
  at.admission.stop();
  BOOST_TEST((!at.begins(50s) && !at.admission.wake_at()));
  at.admission.start(start + 60s);
  BOOST_TEST((at.wakes(61s) && !at.begins(60s) && at.begins(61s)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_admission
