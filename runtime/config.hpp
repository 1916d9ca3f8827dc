// The options of a run and the one table they come from: parsing, help and the error for
// an unknown key all read it. Names and meanings are Flink's.
#pragma once

#include "operators/checkpoint_settings.hpp"
#include "runtime/restart_policy.hpp"
#include "serialization/strong_id.hpp"
#include "state/backend_settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Whose the checkpoint is that a run was restored from.
enum class claim_mode {
  no_claim, // its own or nobody's: it is never touched
  claim,    // the run's, which removes it once it has enough of its own
};

/// Who says what an option is; the later ones count more.
enum class option_layer : std::uint8_t { file, job, command_line };

/// What has been said of an option.
struct option_given {
  std::string name; // by which of those that set the same
  std::string value;
  option_layer layer = option_layer::command_line;
  std::string origin; // "weir.yaml:3", "the job's code", "-D"

  friend bool operator==(const option_given&, const option_given&) = default;
};

struct run_config {
  std::uint32_t parallelism = 1;
  std::uint32_t max_parallelism = 0; // 0: derived from the parallelism
  std::chrono::milliseconds buffer_timeout{2};
  std::chrono::milliseconds watermark_interval{200};
  std::uint64_t source_rows_per_second = 0; // of each source task; 0: no limit
  std::uint64_t iteration_bytes_max = 64 << 20;

  std::optional<std::chrono::milliseconds> checkpoint_interval; // none: no checkpoints
  std::string checkpoint_dir = "weir-checkpoints";
  std::string data_dir;      // empty: what the job says, or checkpoint_dir
  std::string savepoint_dir; // empty: each order names one
  std::uint32_t checkpoints_retained = 3;
  checkpoint_retention retention = on_failure;
  std::chrono::milliseconds checkpoint_timeout{600'000};
  std::chrono::milliseconds sync_phase_timeout{0}; // 0: no limit
  std::chrono::milliseconds checkpoint_min_pause{0};
  std::uint32_t checkpoints_concurrent = 1;
  std::uint32_t failed_checkpoints_tolerable = 0; // in a row
  bool exactly_once = true;                       // false: at least once
  bool unaligned = false;
  std::chrono::milliseconds aligned_timeout{0}; // 0: unaligned ones are so at once
  bool checkpoints_forced = false;
  bool checkpoints_after_end = true; // of some tasks

  std::optional<backend_kind> state_backend; // none: the job's, or rocksdb
  std::optional<std::uint64_t> memory_state_bytes_max;
  std::optional<bool> snapshots_compressed;
  bool state_memory_managed = true; // unless a size is given
  std::optional<std::uint64_t> state_memory_per_slot;
  std::optional<std::uint64_t> state_memory_per_process;
  bool state_direct_io = false;
  std::uint64_t inline_bytes_max = 0; // larger ones are files

  bool skip_unclaimed_state = false;
  claim_mode claim = claim_mode::no_claim;
  checkpoint_id without_in_flight{}; // 0: none
  std::string recovery_data_dir;     // empty: where the checkpoint says
  std::string recover_from;          // empty: what is asked for, or the beginning

  std::chrono::milliseconds cancellation_timeout{180'000}; // 0: no limit
  std::optional<restart_kind> restart;                     // none: see chosen_restarts()
  std::optional<std::uint32_t> restart_attempts;           // of fixed-delay; none: 1
  std::chrono::milliseconds restart_delay{1000};           // of fixed-delay
  exponential_delay restart_backoff;
  failure_rate restart_rate;

  /// Which options have been set; those that set the same under one name.
  std::map<std::string, option_given> given;
  /// What whoever runs the job should know about them.
  std::vector<std::string> warnings;

  friend bool operator==(const run_config&, const run_config&) = default;
};

struct config_option {
  std::string name;
  std::string type;          // "whole number", "duration", "path", ...
  std::string default_value; // as the user would write it
  std::string help;
  std::function<void(run_config&, const std::string& value)> set;
  std::vector<std::string> aliases = {}; // older names of it
  std::string sets = {};                 // the option that sets the same; empty: none
  std::vector<std::string> choices = {}; // of one that takes a word: those to write
};

const std::vector<config_option>& config_options();

/// Null for a name that is none, also not an older one.
const config_option* find_option(const std::string& name);

/// Under which name run_config::given has it: options that set the same have one.
const std::string& key_of(const config_option& option);

/// Sets one option, unless whoever counts more has done so. Throws failure::usage for a
/// value of the wrong type or out of range, for an option of Flink's that weir refuses,
/// and for an unknown name (with the nearest known one).
void set_option(run_config& config, const std::string& name, const std::string& value,
                option_layer layer = option_layer::command_line,
                const std::string& origin = "-D");

/// With what the code of a job says: it counts more than a file, and less than what the
/// run was started with.
run_config with_settings(run_config config, const job_settings& of_job);

/// With what its code says of the state backend, too: for people, since chosen_backend()
/// weighs that by itself.
run_config with_code(run_config config, const job_settings& of_job,
                     const std::optional<backend_settings>& backend);

/// That of the options; without one, fixed-delay if its attempts are given, else
/// exponential-delay if checkpoints are taken.
restart_strategy chosen_restarts(const run_config& config);

/// What the run was started with says, else the job, else a file, else the default. What
/// a subtask may have of the machine's memory: see memory_of_subtask(). Throws
/// failure::usage for a data directory that cannot be.
backend_settings chosen_backend(const run_config& config,
                                const std::optional<backend_settings>& of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory);

/// Of options that contradict each other, one line each.
std::vector<std::string> contradictions(const run_config& config);
/// Throws failure::usage for the first of them.
void check_config(const run_config& config);

} // namespace weir
