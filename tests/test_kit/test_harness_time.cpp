// Event time, watermarks and the clock of a harness: the same in every mode.
#include "tests/test_kit/records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_harness_time {

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

constexpr side_output<std::int64_t, "late"> late;

/// How far its task has come, at every record.
struct sees_watermark {
  using output = std::int64_t;

  void process(std::int64_t, auto& out) {
    const auto reached = out.watermark().time_since_epoch();
    out.emit(reached < 0s ? -1 : reached / 1s);
  }
};
/// The same behind two inputs, for records of the first.
struct sees_both {
  using output = std::int64_t;

  void process_first(std::int64_t n, auto& out) { sees_watermark().process(n, out); }
  void process_second(std::int64_t, auto&) {}
};

using seconds_list = std::vector<std::int64_t>;

/// Whole seconds as milliseconds.
std::int64_t to_ms(std::int64_t seconds) {
  return 1000 * seconds;
}

} // namespace

BOOST_AUTO_TEST_SUITE(harness_time)

BOOST_AUTO_TEST_CASE(watermarks_follow_what_is_pushed_together) {
  in_every_mode([](mode how) {
    operator_harness<std::int64_t, std::int64_t> harness(
        how,
        [](auto times) {
          return times.timestamps(&to_ms, weir::out_of_order(5s)).on_time(late);
        },
        late);
    harness.push({20, 3, 10}); // nothing is late as long as it comes together
    BOOST_TEST((harness.take() == seconds_list{20, 3, 10}), how);
    harness.push({16, 14, 15});
    BOOST_TEST((harness.take() == seconds_list{16, 15}), how);
    BOOST_TEST((harness.take(late) == seconds_list{14}), how);
    harness.push({17, 14}); // what was reached stays reached
    BOOST_TEST((harness.take() == seconds_list{17}), how);
    BOOST_TEST(harness.counts().late == 2U, how);
  });
}

BOOST_AUTO_TEST_CASE(watermarks_go_through_all_steps) {
  in_every_mode([](mode how) {
    operator_harness<std::int64_t, std::int64_t> harness(how, [](auto times) {
      return times.timestamps(&to_ms, weir::monotonous())
          .key_by(std::identity{})
          .process("see", sees_watermark())
          .rebalance()
          .map([](std::int64_t seen) { return seen; });
    });
    harness.push({1, 2});
    BOOST_TEST((harness.take() == seconds_list{-1, -1}), how);
    harness.push({9, 4});
    BOOST_TEST((harness.take() == seconds_list{1, 1}), how); // just before 2
    harness.push({3});
    BOOST_TEST((harness.take() == seconds_list{8}), how);
  });
}

BOOST_AUTO_TEST_CASE(times_and_watermarks_by_hand) {
  in_every_mode([](mode how) {
    operator_harness<timed<std::int64_t>, std::int64_t> harness(
        how, [](auto times) { return times.on_time(late); }, late);
    harness.push({{1, at(10s)}, {2, at(3s)}});
    harness.watermark(at(5s));
    harness.push({{3, at(5s)}, {4, at(6s)}});
    BOOST_TEST((harness.take() == seconds_list{1, 2, 4}), how);
    BOOST_TEST((harness.take(late) == seconds_list{3}), how);
    BOOST_CHECK_THROW(harness.watermark(at(4s)), error);
  });
}

BOOST_AUTO_TEST_CASE(the_input_that_is_behind_holds_back_the_other) {
  in_every_mode([](mode how) {
    two_input_harness<timed<std::int64_t>, timed<std::int64_t>, std::int64_t> harness(
        how, [](auto first, auto second) {
          return first.connect(second).process("see", sees_both());
        });
    const auto seen = [&] {
      harness.push_first({{0, at(30s)}});
      return harness.take().at(0);
    };
    BOOST_TEST(seen() == -1, how);
    harness.watermark_first(at(20s));
    BOOST_TEST(seen() == -1, how);
    harness.watermark_second(at(10s));
    BOOST_TEST(seen() == 10, how);
    harness.watermark_second(at(25s));
    BOOST_TEST(seen() == 20, how);
  });
}

BOOST_AUTO_TEST_CASE(a_silent_input_becomes_idle_when_the_clock_goes_on) {
  in_every_mode([](mode how) {
    two_input_harness<std::int64_t, std::int64_t, std::int64_t> harness(
        how, [](auto first, auto second) {
          return first.timestamps(&to_ms, weir::monotonous())
              .connect(second.timestamps(&to_ms, weir::monotonous().idle_after(10s)))
              .process("see", sees_both());
        });
    harness.push_second({1});
    harness.advance(6s);
    harness.push_first({21});
    harness.advance(3s);
    harness.push_first({31});
    BOOST_TEST((harness.take() == seconds_list{-1, 0}), how);
    harness.advance(1s); // the second one has been silent for 10 s
    harness.push_first({41});
    harness.push_first({51});
    BOOST_TEST((harness.take() == seconds_list{30, 40}), how);
    harness.push_second({60}); // it counts again; what was reached stays
    harness.push_first({61});
    BOOST_TEST((harness.take() == seconds_list{50}), how);
  });
}

BOOST_AUTO_TEST_CASE(the_clock_does_not_go_back) {
  operator_harness<int, int> harness(
      mode::whole_batch, [](auto n) { return n.map([](int i) { return i; }); });
  BOOST_CHECK_THROW(harness.advance(-1s), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_harness_time
