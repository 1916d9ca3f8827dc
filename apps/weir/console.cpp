#include "apps/weir/console.hpp"

#include "apps/weir/cancel_signals.hpp"
#include "apps/weir/control/controlled_job.hpp"
#include "apps/weir/json_console.hpp"
#include "apps/weir/printable.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_console.hpp"
#include "runtime/starting_point.hpp"
#include "state/job_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>

namespace weir::cli {

namespace {

bool prints(const job& job) {
  return std::ranges::any_of(job.graph().chains(), &chain::to_standard_output);
}

/// The kernel takes a moment to be done with a process that was killed just now.
void await_free(const std::filesystem::path& job) {
  constexpr std::chrono::milliseconds between{20};
  constexpr int looks_max = 150;
  for (int i = 0; i < looks_max && is_in_use(job); ++i)
    std::this_thread::sleep_for(between);
}

} // namespace

void tell_found(const std::filesystem::path& options, output_mode mode) {
  if (mode == output_mode::json)
    write_error_lines(
        json_events(utc_now_ms()).configured(std::filesystem::absolute(options)));
  else if (mode == output_mode::text)
    write_error_lines("options from " + printable(options.string()) + "\n");
}

void tell_warning(output_mode mode, const std::string& of) {
  write_error_lines(mode == output_mode::json ? json_events(utc_now_ms()).warning(of)
                                              : "warning: " + printable(of) + "\n");
}

int tell_failure(output_mode mode, failure kind, const std::string& message) {
  const int code = static_cast<int>(kind);
  write_error_lines(mode == output_mode::json
                        ? json_events(utc_now_ms()).failed(code, message)
                        : std::string("error: ").append(printable(message)).append("\n"));
  return code;
}

std::unique_ptr<console> open_console(output_mode mode, const job& job, invocation how) {
  if (mode == output_mode::json)
    return std::make_unique<json_console>(std::move(how));
  if (mode == output_mode::quiet)
    return std::make_unique<quiet_console>(std::move(how));
  if (can_draw_on_error(prints(job)))
    return std::make_unique<live_console>(std::move(how));
  return std::make_unique<line_console>(std::move(how));
}

void prepare(const run_command& command) {
  if (command.options_found)
    tell_found(*command.options_found, command.mode);
  if (command.resumed)
    await_free(*command.resumed);
  if (command.directory.empty())
    return;
  std::error_code failed;
  std::filesystem::current_path(command.directory, failed);
  if (failed)
    throw error(failure::restore_refused,
                fmt::format("cannot go to '{}', where the job ran: {}",
                            command.directory.string(), failed.message()));
  if (command.mode == output_mode::text)
    write_error_lines(
        fmt::format("going on in {}\n", printable(command.directory.string())));
}

int run_on_console(const job& job, run_command command) {
  job.check_options();
  run_request& request = command.request;
  const auto view = open_console(command.mode, job, std::move(command.how));
  const cancel_signals signals([&view] { view->cancelling(); });
  request.cancel = signals.token();
  controlled_job controlled(*view, request.job_name,
                            with_code(request.config, job.checkpoints().options(),
                                      job.graph().state_backend()));
  request.control = &controlled.control();
  try {
    const job_report report = run(job, request, controlled);
    if (!report.cancelled)
      return 0;
  } catch (...) {
    const error problem = caught_error();
    const int code = tell_failure(command.mode, problem.kind(), problem.what());
    if (problem.kind() == failure::job_failed) // else it will not be another time either
      view->failed();                          // last, so that it is what people see
    return code;
  }
  return 128 + (signals.received() != 0 ? signals.received() : SIGTERM);
}

int try_on_console(const job& job, const run_command& command) {
  job.check_options();
  const output_mode mode = command.mode;
  const dry_run_report report = dry_run(job, command.request);
  for (const std::string& warning : report.from.config.warnings)
    tell_warning(mode, warning);
  int code = 0;
  for (const std::string& problem : report.problems)
    code = tell_failure(mode, failure::restore_refused, problem);
  if (code != 0)
    return code;
  const auto& checkpoint = report.from.checkpoint;
  if (mode == output_mode::quiet)
    return code;
  write_error_lines(
      mode == output_mode::json
          ? json_events(utc_now_ms())
                .dry_run(checkpoint ? std::optional(checkpoint->directory) : std::nullopt,
                         report.from.plan.tasks.size(), report.from.skipped)
          : dry_run_text(report.from));
  return code;
}

int exit_code_of(program_body body, int argc, const char* const* argv) noexcept {
  auto mode = output_mode::text;
  try {
    return body(argc, argv, mode);
  } catch (...) {
    const error problem = caught_error();
    return tell_failure(mode, problem.kind(), problem.what());
  }
}

} // namespace weir::cli
