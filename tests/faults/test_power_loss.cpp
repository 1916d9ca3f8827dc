// No power cut takes away what has been announced, or what has been published; and this
// test would notice if one did.
#include "serialization/deliberate_fault.hpp"
#include "tests/faults/making_fault.hpp"
#include "tests/faults/power_cuts.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/seeds.hpp"

#include <fmt/format.h>

#include <iostream>
#include <optional>

namespace weir::testing {

namespace {

constexpr std::uint64_t seeds = 6;
constexpr std::uint64_t seeds_for_a_fault = 30;

const std::string_view faults_of_durability[] = {
    "directory.not-synced",   "file.not-synced",           "output.not-synced",
    "metadata.not-synced",    "shared-file.deleted-early", "prune.keeps-none",
    "commit.before-metadata", "commit.not-repeated"};

/// What is wrong with the first seed with which something is; nothing if there is none.
std::optional<std::string> noticed(std::string_view fault) {
  const making_fault made(fault);
  for (std::uint64_t seed = 1; seed <= seeds_for_a_fault; ++seed)
    if (const power_cut_tally run = cut_power(seed); !run.wrong.empty())
      return run.wrong;
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(power_loss)

BOOST_AUTO_TEST_CASE(after_every_operation_what_was_announced_is_there) {
  power_cut_tally all;
  test::for_each_seed(seeds, [&](std::uint64_t seed) {
    const power_cut_tally run = cut_power(seed);
    BOOST_TEST(run.wrong == "");
    all.operations += run.operations;
    all.looks += run.looks;
    all.checkpoints += run.checkpoints;
    all.cuts += run.cuts;
    all.resumed += run.resumed;
  });
  print_figures("power cuts",
                fmt::format("{} operations, looked at after {}, {} checkpoints, {} cuts, "
                            "{} of them resumed from one",
                            all.operations, all.looks, all.checkpoints, all.cuts,
                            all.resumed));
  if (std::getenv("WEIR_SEED") != nullptr)
    return;
  BOOST_TEST(all.checkpoints > 3 * seeds);
  BOOST_TEST(all.resumed > seeds);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_noticed) {
  std::size_t seen = 0;
  for (const std::string_view fault : faults_of_durability) {
    const auto how = noticed(fault);
    seen += how.has_value();
    BOOST_TEST(how.has_value(), "nobody notices the fault '" << fault << "'");
    std::cout << fault << ": " << how.value_or("is not noticed") << '\n';
  }
  print_figures("deliberate faults", fmt::format("of durability {} of {} noticed", seen,
                                                 std::size(faults_of_durability)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
