// The seeded schedules notice when the protocol is broken on purpose.
#include "serialization/deliberate_fault.hpp"
#include "tests/faults/making_fault.hpp"
#include "tests/simulation/seeded_runs.hpp"
#include "tests/support/counting_job.hpp"
#include "tests/support/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <ranges>

namespace weir::testing {

namespace {

constexpr std::uint64_t seeds_max = 40;
constexpr std::uint64_t steps_max = 100'000; // far more than any of these jobs takes

auto counting(std::uint64_t seed) {
  return [seed](job& job, std::uint64_t records, const std::filesystem::path&) {
    const counting_job counting{.records = 4 * records,
                                .brief_records = records / 4,
                                .keys = 1 + records / 4,
                                .records_per_second = 400'000,
                                .seed = seed,
                                .failing = {}};
    return [counting, written = counting.build(job)] {
      return difference(by_key(written), counting.expected());
    };
  };
}

/// Many checkpoints, and deaths soon after each other.
void make_eventful(run_config& config, simulation_options& options) {
  options.steps_max = steps_max;
  options.deaths_max = 6;
  options.death_within_steps = 600;
  config.checkpoint_interval = std::chrono::milliseconds(1);
  config.checkpoint_min_pause = {};
  config.checkpoint_timeout = std::chrono::minutes(10);
}

seeded_run run_aligned(std::uint64_t seed) {
  return run_seeded(seed, counting(seed),
                    [](run_config& config, simulation_options& options) {
                      make_eventful(config, options);
                      config.unaligned = false;
                    });
}

/// Barriers overtake, each at once.
seeded_run run_overtaking(std::uint64_t seed) {
  return run_seeded(seed, counting(seed),
                    [](run_config& config, simulation_options& options) {
                      make_eventful(config, options);
                      config.unaligned = true;
                      config.aligned_timeout = {};
                      config.checkpoints_concurrent = 1;
                    });
}

/// Rows have little room, so that many of them are away.
seeded_run run_crowded(std::uint64_t seed) {
  return run_seeded(seed, counting(seed),
                    [](run_config& config, simulation_options& options) {
                      make_eventful(config, options);
                      options.state_memory = 1 << 16;
                    });
}

/// Checkpoints one at a time, whole in their metadata, so that a part of another one is
/// as good as any.
seeded_run run_in_memory(std::uint64_t seed) {
  return run_seeded(seed, counting(seed),
                    [](run_config& config, simulation_options& options) {
                      make_eventful(config, options);
                      config.state_backend = backend_kind::memory;
                      config.checkpoints_concurrent = 1;
                    });
}

/// Several checkpoints are under way at once, and many are given up since the disk failed
/// them. The job is run again from each that was completed, for a part of it may be of
/// another one.
seeded_run run_on_a_bad_disk(std::uint64_t seed) {
  const temporary_directory kept(fast_directory());
  run_config again;
  return run_seeded(
      seed,
      [&](job& job, std::uint64_t records, const std::filesystem::path& scratch) {
        const auto wrong_now = counting(seed)(job, records, scratch);
        return [&, wrong_now] {
          std::string wrong = wrong_now();
          simulation_options options;
          options.seed = seed;
          // From the newest on: what its sinks had written before is still as it was.
          for (const auto& checkpoint :
               checkpoints_in(kept.path()) | std::views::reverse) {
            options.restore_from = checkpoint;
            const simulation_report resumed = simulate(job, again, options);
            if (wrong.empty())
              wrong = resumed.problem.value_or(wrong_now());
          }
          return wrong;
        };
      },
      [&](run_config& config, simulation_options& options) {
        make_eventful(config, options);
        config.unaligned = false;
        config.checkpoints_concurrent = 5;
        config.failed_checkpoints_tolerable = std::numeric_limits<std::uint32_t>::max();
        config.state_backend = backend_kind::memory; // so that it is whole in metadata
        again = config;
        options.deaths_max = 0;
        options.failing_uploads_one_in = 20;
        options.completed = [&](const completed_checkpoint& done) {
          std::filesystem::copy(done.directory, kept.path() / done.directory.filename());
        };
      });
}

/// All that is left of a number until its deadline comes is that deadline.
class waits_for_deadline {
public:
  using output = std::uint64_t;

  explicit waits_for_deadline(state_binder& state) : due_(state.timers("due")) {}

  static event_time time_of(std::uint64_t number) {
    return event_time(std::chrono::milliseconds(number));
  }
  void process(std::uint64_t number, auto&) { due_.add(time_of(number) + wait); }
  void on_timer(const fired_timer& due, auto& out) {
    const auto since_first = due.deadline() - wait - time_of(0);
    out.emit(static_cast<std::uint64_t>(since_first / std::chrono::milliseconds(1)));
  }

private:
  static constexpr std::chrono::milliseconds wait{500}; // many are waited for

  timers due_;
};

seeded_run run_with_deadlines(std::uint64_t seed) {
  return run_seeded(
      seed,
      [](job& job, std::uint64_t records, const std::filesystem::path&) {
        const auto out = std::make_shared<collected<std::uint64_t>>();
        job.source("numbers",
                   generate(records, [](std::uint64_t i, random_stream&) { return i; })
                       .records_per_second(50'000))
            .timestamps(waits_for_deadline::time_of, monotonous())
            .key_by([](std::uint64_t number) { return number % 17; })
            .process<waits_for_deadline>("waits")
            .sink("out", collect(out));
        return [out, records] {
          std::vector<std::uint64_t> all = out->all();
          std::ranges::sort(all);
          const bool each_once =
              all.size() == records && std::ranges::adjacent_find(all) == all.end();
          return each_once ? "" : std::to_string(all.size()) + " have come";
        };
      },
      make_eventful);
}

/// What sinks have written at the end waits for a checkpoint that all tasks answer.
seeded_run run_to_the_last_checkpoint(std::uint64_t seed) {
  return run_seeded(
      seed,
      [](job& job, std::uint64_t records, const std::filesystem::path& scratch) {
        const auto lines = (scratch / "lines").string();
        job.source("numbers",
                   generate(records, [](std::uint64_t i, random_stream&) { return i; }))
            .sink("lines", write_lines(lines).transactional());
        return [lines, records] {
          return sorted_lines(lines).size() == records ? "" : "lines are missing";
        };
      },
      [](run_config&, simulation_options& options) { options.steps_max = steps_max; });
}

struct protocol_fault {
  std::string_view name;
  seeded_run (*run)(std::uint64_t seed);
};

const protocol_fault protocol_faults[] = {
    {"alignment.skipped", run_aligned},
    {"acknowledge.of-old-attempt", run_in_memory},
    {"deadline.lost-at-restore", run_with_deadlines},
    {"barrier.stale-accepted", run_on_a_bad_disk},
    {"in-flight.batch-forgotten", run_overtaking},
    {"row.lost-after-seal", run_aligned},
    {"row.evicted-early", run_crowded},
    {"source.silent-after-end", run_to_the_last_checkpoint},
};

std::string wrong_with(const protocol_fault& fault, std::uint64_t seed) {
  try {
    return fault.run(seed).wrong;
  } catch (const std::exception& refused) {
    return refused.what();
  }
}

/// The first seed that something is wrong with, and what; nothing if there is none.
std::optional<std::string> noticed(const protocol_fault& fault) {
  const making_fault made(fault.name);
  for (std::uint64_t seed = 1; seed <= seeds_max; ++seed)
    if (const std::string wrong = wrong_with(fault, seed); !wrong.empty())
      return "with seed " + std::to_string(seed) + ": " + wrong;
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(protocol)

BOOST_AUTO_TEST_CASE(every_mistake_is_noticed) {
  std::size_t seen = 0;
  for (const protocol_fault& each : protocol_faults) {
    const auto how = noticed(each);
    seen += how.has_value();
    BOOST_TEST(how.has_value(), "nobody notices the fault '" << each.name << "'");
    std::cout << each.name << ' ' << how.value_or("is not noticed") << std::endl;
  }
  print_figures("deliberate faults", fmt::format("of the protocol {} of {} noticed", seen,
                                                 std::size(protocol_faults)));
}

BOOST_AUTO_TEST_CASE(the_same_jobs_are_right_without_a_mistake) {
  for (const protocol_fault& each : protocol_faults)
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
      BOOST_TEST(wrong_with(each, seed) == "", each.name << " with seed " << seed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing
