#include "runtime/config.hpp"

#include "runtime/state_memory.hpp"
#include "serialization/error.hpp"
#include "state/key_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

namespace weir {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse(const std::string& name, const std::string& value,
                         const std::string& wanted) {
  throw error(failure::usage,
              fmt::format("option {} is '{}'; it takes {}", name, value, wanted));
}

std::uint64_t whole_number(const std::string& name, const std::string& value,
                           std::uint64_t min, std::uint64_t max) {
  std::uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number < min || number > max)
    refuse(name, value, fmt::format("a whole number from {} to {}", min, max));
  return number;
}

// Added to a clock that counts nanoseconds, more would overflow one day; and Flink's
// users write Long.MAX_VALUE for "never".
constexpr milliseconds longest = std::chrono::days(365);

/// "500", "500 ms", "1s", "2 min", "1 h", "1 d"; a bare number is milliseconds.
milliseconds duration(const std::string& name, const std::string& value,
                      std::int64_t min_ms) {
  const std::string wanted = fmt::format(
      "a duration of at least {} ms, such as '500 ms', '10 s' or '2 min'", min_ms);
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec != std::errc{} || number < 0)
    refuse(name, value, wanted);
  std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  while (unit.starts_with(' '))
    unit.remove_prefix(1);
  struct known_unit {
    std::string_view name;
    std::int64_t ms;
  };
  constexpr known_unit units[] = {{"", 1},          {"ms", 1},        {"s", 1000},
                                  {"sec", 1000},    {"m", 60'000},    {"min", 60'000},
                                  {"h", 3'600'000}, {"d", 86'400'000}};
  for (const auto& known : units)
    if (unit == known.name) {
      if (number > std::numeric_limits<std::int64_t>::max() / known.ms)
        break;
      if (number * known.ms < min_ms)
        break;
      return std::min(milliseconds(number * known.ms), longest);
    }
  refuse(name, value, wanted);
}

/// "67108864", "64 mb", "64 MB", "1 g"; a bare number is bytes.
std::uint64_t memory_size(const std::string& name, const std::string& value) {
  const char* wanted = "a size of at least 1 byte, such as '512 kb', '64 mb' or '1 gb'";
  std::uint64_t number = 0;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  std::string unit(parsed.ptr, end);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  for (char& letter : unit)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  constexpr std::pair<std::string_view, int> units[] = {
      {"", 0},    {"b", 0},  {"k", 10},  {"kb", 10}, {"m", 20},
      {"mb", 20}, {"g", 30}, {"gb", 30}, {"t", 40},  {"tb", 40}};
  for (const auto& [known, bits] : units)
    if (unit == known && parsed.ec == std::errc{} && number > 0 &&
        number <= std::numeric_limits<std::uint64_t>::max() >> bits)
      return number << bits;
  refuse(name, value, wanted);
}

std::optional<std::uint64_t> memory_size_or_none(const std::string& name,
                                                 const std::string& value) {
  return value == "none" ? std::nullopt : std::optional(memory_size(name, value));
}

bool yes_or_no(const std::string& name, const std::string& value) {
  if (value != "true" && value != "false")
    refuse(name, value, "true or false");
  return value == "true";
}

std::vector<config_option> make_options() {
  return {
      {"parallelism.default", "whole number", "1",
       "Subtasks of every operator (also: -p).",
       [](run_config& config, const std::string& value) {
         config.parallelism = static_cast<std::uint32_t>(
             whole_number("parallelism.default", value, 1, max_parallelism_limit));
       }},
      {"pipeline.max-parallelism", "whole number", "derived",
       "Number of key groups, the bound for the parallelism for as long as the state "
       "lives; "
       "derived: 1.5 times the parallelism, rounded up to a power of two, at least 128.",
       [](run_config& config, const std::string& value) {
         config.max_parallelism =
             value == "derived"
                 ? 0
                 : static_cast<std::uint32_t>(whole_number(
                       "pipeline.max-parallelism", value, 1, max_parallelism_limit));
       }},
      {"execution.buffer-timeout.interval", "duration", "2 ms",
       "How long a record may wait in a batch that is not full; 0: for one slice of "
       "work.",
       [](run_config& config, const std::string& value) {
         config.buffer_timeout = duration("execution.buffer-timeout.interval", value, 0);
       }},
      {"pipeline.auto-watermark-interval", "duration", "200 ms",
       "Time between two watermarks of a task, at least.",
       [](run_config& config, const std::string& value) {
         config.watermark_interval =
             duration("pipeline.auto-watermark-interval", value, 1);
       }},
      {"pipeline.read-limit.rows-per-second", "whole number", "none",
       "Rows that each subtask of a source reads in a second, at most; none: as many as "
       "the stream takes.",
       [](run_config& config, const std::string& value) {
         config.source_rows_per_second =
             value == "none" ? 0
                             : whole_number("pipeline.read-limit.rows-per-second", value,
                                            1, 1'000'000'000);
       }},
      {"execution.checkpointing.interval", "duration", "none",
       "Time from the beginning of a checkpoint to that of the next; none: no "
       "checkpoints.",
       [](run_config& config, const std::string& value) {
         if (value == "none")
           config.checkpoint_interval.reset();
         else
           config.checkpoint_interval =
               duration("execution.checkpointing.interval", value, 10);
       }},
      {"execution.checkpointing.dir", "path", "weir-checkpoints",
       "Directory in which every job gets one of its own for its checkpoints.",
       [](run_config& config, const std::string& value) {
         if (value.empty())
           refuse("execution.checkpointing.dir", value, "the path of a directory");
         config.checkpoint_dir = value.starts_with("file://") ? value.substr(7) : value;
       }},
      {"execution.checkpointing.num-retained", "whole number", "3",
       "Completed checkpoints that are kept.",
       [](run_config& config, const std::string& value) {
         config.checkpoints_retained = static_cast<std::uint32_t>(
             whole_number("execution.checkpointing.num-retained", value, 1, 1'000'000));
       }},
      {"execution.checkpointing.force", "boolean", "false",
       "Whether a job with an iteration may take checkpoints. The records that are in a "
       "loop when one is taken are not in it: whoever resumes from it has lost them.",
       [](run_config& config, const std::string& value) {
         config.checkpoints_forced = yes_or_no("execution.checkpointing.force", value);
       }},
      {"pipeline.iteration.max-bytes", "size", "64 mb",
       "What may wait in a task of an iteration to go round again, in bytes of records; "
       "more fails the job.",
       [](run_config& config, const std::string& value) {
         config.iteration_bytes_max = memory_size("pipeline.iteration.max-bytes", value);
       }},
      {"execution.checkpointing.snapshot-compression", "text", "none",
       "How files with all rows of a task are compressed: none or zstd (true and false "
       "mean these). The checkpoints of the rocksdb backend have no such files.",
       [](run_config& config, const std::string& value) {
         const std::string name = "execution.checkpointing.snapshot-compression";
         if (value == "zstd" || value == "none")
           config.snapshots_compressed = value == "zstd";
         else if (value == "true" || value == "false")
           config.snapshots_compressed = value == "true";
         else
           refuse(name, value, "none or zstd, or true or false");
       }},
      {"state.backend.type",
       "text",
       "rocksdb",
       "What a checkpoint writes of keyed state: rocksdb (what has changed), filesystem "
       "(all rows of a task, in a file; also hashmap) or memory (all rows, in "
       "`_metadata`; also jobmanager).",
       [](run_config& config, const std::string& value) {
         const auto kind = backend_of_name(value);
         if (!kind)
           refuse("state.backend.type", value, "rocksdb, filesystem or memory");
         config.state_backend = kind;
       },
       {"state.backend"}},
      {"state.backend.memory.max-size", "size", "5 mb",
       "What a task may keep in the memory backend; more fails the job.",
       [](run_config& config, const std::string& value) {
         config.memory_state_bytes_max =
             memory_size("state.backend.memory.max-size", value);
       }},
      {"state.backend.rocksdb.memory.managed", "boolean", "true",
       "Whether the rocksdb backend's rows take 0.4 of the memory that the machine has, "
       "or "
       "the control group of the process, an equal part for each subtask with keyed "
       "state; "
       "false: as much as they need. The sizes below come before it.",
       [](run_config& config, const std::string& value) {
         config.state_memory_managed =
             yes_or_no("state.backend.rocksdb.memory.managed", value);
       }},
      {"state.backend.rocksdb.memory.fixed-per-slot", "size", "none",
       "Memory for the rows of each subtask with keyed state, at least 16 mb; none: see "
       "state.backend.rocksdb.memory.fixed-per-tm.",
       [](run_config& config, const std::string& value) {
         config.state_memory_per_slot =
             memory_size_or_none("state.backend.rocksdb.memory.fixed-per-slot", value);
       }},
      {"state.backend.rocksdb.memory.fixed-per-tm", "size", "none",
       "Memory for the rows of all subtasks with keyed state, an equal part for each; "
       "none: what the job says, or see state.backend.rocksdb.memory.managed.",
       [](run_config& config, const std::string& value) {
         config.state_memory_per_process =
             memory_size_or_none("state.backend.rocksdb.memory.fixed-per-tm", value);
       }},
      {"state.backend.rocksdb.direct-io", "boolean", "false",
       "Whether the rocksdb backend reads and compacts past the kernel's cache. The file "
       "system has to have direct I/O.",
       [](run_config& config, const std::string& value) {
         config.state_direct_io = yes_or_no("state.backend.rocksdb.direct-io", value);
       }},
      {"restart-strategy.fixed-delay.attempts", "whole number", "0",
       "How often a failed job is restored from its newest checkpoint before it fails.",
       [](run_config& config, const std::string& value) {
         config.restart_attempts = static_cast<std::uint32_t>(whole_number(
             "restart-strategy.fixed-delay.attempts", value, 0, 4'000'000'000));
       }},
      {"restart-strategy.fixed-delay.delay", "duration", "1 s",
       "Pause before a failed job is restored.",
       [](run_config& config, const std::string& value) {
         config.restart_delay = duration("restart-strategy.fixed-delay.delay", value, 0);
       }},
  };
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

} // namespace

const std::vector<config_option>& config_options() {
  static const std::vector<config_option> options = make_options();
  return options;
}

void set_option(run_config& config, const std::string& name, const std::string& value) {
  const auto& options = config_options();
  for (const auto& option : options)
    if (option.name == name || std::ranges::count(option.aliases, name) > 0)
      return option.set(config, value);
  const auto nearest =
      std::min_element(options.begin(), options.end(), [&](const auto& a, const auto& b) {
        return edit_distance(a.name, name) < edit_distance(b.name, name);
      });
  throw error(failure::usage, fmt::format("unknown option '{}'; did you mean '{}'?", name,
                                          nearest->name));
}

backend_settings chosen_backend(const run_config& config,
                                const std::optional<backend_settings>& of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory) {
  backend_settings chosen = of_job.value_or(backend_settings());
  if (config.state_backend)
    chosen.kind = *config.state_backend;
  if (config.memory_state_bytes_max)
    chosen.memory_size_max = *config.memory_state_bytes_max;
  if (config.snapshots_compressed)
    chosen.compress = *config.snapshots_compressed;
  // The other kinds have all rows in memory whatever one says.
  const bool limited = chosen.kind == backend_kind::rocksdb;
  chosen.memory_max = limited ? memory_of_subtask(config, chosen.memory_max,
                                                  keyed_subtasks, machine_memory)
                              : 0;
  chosen.direct_reads = config.state_direct_io;
  return chosen;
}

void check_config(const run_config& config) {
  if (config.max_parallelism != 0 && config.parallelism > config.max_parallelism)
    throw error(failure::usage,
                fmt::format("parallelism {} is above pipeline.max-parallelism {}; lower "
                            "the one or raise the other",
                            config.parallelism, config.max_parallelism));
}

} // namespace weir
