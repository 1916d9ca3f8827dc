#include "apps/weir/console.hpp"

#include "apps/weir/cancel_signals.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace weir::cli {

namespace {

void print_line(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string byte_text(std::uint64_t bytes) {
  if (bytes < 1000)
    return fmt::format("{} B", bytes);
  if (bytes < 1'000'000)
    return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

} // namespace

void console::started(const std::string& job_id,
                      const std::filesystem::path& job_directory) {
  if (job_directory.empty())
    print_line(fmt::format("job {} started; no checkpoints are taken, so its state is "
                           "lost when it ends (set execution.checkpointing.interval)",
                           job_id));
  else
    print_line(
        fmt::format("job {} started, checkpoints in {}", job_id, job_directory.string()));
}

void console::restored(checkpoint_id id, attempt_id) {
  print_line(fmt::format("restored from chk-{}", id.value));
}

void console::completed(const completed_checkpoint& checkpoint) {
  print_line(fmt::format("checkpoint {} completed in {:.1f} ms, {}", checkpoint.id.value,
                         milliseconds(checkpoint.duration),
                         byte_text(checkpoint.files_bytes)));
}

void console::restarting(const std::string& cause, attempt_id next,
                         std::chrono::milliseconds delay) {
  print_line(fmt::format("failed: {}; attempt {} begins in {} ms", cause, next.value,
                         delay.count()));
}

void console::warned(const std::string& of) {
  print_line(fmt::format("warning: {}", of));
}

void console::cancelled(const job_report& report,
                        const std::optional<std::filesystem::path>& newest) {
  print_line(fmt::format("job {} cancelled after {:.2f} s; {}", report.job_id,
                         milliseconds(report.duration) / 1e3,
                         newest ? fmt::format("resume it with -s {}", newest->string())
                                : "it has no checkpoint to resume from"));
}

void console::finished(const job_report& report) {
  print_line(
      fmt::format("job {} finished in {:.2f} s, {} records exchanged, {} checkpoints",
                  report.job_id, milliseconds(report.duration) / 1e3,
                  report.records_exchanged, report.checkpoints.size()));
}

int run_on_console(const job& job, run_request request) {
  job.check_options();
  const cancel_signals signals;
  request.cancel = signals.token();
  console view;
  const job_report report = run(job, request, view);
  if (report.cancelled) {
    view.cancelled(report, report.checkpoints.empty()
                               ? request.restore_from
                               : std::optional(report.checkpoints.back().directory));
    return 128 + signals.received();
  }
  view.finished(report);
  return 0;
}

int exit_code_of(int (*body)(int, const char* const*), int argc,
                 const char* const* argv) noexcept {
  try {
    return body(argc, argv);
  } catch (const error& problem) {
    print_line(fmt::format("error: {}", problem.what()));
    return static_cast<int>(problem.kind());
  } catch (const std::exception& problem) {
    print_line(fmt::format("error: {}", problem.what()));
    return static_cast<int>(failure::job_failed);
  }
}

} // namespace weir::cli
