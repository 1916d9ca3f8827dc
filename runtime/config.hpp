// The options of a run and the one table they come from: parsing, help and the error for
// an unknown key all read it. Names and meanings are Flink's.
#pragma once

#include "state/backend_settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct run_config {
  std::uint32_t parallelism = 1;
  std::uint32_t max_parallelism = 0; // 0: derived from the parallelism
  std::chrono::milliseconds buffer_timeout{2};
  std::chrono::milliseconds watermark_interval{200};
  std::uint64_t source_rows_per_second = 0; // of each source task; 0: no limit
  std::optional<std::chrono::milliseconds> checkpoint_interval; // none: no checkpoints
  std::string checkpoint_dir = "weir-checkpoints";
  std::uint32_t checkpoints_retained = 3;
  bool checkpoints_forced = false;
  std::optional<backend_kind> state_backend; // none: the job's, or rocksdb
  std::optional<std::uint64_t> memory_state_bytes_max;
  std::optional<bool> snapshots_compressed;
  bool state_memory_managed = true; // unless a size is given
  std::optional<std::uint64_t> state_memory_per_slot;
  std::optional<std::uint64_t> state_memory_per_process;
  bool state_direct_io = false;
  std::uint64_t iteration_bytes_max = 64 << 20;
  std::uint32_t restart_attempts = 0;
  std::chrono::milliseconds restart_delay{1000};

  friend bool operator==(const run_config&, const run_config&) = default;
};

struct config_option {
  std::string name;
  std::string type;          // "whole number", "duration", "path", ...
  std::string default_value; // as the user would write it
  std::string help;
  std::function<void(run_config&, const std::string& value)> set;
  std::vector<std::string> aliases = {}; // older names of it
};

const std::vector<config_option>& config_options();

/// Sets one option; throws failure::usage for an unknown name (with the nearest known
/// one) and for a value of the wrong type or out of range.
void set_option(run_config& config, const std::string& name, const std::string& value);

/// What the options say, else what the job says, else the default. What a subtask may
/// have of the machine's memory: see memory_of_subtask().
backend_settings chosen_backend(const run_config& config,
                                const std::optional<backend_settings>& of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory);

/// Throws failure::usage for options that contradict each other.
void check_config(const run_config& config);

} // namespace weir
