// Numbers of several sources, each in its order, through an exchange that keeps it and a
// function that fails again and again: every number once, in its order.
#include "tests/scenarios/scenario.hpp"
#include "tests/scenarios/staged_numbers.hpp"

#include <set>

namespace weir::testing::test_exactly_once {

namespace {

constexpr std::uint32_t stages = 6;
constexpr std::uint64_t numbers_of_stage = 2'000;
constexpr std::uint64_t lanes = 16; // of a source

struct checked {
  staged_number number;
  bool in_order;
};

std::uint64_t lane_of(const staged_number& number) {
  return number.subtask * lanes + number.n % lanes;
}

/// Slower than the source, so that there is always something in front of it.
struct in_order {
  using output = checked;
  struct state {
    std::uint64_t expected = 0;
    std::uint64_t spun = 0;
  };

  void process(const staged_number& number, state& lane, auto& out) {
    for (int i = 0; i < 500; ++i)
      lane.spun = lane.spun * 6364136223846793005 + number.n;
    out.emit({number, number.n / lanes == lane.expected++});
  }
};

/// Fails in the middle of every stage but the last, after two checkpoints in it; in one
/// of them once more as soon as it is restored.
struct rig : scenario {
  begun_stages begun = first_stage();
  std::atomic<bool> failing = false; // once
  bool again = false;                // after the restore
  std::size_t of_stage = 0;          // checkpoints
  std::shared_ptr<collected<checked>> out = std::make_shared<collected<checked>>();

  rig() {
    told.on_completed = [this] {
      if (++of_stage < 2 || *begun == stages)
        return;
      of_stage = 0;
      again = *begun == 3;
      failing = true;
      ++*begun;
    };
    told.on_restarting = [this] {
      of_stage = 0;
      failing = std::exchange(again, false);
    };
  }

  job_report run_it() {
    return run(
        [this](job& job) {
          const auto source = staged_numbers(begun, [](std::uint32_t) {
            return std::vector<std::uint64_t>(stages, numbers_of_stage);
          });
          job.source("numbers", source)
              .partition_custom([](const staged_number& number, std::uint32_t tasks) {
                return (number.subtask + 1) % tasks;
              })
              .map([this](const staged_number& number) {
                if (failing.exchange(false))
                  throw std::runtime_error("this failure was asked for");
                return number;
              })
              .key_by(lane_of)
              .process("in-order", in_order())
              .sink("checked", collect(out));
        },
        options);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(exactly_once_with_failures)

BOOST_AUTO_TEST_CASE(every_number_comes_once_and_in_its_order) {
  for (const auto& [name, settings] : every_alignment())
    for (const std::uint32_t parallelism : {1U, 3U})
      BOOST_TEST_CONTEXT(name << ", parallelism " << parallelism) {
        rig at;
        at.set(settings);
        at.options.parallelism = parallelism;
        const job_report report = at.run_it();
        // In five stages; in one of them twice, unless a task that was dying took that.
        BOOST_TEST((report.restarts() == stages || report.restarts() == stages - 1));
        BOOST_TEST(at.told.taken.size() >= 8U);
        std::set<staged_number> seen;
        for (const checked& each : at.out->all()) {
          BOOST_TEST_REQUIRE(each.in_order);
          BOOST_TEST_REQUIRE(seen.insert(each.number).second);
        }
        BOOST_TEST(seen.size() == parallelism * stages * numbers_of_stage);
      }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_exactly_once
