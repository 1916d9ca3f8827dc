#include "apps/weir/json_events.hpp"

#include "apps/weir/summary.hpp"
#include "serialization/json.hpp"

#include <array>

namespace weir::cli {

// Their names are in what scripts read: adding fields is fine, renaming them is not.
namespace events {

struct configured {
  std::string event;
  std::int64_t time_ms;
  std::string file;
  static constexpr std::array weir_fields{"event", "time_ms", "file"};
};
struct started {
  std::string event;
  std::int64_t time_ms;
  std::string job_id;
  std::optional<std::string> checkpoints; // the directory; null: none are taken
  static constexpr std::array weir_fields{"event", "time_ms", "job_id", "checkpoints"};
};
struct restoring {
  std::string event;
  std::int64_t time_ms;
  std::string directory;
  bool claimed;
  static constexpr std::array weir_fields{"event", "time_ms", "directory", "claimed"};
};
struct dry_run {
  std::string event;
  std::int64_t time_ms;
  std::optional<std::string> restore_from; // null: it would start from the beginning
  std::uint64_t tasks;
  std::vector<std::string> skipped;
  static constexpr std::array weir_fields{"event", "time_ms", "restore_from", "tasks",
                                          "skipped"};
};
struct restored {
  std::string event;
  std::int64_t time_ms;
  std::uint64_t checkpoint;
  std::uint64_t attempt;
  static constexpr std::array weir_fields{"event", "time_ms", "checkpoint", "attempt"};
};
struct checkpoint {
  std::string event;
  std::int64_t time_ms;
  std::uint64_t checkpoint;
  std::string directory;
  std::int64_t duration_ms;
  std::uint64_t bytes;
  std::uint64_t in_flight_bytes;
  static constexpr std::array weir_fields{"event",          "time_ms",     "checkpoint",
                                          "directory",      "duration_ms", "bytes",
                                          "in_flight_bytes"};
};
struct savepoint {
  std::string event;
  std::int64_t time_ms;
  std::string directory;
  std::int64_t duration_ms;
  std::uint64_t bytes;
  static constexpr std::array weir_fields{"event", "time_ms", "directory", "duration_ms",
                                          "bytes"};
};
struct restarting {
  std::string event;
  std::int64_t time_ms;
  std::string cause;
  std::uint64_t attempt;
  std::int64_t delay_ms;
  static constexpr std::array weir_fields{"event", "time_ms", "cause", "attempt",
                                          "delay_ms"};
};
struct warning {
  std::string event;
  std::int64_t time_ms;
  std::string message;
  static constexpr std::array weir_fields{"event", "time_ms", "message"};
};
struct of_operator {
  std::string name;
  std::uint32_t parallelism;
  std::uint64_t records_in;
  std::uint64_t bytes_in;
  std::uint64_t records_out;
  std::uint64_t bytes_out;
  std::uint64_t malformed;
  std::uint64_t late;
  std::int64_t busy_ms;
  std::int64_t back_pressured_ms;
  std::int64_t idle_ms;
  std::uint64_t batches_queued;
  std::uint64_t batches_waiting;
  std::optional<std::int64_t> watermark_ms; // since 1970
  static constexpr std::array weir_fields{"name",
                                          "parallelism",
                                          "records_in",
                                          "bytes_in",
                                          "records_out",
                                          "bytes_out",
                                          "malformed",
                                          "late",
                                          "busy_ms",
                                          "back_pressured_ms",
                                          "idle_ms",
                                          "batches_queued",
                                          "batches_waiting",
                                          "watermark_ms"};
};
struct progress {
  std::string event;
  std::int64_t time_ms;
  std::int64_t elapsed_ms;
  std::uint64_t rows_read;
  std::uint64_t rows_written;
  std::uint64_t malformed;
  std::uint64_t late;
  std::vector<of_operator> operators;
  static constexpr std::array weir_fields{"event",     "time_ms",      "elapsed_ms",
                                          "rows_read", "rows_written", "malformed",
                                          "late",      "operators"};
};
struct cancelling {
  std::string event;
  std::int64_t time_ms;
  static constexpr std::array weir_fields{"event", "time_ms"};
};
struct ended {
  std::string event;
  std::int64_t time_ms;
  std::string job_id;
  std::string status;
  std::int64_t duration_ms;
  std::uint64_t rows_read;
  std::uint64_t rows_written;
  std::uint64_t malformed;
  std::uint64_t late;
  std::uint64_t checkpoints;
  std::uint64_t checkpoints_failed;
  std::uint64_t checkpoints_kept;
  std::uint64_t checkpoints_deleted;
  std::uint64_t restarts;
  std::optional<std::string> savepoint;   // that it was stopped with
  std::optional<std::string> resume_from; // what -s wants, if there is one
  std::optional<std::string> resume_command;
  std::vector<of_operator> operators;
  static constexpr std::array weir_fields{"event",
                                          "time_ms",
                                          "job_id",
                                          "status",
                                          "duration_ms",
                                          "rows_read",
                                          "rows_written",
                                          "malformed",
                                          "late",
                                          "checkpoints",
                                          "checkpoints_failed",
                                          "checkpoints_kept",
                                          "checkpoints_deleted",
                                          "restarts",
                                          "savepoint",
                                          "resume_from",
                                          "resume_command",
                                          "operators"};
};
struct error {
  std::string event;
  std::int64_t time_ms;
  std::int32_t exit_code;
  std::string message;
  std::optional<std::string> resume_command;
  static constexpr std::array weir_fields{"event", "time_ms", "exit_code", "message",
                                          "resume_command"};
};

} // namespace events

namespace {

template <class Event>
std::string line(const Event& event) {
  std::string text;
  append_json(text, event);
  return text += '\n';
}

std::int64_t milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

std::optional<std::int64_t> milliseconds(const std::optional<event_time>& time) {
  using std::chrono::milliseconds;
  if (!time)
    return std::nullopt;
  return std::chrono::floor<milliseconds>(time->time_since_epoch()).count();
}

std::vector<events::of_operator> operators_of(const job_figures& figures) {
  std::vector<events::of_operator> all;
  for (const operator_figures& each : figures.operators)
    all.push_back({each.name, each.parallelism, each.records_in, each.bytes_in,
                   each.records_out, each.bytes_out, each.malformed, each.late,
                   milliseconds(each.busy), milliseconds(each.back_pressured),
                   milliseconds(each.idle), each.batches_queued, each.batches_waiting,
                   milliseconds(each.watermark)});
  return all;
}

std::optional<std::string> text_of(const std::optional<std::filesystem::path>& path) {
  return path ? std::optional(path->string()) : std::nullopt;
}

} // namespace

std::string json_events::configured(const std::filesystem::path& options) const {
  return line(events::configured{"configured", time_ms_, options.string()});
}

std::string json_events::started(const std::string& job_id,
                                 const std::filesystem::path& job_directory) const {
  const auto directory =
      job_directory.empty() ? std::nullopt : std::optional(job_directory);
  return line(events::started{"started", time_ms_, job_id, text_of(directory)});
}

std::string json_events::restoring(const std::filesystem::path& checkpoint,
                                   bool claimed) const {
  return line(events::restoring{"restoring", time_ms_, checkpoint.string(), claimed});
}

std::string json_events::restored(checkpoint_id id, attempt_id attempt) const {
  return line(events::restored{"restored", time_ms_, id.value, attempt.value});
}

std::string json_events::checkpoint(const completed_checkpoint& completed) const {
  return line(events::checkpoint{"checkpoint", time_ms_, completed.id.value,
                                 completed.directory.string(),
                                 milliseconds(completed.duration), completed.files_bytes,
                                 completed.in_flight_bytes});
}

std::string json_events::savepoint(const completed_checkpoint& completed) const {
  return line(events::savepoint{"savepoint", time_ms_, completed.directory.string(),
                                milliseconds(completed.duration), completed.files_bytes});
}

std::string json_events::restarting(const std::string& cause, attempt_id next,
                                    std::chrono::milliseconds delay) const {
  return line(
      events::restarting{"restarting", time_ms_, cause, next.value, delay.count()});
}

std::string json_events::progress(std::chrono::nanoseconds elapsed,
                                  const job_figures& figures) const {
  return line(events::progress{"progress", time_ms_, milliseconds(elapsed),
                               figures.rows_read, figures.rows_written, figures.malformed,
                               figures.late, operators_of(figures)});
}

std::string json_events::warning(const std::string& of) const {
  return line(events::warning{"warning", time_ms_, of});
}

std::string json_events::cancelling() const {
  return line(events::cancelling{"cancelling", time_ms_});
}

std::string json_events::ended(const job_report& report,
                               const std::optional<std::string>& command) const {
  const job_figures& figures = report.figures;
  return line(events::ended{
      "ended", time_ms_, report.job_id, status_of(report), milliseconds(report.duration),
      figures.rows_read, figures.rows_written, figures.malformed, figures.late,
      report.checkpoints.size(), report.checkpoints_failed, report.checkpoints_kept,
      report.checkpoints_deleted, report.restarts(), text_of(report.savepoint),
      text_of(report.resume_from), command, operators_of(figures)});
}

std::string json_events::dry_run(const std::optional<std::filesystem::path>& checkpoint,
                                 std::uint64_t tasks,
                                 const std::vector<std::string>& skipped) const {
  return line(events::dry_run{"dry_run", time_ms_, text_of(checkpoint), tasks, skipped});
}

std::string json_events::failed(int exit_code, const std::string& message,
                                const std::optional<std::string>& resume) const {
  return line(events::error{"error", time_ms_, exit_code, message, resume});
}

} // namespace weir::cli
