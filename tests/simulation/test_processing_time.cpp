// Deadlines in processing time and states that expire, under seeded schedules with
// deaths.
#include "operators/weir.hpp"
#include "tests/simulation/seeded_runs.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace weir::testing::test_processing_time {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t keys = 17;

/// Lets every number go 2 ms after it has come, and forgets it soon after that.
class holds_back {
public:
  using output = std::uint64_t;

  explicit holds_back(state_binder& state)
      : held_(state.map<std::uint64_t, processing_time>("held", expire_after_write(10s))),
        told_(state.list<std::uint64_t>("told", expire_after_write(1ms))),
        due_(state.processing_timers("due")) {}

  void process(std::uint64_t number, auto& out) {
    const processing_time then = out.processing_time() + 2ms;
    held_.put(number, then);
    due_.add(then);
  }
  void on_timer(const fired_timer& due, auto& out) {
    std::vector<std::uint64_t> gone;
    for (const auto& [number, then] : held_)
      if (then <= due.processing_deadline())
        gone.push_back(number);
    for (const std::uint64_t each : gone) {
      held_.erase(each);
      told_.add(each);
      out.emit(each);
    }
  }

private:
  expiring<map_state<std::uint64_t, processing_time>> held_;
  expiring<list_state<std::uint64_t>> told_;
  processing_timers due_;
};

/// Of each key the first numbers came out, each once; those that came last may be left.
std::string wrong_with(const std::vector<std::uint64_t>& all, std::uint64_t records) {
  std::map<std::uint64_t, std::vector<std::uint64_t>> by_key;
  for (const std::uint64_t each : all)
    by_key[each % keys].push_back(each);
  if (all.empty() || all.size() > records)
    return std::to_string(all.size()) + " of " + std::to_string(records) + " came out";
  for (auto& [key, numbers] : by_key) {
    std::ranges::sort(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i] != key + i * keys)
        return "of key " + std::to_string(key) + " came " + std::to_string(numbers[i]) +
               " instead of " + std::to_string(key + i * keys);
  }
  return {};
}

seeded_run run_held_back(std::uint64_t seed) {
  return run_seeded(
      seed, [](job& job, std::uint64_t records, const std::filesystem::path&) {
        const auto out = std::make_shared<collected<std::uint64_t>>();
        job.source("numbers",
                   generate(records, [](std::uint64_t i, random_stream&) { return i; })
                       .records_per_second(50'000))
            .parallelism(1)
            .key_by([](std::uint64_t n) { return n % keys; })
            .process<holds_back>("holds-back")
            .sink("out", collect(out));
        return [out, records] { return wrong_with(out->all(), records); };
      });
}

} // namespace

BOOST_AUTO_TEST_SUITE(processing_time_simulated)

BOOST_AUTO_TEST_CASE(every_deadline_by_the_clock_comes_once_whoever_dies) {
  const schedules_tried tried = check_schedules(run_held_back);
  if (tried.one_of_many)
    return;
  BOOST_TEST(tried.deaths > 0U);
  BOOST_TEST(tried.restores > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_processing_time
