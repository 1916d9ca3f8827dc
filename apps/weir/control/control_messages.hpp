// What goes over a job's socket: one line of JSON there, one back. Their names are in
// what other versions of the command write: adding optional fields is fine, renaming
// them is not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct control_request {
  std::string command; // info, checkpoint, savepoint, stop, drain, cancel
  std::optional<std::string> directory; // in which a savepoint becomes one
  std::optional<std::string> form;      // of a checkpoint: full, incremental
  static constexpr std::array weir_fields{"command", "directory", "form"};

  friend bool operator==(const control_request&, const control_request&) = default;
};

struct last_checkpoint {
  std::uint64_t id = 0;
  std::string directory;
  std::int64_t completed_ms = 0; // since 1970, UTC
  std::int64_t duration_ms = 0;
  std::uint64_t bytes = 0;
  static constexpr std::array weir_fields{"id", "directory", "completed_ms",
                                          "duration_ms", "bytes"};

  friend bool operator==(const last_checkpoint&, const last_checkpoint&) = default;
};

/// An option that somebody has set.
struct job_option {
  std::string name;
  std::string value;
  std::string origin; // who: "weir.yaml:3", "the job's code", "-D"
  static constexpr std::array weir_fields{"name", "value", "origin"};

  friend bool operator==(const job_option&, const job_option&) = default;
};

struct job_info {
  std::string job_id;
  std::string name;
  std::int64_t pid = 0;
  std::int64_t started_ms = 0; // since 1970, UTC
  std::uint64_t restarts = 0;
  std::uint64_t rows_read = 0;
  std::uint64_t rows_written = 0;
  std::optional<std::string> checkpoints;  // the directory; none: none are taken
  std::optional<std::int64_t> interval_ms; // of them
  std::optional<last_checkpoint> last;
  std::uint64_t completed = 0;                    // since the job began
  std::optional<std::vector<job_option>> options; // not of a list of jobs
  static constexpr std::array weir_fields{"job_id",       "name",        "pid",
                                          "started_ms",   "restarts",    "rows_read",
                                          "rows_written", "checkpoints", "interval_ms",
                                          "last",         "completed",   "options"};

  friend bool operator==(const job_info&, const job_info&) = default;
};

struct control_answer {
  std::optional<std::string> error; // the others are missing then
  std::optional<std::int32_t> exit_code;
  std::optional<job_info> info;
  std::optional<std::string> savepoint;
  std::optional<std::string> checkpoint;
  std::optional<std::string> status; // of a job that is over
  std::optional<std::string> resume_from;
  std::optional<std::string> resume_command;
  static constexpr std::array weir_fields{"error",       "exit_code",     "info",
                                          "savepoint",   "checkpoint",    "status",
                                          "resume_from", "resume_command"};

  friend bool operator==(const control_answer&, const control_answer&) = default;
};

/// A line, with its end.
std::string line_of(const control_request& request);
std::string line_of(const control_answer& answer);
std::string line_of(const job_info& info);
/// None, and why, if it is no such thing.
std::optional<control_request> request_of(std::string_view line, std::string& problem);
std::optional<control_answer> answer_of(std::string_view line, std::string& problem);

} // namespace weir::cli
