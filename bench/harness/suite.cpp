#include "bench/harness/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace weir::bench {

namespace {

/// A quick run claims nothing, so it is compared with nothing.
last_figures last_for(const bench_flags& flags, const std::string& name) {
  if (flags.quick)
    return {};
  const auto kept = std::filesystem::path(WEIR_BENCH_FIGURES) / (name + ".json");
  return last_figures::read(flags.last.value_or(kept));
}

} // namespace

std::pair<std::string, double> param(const char* name, std::uint64_t value) {
  return {name, static_cast<double>(value)};
}

void require_same_checksum(const std::string& question, const pair_series& series) {
  for (const auto& pair : series.pairs)
    if (pair.engine && pair.kernel && pair.engine->checksum != pair.kernel->checksum)
      throw std::runtime_error(
          fmt::format("{}: the engine's checksum is {:016x}, the kernel's {:016x}; find "
                      "out which one lost records before comparing their speed",
                      question, pair.engine->checksum, pair.kernel->checksum));
}

suite::suite(bench_flags flags, const std::string& name)
    : flags_(std::move(flags)), report_(last_for(flags_, name)) {}

std::uint64_t suite::records_for(double seconds,
                                 const std::function<run_figures(std::uint64_t)>& kernel,
                                 std::uint64_t quick_records) const {
  if (flags_.quick)
    return quick_records;
  std::uint64_t records = quick_records;
  for (int round = 0; round < 6; ++round) {
    const auto wall = kernel(records).wall_seconds;
    const auto factor = seconds / wall;
    records =
        static_cast<std::uint64_t>(static_cast<double>(records) * std::min(factor, 10.0));
    if (factor < 2)
      break;
  }
  return std::max<std::uint64_t>(records / 1'000'000, 1) * 1'000'000;
}

pair_series suite::run_both(const timed_run& engine, const timed_run& kernel) const {
  return run_pairs(flags_.kernel_only ? timed_run() : engine, kernel, flags_.pairs);
}

void suite::write_report() const {
  if (flags_.json)
    report_.write_json(*flags_.json);
  if (flags_.table)
    report_.write_table(*flags_.table);
}

int run_suite(const char* program, int argc, const char* const* argv,
              const std::function<void(bench_flags)>& ask_all) {
  try {
    ask_all(parse_bench_flags(argc, argv));
    return 0;
  } catch (const flag_error& wrong) {
    fmt::print(stderr, "{}: {}\n", program, wrong.what());
    return 2;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}: {}\n", program, failure.what());
    return 1;
  }
}

} // namespace weir::bench
