// Functions with deadlines of their keys. docs/state.md quotes it.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"
#include "serialization/error.hpp"
#include "tests/support/named_orders.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(timers)

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

struct click {
  std::string user;
  std::int64_t at; // milliseconds since 1970
};

struct session {
  std::string user;
  std::uint64_t clicks;
  std::int64_t until;

  friend auto operator<=>(const session&, const session&) = default;
};

/// Emits a user's session after 30 seconds without a click.
class idle_sessions {
public:
  using output = session;

  explicit idle_sessions(weir::state_binder& state)
      : clicks_(state.value<std::uint64_t>("clicks")), idle_(state.timer("idle")) {}

  void process(const click&, auto& out) {
    ++clicks_.edit();
    idle_.set(out.time() + 30s);
  }
  void on_timer(const weir::fired_timer& idle, auto& out) {
    const auto until = std::chrono::floor<std::chrono::milliseconds>(idle.deadline());
    out.emit({out.key(), clicks_.value_or(0), until.time_since_epoch().count()});
    clicks_.clear();
  }

private:
  weir::value_state<std::uint64_t> clicks_;
  weir::timer idle_;
};

struct reminder {
  std::string user;
  std::int64_t at;
  bool last;

  friend auto operator<=>(const reminder&, const reminder&) = default;
};

/// Reminds of every click twice, 10 and 20 seconds later, and says goodbye.
class reminders {
public:
  using output = reminder;

  explicit reminders(weir::state_binder& state)
      : due_(state.timers("due")), goodbye_(state.timer("goodbye")) {}

  void process(const click&, auto& out) {
    due_.add(out.time() + 10s);
    due_.add(out.time() + 20s);
    goodbye_.set(out.time() + 25s);
  }
  void on_timer(const weir::fired_timer& fired, auto& out) {
    const auto at = std::chrono::floor<std::chrono::milliseconds>(fired.deadline());
    out.emit({out.key(), at.time_since_epoch().count(), fired.is_of(goodbye_)});
  }

private:
  weir::timers due_;
  weir::timer goodbye_;
};

const std::vector<click> clicks = {
    {"ann", 0},      {"bob", 1'000},  {"ann", 20'000}, {"bob", 32'000},
    {"ann", 49'999}, {"bob", 90'000}, {"cid", 90'001}, {"ann", 90'002},
};

timed<click> at_its_time(const click& each) {
  return {each, at(std::chrono::milliseconds(each.at))};
}

/// What the function makes of clicks, with a watermark before each.
template <class Function, class Out>
std::vector<Out> made_of(mode how, const std::vector<click>& all) {
  operator_harness<timed<click>, Out> harness(how, [](auto input) {
    return input.key_by(&click::user).template process<Function>("function");
  });
  for (const click& each : all) {
    harness.watermark(at(std::chrono::milliseconds(each.at)));
    harness.push({at_its_time(each)});
  }
  harness.finish();
  return harness.take_sorted();
}

const std::vector<session> sessions = {
    {"ann", 1, 120'002}, {"ann", 3, 79'999},  {"bob", 1, 31'000},
    {"bob", 1, 62'000},  {"bob", 1, 120'000}, {"cid", 1, 120'001},
};

struct forgetful {
  using output = int;

  explicit forgetful(weir::state_binder& state) { state.timer("due"); }
  void process(const click&, auto&) {}
};

struct failing {
  using output = int;

  explicit failing(weir::state_binder& state) : due_(state.timer("due")) {}

  void process(const click&, auto& out) { due_.set(out.time()); }
  void on_timer(const weir::fired_timer&, auto&) { throw std::runtime_error("not now"); }

private:
  weir::timer due_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_failure_names_the_key_of_the_deadline) {
  operator_harness<timed<click>, int> harness(mode::whole_batch, [](auto input) {
    return input.key_by(&click::user).template process<failing>("failing");
  });
  harness.push({at_its_time({"ann", 7})});
  BOOST_CHECK_EXCEPTION(harness.watermark(at(7ms)), weir::error,
                        [](const weir::error& e) {
                          return std::string(e.what()).ends_with(
                              "not now (while processing: a deadline of key ann)");
                        });
}

BOOST_AUTO_TEST_CASE(a_deadline_that_nobody_is_told_of_is_refused) {
  weir::job job;
  const auto define = [&] {
    job.source("clicks", weir::collection(clicks))
        .timestamps(&click::at, weir::monotonous{})
        .key_by(&click::user)
        .process<forgetful>("forgetful");
  };
  BOOST_CHECK_EXCEPTION(define(), weir::error, [](const weir::error& e) {
    return e.kind() == weir::failure::usage &&
           std::string(e.what()).starts_with("state 'due' is a timer, and its function");
  });
}

BOOST_AUTO_TEST_CASE(a_deadline_that_moves_comes_when_it_is_left_alone) {
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how)
  BOOST_TEST((made_of<idle_sessions, session>(how, clicks) == sessions));
}

BOOST_AUTO_TEST_CASE(deadlines_come_when_the_stream_has_come_so_far) {
  operator_harness<timed<click>, session> harness(mode::single_records, [](auto input) {
    return input.key_by(&click::user).template process<idle_sessions>("sessions");
  });
  harness.push({at_its_time({"ann", 0}), at_its_time({"bob", 29'000})});
  harness.watermark(at(29'999ms));
  BOOST_TEST(harness.take().empty());
  harness.push({at_its_time({"bob", 30'000})});
  harness.watermark(at(30s));
  BOOST_TEST((harness.take() == std::vector<session>{{"ann", 1, 30'000}}));
  harness.finish();
  BOOST_TEST((harness.take() == std::vector<session>{{"bob", 2, 60'000}}));
}

BOOST_AUTO_TEST_CASE(a_key_may_have_many_deadlines) {
  std::vector<reminder> expected;
  const std::vector<click> few = {{"ann", 0}, {"ann", 10'000}, {"bob", 12'000}};
  for (const std::int64_t at : {10'000, 20'000, 30'000})
    expected.push_back({"ann", at, false});
  expected.push_back({"ann", 35'000, true});
  for (const std::int64_t at : {22'000, 32'000})
    expected.push_back({"bob", at, false});
  expected.push_back({"bob", 37'000, true});
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how)
  BOOST_TEST((made_of<reminders, reminder>(how, few) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
