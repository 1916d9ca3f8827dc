// Kills the real binary with kill -9 at random moments, or has it die at every named
// crash point, resumes it from its checkpoints, and proves that the output is complete,
// without repetition and in order.
//
//   crash_harness [--kills N | --power N | --points | --part K/N | --point NAME]
//                 [--seed S] [--weir BIN] [--jobs DIR] [--keep]
//
// With `--power` it cuts the power of the job's disk before it kills the process: see
// lossy_disk.hpp. It ends with 77 where that is not possible.
//
// The seed decides every round and every moment; WEIR_SEED is its default. `--part 2/3`
// is the second third of all points.
#include "serialization/error.hpp"
#include "tests/crash/named_points.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/files.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

namespace fs = std::filesystem;
using namespace weir::testing;

struct settings {
  std::uint64_t kills = 20;
  std::uint64_t cuts = 0;                             // of power, and no other kills
  std::optional<chosen_points> points = std::nullopt; // not at random moments
  std::uint64_t seed = 1;
  fs::path weir;
  fs::path jobs;
  bool keep = false;
};

std::uint64_t number(std::string_view name, std::string_view text) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
    throw weir::error(weir::failure::usage, std::string(name) +
                                                " takes a whole number, not '" +
                                                std::string(text) + "'");
  return value;
}

/// `text`: K/N.
chosen_points part(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  chosen_points chosen;
  chosen.part = number("--part K/N", text.substr(0, slash));
  chosen.parts = number("--part K/N", text.substr(std::min(slash + 1, text.size())));
  return chosen;
}

settings parse(int argc, char** argv) {
  // Beside this program in the build directory, unless told otherwise.
  const fs::path build =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path().parent_path();
  settings chosen;
  chosen.weir = build / "bin" / "weir";
  chosen.jobs = build / "jobs";
  if (const char* seed = std::getenv("WEIR_SEED"))
    chosen.seed = number("WEIR_SEED", seed);
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--keep") {
      chosen.keep = true;
      continue;
    }
    if (flag == "--points") {
      chosen.points.emplace();
      continue;
    }
    const char* value = i + 1 < argc ? argv[++i] : "";
    if (flag == "--kills")
      chosen.kills = number(flag, value);
    else if (flag == "--power")
      chosen.cuts = number(flag, value);
    else if (flag == "--point")
      chosen.points = {.only = value};
    else if (flag == "--part")
      chosen.points = part(value);
    else if (flag == "--seed")
      chosen.seed = number(flag, value);
    else if (flag == "--weir")
      chosen.weir = fs::absolute(value);
    else if (flag == "--jobs")
      chosen.jobs = fs::absolute(value);
    else
      throw weir::error(
          weir::failure::usage,
          "unknown flag '" + std::string(flag) +
              "'; there are --kills N, --power N, --points, "
              "--part K/N, --point NAME, --seed S, --weir BIN, --jobs DIR, --keep");
  }
#ifndef WEIR_HAS_CRASH_POINTS
  if (chosen.points)
    throw weir::error(weir::failure::usage, "crash points are in builds with WEIR_FAULTS "
                                            "only, such as build/dev");
#endif
  return chosen;
}

std::string figures_of(const crash_tally& tally) {
  std::string text;
  if (tally.points > 0)
    text += fmt::format("{} hits of named points, ", tally.points);
  if (tally.cuts > 0)
    text += fmt::format("{} power cuts, ", tally.cuts);
  return text + fmt::format("{} kills in {} rounds, {} of them in a restore, {} left an "
                            "unfinished checkpoint, {} resumed at another parallelism, "
                            "{} from an older checkpoint: lost {}, duplicated {}, "
                            "reordered {}",
                            tally.kills, tally.rounds, tally.in_restore, tally.unfinished,
                            tally.rescaled, tally.older, tally.found.lost,
                            tally.found.duplicated, tally.found.reordered);
}

void print(const crash_tally& tally) {
  const auto n = [](std::uint64_t value) {
    return static_cast<unsigned long long>(value);
  };
  std::printf("afresh=%llu in_restore=%llu unfinished=%llu older=%llu rescaled=%llu "
              "published=%llu\n",
              n(tally.afresh), n(tally.in_restore), n(tally.unfinished), n(tally.older),
              n(tally.rescaled), n(tally.published));
  if (tally.points > 0)
    std::printf("points=%llu ", n(tally.points));
  if (tally.cuts > 0)
    std::printf("cuts=%llu ", n(tally.cuts));
  std::printf("kills=%llu rounds=%llu lost=%llu duplicated=%llu reordered=%llu\n",
              n(tally.kills), n(tally.rounds), n(tally.found.lost),
              n(tally.found.duplicated), n(tally.found.reordered));
  print_figures("crashes", figures_of(tally));
}

constexpr std::uint64_t kills_per_round = 8;

/// Rounds until enough kills. Stops at the first round that is not as it should be.
void kill_at_random(const settings& chosen, const crash_programs& programs,
                    const fs::path& directory, crash_tally& tally) {
  while (tally.kills < chosen.kills && tally.found.none()) {
    const fs::path place = directory / ("round-" + std::to_string(tally.rounds));
    crash_round round(programs, place,
                      weir::random_stream(chosen.seed, tally.rounds << 32));
    round.run(std::min(kills_per_round, chosen.kills - tally.kills), tally);
    if (!chosen.keep && tally.found.none())
      fs::remove_all(place);
  }
}

/// The same with the power of a disk, each round with a disk of its own.
void cut_power_at_random(const settings& chosen, const crash_programs& programs,
                         const fs::path& directory, crash_tally& tally) {
  while (tally.cuts < chosen.cuts && tally.found.none()) {
    const fs::path place = directory / ("round-" + std::to_string(tally.rounds));
    lossy_disk disk(place);
    crash_round round(programs, disk,
                      weir::random_stream(chosen.seed, tally.rounds << 32 | 3));
    round.run(std::min(kills_per_round, chosen.cuts - tally.cuts), tally);
  }
}

int kill_and_judge(const settings& chosen) {
  const crash_programs programs{chosen.weir, chosen.jobs / "libcrash_job.so",
                                chosen.jobs / "libcrash_job_evolved.so"};
  // A process that is killed leaves to the kernel what it has written, wherever that is:
  // for named points, where fsync costs nothing.
  temporary_directory directory(chosen.points ? fast_directory()
                                              : fs::temp_directory_path());
  // Jobs are found there when they are asked for a savepoint.
  ::setenv("WEIR_RUN_DIR", (directory.path() / "run").c_str(), 1);
  crash_tally tally;
  std::string problem;
  try {
    if (chosen.points)
      hit_points(*chosen.points, programs, directory.path(), chosen.seed, tally);
    else if (chosen.cuts > 0)
      cut_power_at_random(chosen, programs, directory.path(), tally);
    else
      kill_at_random(chosen, programs, directory.path(), tally);
  } catch (const std::exception& thrown) {
    problem = thrown.what();
  }
  print(tally);
  const bool good = problem.empty() && tally.found.none();
  if (!problem.empty())
    std::printf("violation: %s\n", problem.c_str());
  if (!good)
    std::printf("repeat with --seed %llu\n",
                static_cast<unsigned long long>(chosen.seed));
  if (!good || chosen.keep) {
    directory.keep();
    std::printf("files are in %s\n", directory.path().c_str());
  }
  return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    const settings chosen = parse(argc, argv);
    if (const auto why = chosen.cuts > 0 ? lossy_disk::impossible() : std::nullopt) {
      std::printf("skipped: %s\n", why->c_str());
      return 77;
    }
    std::printf("seed=%llu", static_cast<unsigned long long>(chosen.seed));
    if (!chosen.points && chosen.cuts == 0)
      std::printf(" kills=%llu", static_cast<unsigned long long>(chosen.kills));
    std::printf("\n");
    std::fflush(stdout);
    return kill_and_judge(chosen);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: %s\n", problem.what());
    return 2;
  }
}
