// Each call on a file that a job makes fails once, in each way that it can.
#include "operators/random.hpp"
#include "tests/failing_calls/disturbed_job.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/seeds.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>

namespace weir::testing::test_failing_calls {

namespace {

const disturbance disturbances[] = {
    {.name = "checkpoints of rocksdb"},
    {.name = "checkpoints of rocksdb, apart", .apart = true, .tolerable = 100},
    {.name = "checkpoints of rocksdb without links", .links = false},
    {.name = "checkpoints of filesystem",
     .backend = backend_kind::filesystem,
     .unaligned = true},
    {.name = "checkpoints of memory", .backend = backend_kind::memory, .tolerable = 100},
    {.name = "restore of rocksdb", .restores = true},
    {.name = "restore of rocksdb, apart", .apart = true, .restores = true},
    {.name = "restore of filesystem",
     .backend = backend_kind::filesystem,
     .restores = true},
    {.name = "restore of memory", .backend = backend_kind::memory, .restores = true},
    {.name = "savepoint", .savepoint = after_savepoint::go_on},
    {.name = "stop with a savepoint",
     .backend = backend_kind::filesystem,
     .savepoint = after_savepoint::stop},
};

/// How many of all failures are tried, drawn from the seed.
std::uint64_t percent() {
  const char* given = std::getenv("WEIR_CALLS_PERCENT");
  return given ? std::strtoull(given, nullptr, 10) : 2;
}

std::string text_of(const disturbed_tally& tally) {
  return fmt::format(
      "{} calls, {} failures: {} without effect, {} with a checkpoint that "
      "came to nothing, {} with a restart, {} with an end and resumed",
      tally.calls, tally.failures, tally.unnoticed, tally.checkpoints, tally.restarts,
      tally.ends);
}

void try_all(const disturbance& how, std::uint64_t seed, disturbed_tally& all) {
  random_stream draw(seed, 0);
  disturbed_job job(how);
  const auto& calls = job.calls();
  std::uint64_t wrong = 0;
  for (std::uint64_t number = 0; number < calls.size(); ++number)
    for (const call_failure failure : all_call_failures) {
      if (!can_fail(calls[number], failure) || draw.below(100) >= percent())
        continue;
      BOOST_TEST_CHECKPOINT(how.name << ", call " << number << ", "
                                     << to_string(failure));
      const std::string seen = job.run(number, failure);
      BOOST_TEST(seen == "");
      if (!seen.empty() && ++wrong == 10)
        return;
    }
  std::cout << how.name << ": " << text_of(job.tally()) << std::endl;
  all += job.tally();
}

} // namespace

BOOST_AUTO_TEST_SUITE(failing_calls)

BOOST_AUTO_TEST_CASE(whichever_call_fails_nothing_is_lost) {
  const char* const only = std::getenv("WEIR_CALLS_OF");
  disturbed_tally all;
  for (const disturbance& how : disturbances)
    if (only == nullptr || std::string_view(how.name).find(only) != std::string::npos)
      test::for_each_seed(1, [&](std::uint64_t seed) { try_all(how, seed, all); });
  print_figures("failing calls", "jobs: " + text_of(all));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_failing_calls
