#include "apps/weir/control/job_text.hpp"

#include "apps/weir/config_text.hpp"
#include "apps/weir/number_text.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <chrono>

namespace weir::cli {

namespace {

std::string since(std::int64_t then_ms, std::int64_t now_ms) {
  return duration_text(time_between(then_ms, now_ms));
}

std::string line(const char* what, const std::string& figure) {
  return one_line(fmt::format("  {:<13} {}", what, figure)) + '\n';
}

} // namespace

std::string checkpoint_age(const job_info& job, std::int64_t now_ms) {
  if (!job.interval_ms)
    return job.last ? since(job.last->completed_ms, now_ms) + " ago" : "none are taken";
  constexpr std::int64_t intervals_tolerable = 3;
  const std::int64_t last_ms = job.last ? job.last->completed_ms : job.started_ms;
  std::string text =
      job.last ? fmt::format("{} ago, chk-{}", since(last_ms, now_ms), job.last->id)
               : "none yet";
  const auto interval = time_between(0, *job.interval_ms);
  if (time_between(last_ms, now_ms) / intervals_tolerable > interval)
    text += fmt::format(" (OVERDUE: one is due every {})", duration_text(interval));
  return text;
}

std::string text_of(const std::vector<job_info>& jobs, std::int64_t now_ms) {
  if (jobs.empty())
    return "no jobs are running\n";
  constexpr const char* row = "{:<32}  {:<16}  {:>8}  {:>14}  {:>15}  {}";
  std::string text = fmt::format(fmt::runtime(row), "JOB", "NAME", "PID", "RUNNING FOR",
                                 "ROWS READ", "LAST CHECKPOINT");
  for (const job_info& job : jobs)
    text +=
        '\n' + one_line(fmt::format(fmt::runtime(row), job.job_id, job.name, job.pid,
                                    since(job.started_ms, now_ms), grouped(job.rows_read),
                                    checkpoint_age(job, now_ms)));
  text += '\n';
  return text;
}

std::string text_of(const job_info& job, std::int64_t now_ms) {
  std::string text = one_line(fmt::format("job {} ({})", job.job_id, job.name)) + '\n';
  text += line("process", fmt::format("{}", job.pid));
  text += line("running for", since(job.started_ms, now_ms));
  text += line("restarts", grouped(job.restarts));
  text += line("rows read", grouped(job.rows_read));
  text += line("rows written", grouped(job.rows_written));
  text += line("checkpoints",
               job.checkpoints
                   ? fmt::format("{} in {}", grouped(job.completed), *job.checkpoints)
                   : "none are taken");
  text += line("last one", checkpoint_age(job, now_ms));
  if (job.last)
    text +=
        line("", fmt::format("{}, {}, took {} ms", job.last->directory,
                             byte_text(job.last->bytes),
                             grouped(static_cast<std::uint64_t>(job.last->duration_ms))));
  std::vector<effective_option> options;
  for (const job_option& option : job.options.value_or(std::vector<job_option>()))
    options.push_back({option.name, option.value, option.origin});
  if (!options.empty())
    text += "options\n";
  return text + text_of(options, "  ");
}

} // namespace weir::cli
