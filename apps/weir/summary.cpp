#include "apps/weir/summary.hpp"

#include "apps/weir/number_text.hpp"

#include <fmt/format.h>

namespace weir::cli {

namespace {

std::string line(const char* what, const std::string& figure) {
  return fmt::format("  {:<13} {}\n", what, figure);
}

std::string rows(std::uint64_t count, std::chrono::nanoseconds duration) {
  const auto per_second = static_cast<std::uint64_t>(rate(0, count, duration));
  return fmt::format("{} ({}/s)", grouped(count), grouped(per_second));
}

std::string checkpoints(const job_report& report) {
  std::string text = grouped(report.checkpoints.size());
  if (report.checkpoints_failed > 0)
    text += fmt::format(", {} failed", grouped(report.checkpoints_failed));
  const auto left = [&](std::size_t number, const char* fate) {
    if (number > 0)
      text += fmt::format("; {} {} in {}", grouped(number), fate,
                          report.checkpoint_directory.string());
  };
  left(report.checkpoints_kept, "kept");
  left(report.checkpoints_deleted, "deleted");
  return text;
}

} // namespace

const char* status_of(const job_report& report) {
  return !report.failure.empty() ? "FAILED" : report.cancelled ? "CANCELLED" : "FINISHED";
}

std::string summary_text(const job_report& report) {
  const job_figures& figures = report.figures;
  std::string text = fmt::format("job {} {}\n", report.job_id, status_of(report));
  text += line("duration", fmt::format("{:.2f} s", seconds(report.duration)));
  text += line("rows read", rows(figures.rows_read, report.duration));
  text += line("rows written", rows(figures.rows_written, report.duration));
  if (figures.malformed > 0)
    text += line("malformed", grouped(figures.malformed));
  if (figures.late > 0)
    text += line("late", grouped(figures.late));
  text += line("checkpoints", checkpoints(report));
  text += line("restarts", grouped(report.restarts()));
  return text;
}

std::string dry_run_text(const starting_point& from) {
  const std::size_t tasks = from.plan.tasks.size();
  if (!from.checkpoint)
    return fmt::format("would start from the beginning, with {} tasks\n", tasks);
  std::string text =
      fmt::format("would restore {}: the state of {} operators, for {} tasks",
                  from.checkpoint->directory.string(),
                  from.checkpoint->metadata.operators.size(), tasks);
  const char* separator = "; left behind: ";
  for (const std::string& name : from.skipped) {
    text += fmt::format("{}'{}'", separator, name);
    separator = ", ";
  }
  return text += '\n';
}

std::string progress_text(std::chrono::nanoseconds elapsed, const job_figures& before,
                          const job_figures& now, std::chrono::nanoseconds between) {
  return fmt::format("{}: {} rows read ({}/s), {} written ({}/s)", duration_text(elapsed),
                     grouped(now.rows_read),
                     compact(rate(before.rows_read, now.rows_read, between)),
                     grouped(now.rows_written),
                     compact(rate(before.rows_written, now.rows_written, between)));
}

} // namespace weir::cli
