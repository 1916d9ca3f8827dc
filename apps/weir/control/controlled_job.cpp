#include "apps/weir/control/controlled_job.hpp"

#include "apps/weir/config_text.hpp"
#include "apps/weir/standard_error.hpp"
#include "apps/weir/summary.hpp"
#include "operators/abi_stamp.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace weir::cli {

namespace {

control_answer refusal(const error& problem) {
  control_answer answer;
  answer.error = problem.what();
  answer.exit_code = static_cast<std::int32_t>(problem.kind());
  return answer;
}

std::optional<checkpoint_form> form_of(const std::string& name) {
  if (name.empty())
    return checkpoint_form::as_configured;
  if (name == "full")
    return checkpoint_form::full;
  if (name == "incremental")
    return checkpoint_form::incremental;
  return std::nullopt;
}

} // namespace

controlled_job::controlled_job(console& view, std::string name, const run_config& config)
    : view_(view) {
  info_.name = std::move(name);
  info_.pid = ::getpid();
  if (config.checkpoint_interval)
    info_.interval_ms = config.checkpoint_interval->count();
  auto& options = info_.options.emplace();
  for (effective_option& option : effective_options(config))
    if (option.origin != default_origin)
      options.push_back(
          {std::move(option.name), std::move(option.value), std::move(option.origin)});
}

controlled_job::~controlled_job() {
  if (!over_) // or who waits for its end would do so for ever
    ended_.set_value(
        refusal(error(failure::job_failed, "the job did not come to an end")));
}

void controlled_job::started(const std::string& job_id,
                             const std::filesystem::path& job_directory) {
  view_.started(job_id, job_directory);
  {
    const std::lock_guard lock(mutex_);
    info_.job_id = job_id;
    info_.started_ms = utc_now_ms();
    if (!job_directory.empty())
      info_.checkpoints = job_directory.string();
  }
  try {
    server_.emplace(job_id, [this](const std::string& line) { return answer(line); });
  } catch (...) {
    view_.warned(fmt::format("no command will find this job: {}", caught_error().what()));
  }
}

void controlled_job::restoring(const std::filesystem::path& checkpoint, bool claimed) {
  view_.restoring(checkpoint, claimed);
}

void controlled_job::watchable(const std::function<job_figures()>& look) {
  {
    const std::lock_guard lock(mutex_);
    look_ = look;
  }
  view_.watchable(look);
}

void controlled_job::restored(checkpoint_id id, attempt_id attempt) {
  view_.restored(id, attempt);
}

void controlled_job::completed(const completed_checkpoint& checkpoint) {
  {
    const std::lock_guard lock(mutex_);
    ++info_.completed;
    info_.last = last_checkpoint{
        checkpoint.id.value, checkpoint.directory.string(), utc_now_ms(),
        std::chrono::duration_cast<std::chrono::milliseconds>(checkpoint.duration)
            .count(),
        checkpoint.files_bytes};
  }
  view_.completed(checkpoint);
}

void controlled_job::saved(const completed_checkpoint& savepoint) {
  view_.saved(savepoint);
}

void controlled_job::restarting(const std::string& cause, attempt_id next,
                                std::chrono::milliseconds delay) {
  {
    const std::lock_guard lock(mutex_);
    ++info_.restarts;
  }
  view_.restarting(cause, next, delay);
}

void controlled_job::warned(const std::string& of) {
  view_.warned(of);
}

/// Nothing else stops a thread, and a process that is gone is one that somebody restarts.
void controlled_job::stuck(const std::string& who) {
  std::optional<std::string> resume;
  if (const auto last = info().last)
    resume = command_for(last->directory);
  view_.ends_at_once(who + "; the process ends without them", resume);
  ::_exit(static_cast<int>(failure::job_failed));
}

void controlled_job::ended(const job_report& report) {
  view_.ended(report);
  control_answer end;
  end.status = status_of(report);
  if (report.resume_from)
    end.resume_from = report.resume_from->string();
  end.resume_command = view_.command_after(report);
  over_ = true;
  ended_.set_value(std::move(end));
}

std::string controlled_job::answer(const std::string& line) {
  std::string problem;
  const auto request = request_of(line, problem);
  return line_of(request
                     ? carry_out(*request)
                     : refusal(error(failure::usage, "this is no request: " + problem)));
}

control_answer controlled_job::carry_out(const control_request& request) {
  if (request.command == "savepoint" || request.command == "stop" ||
      request.command == "drain")
    return save(request);
  if (request.command == "checkpoint")
    return take_checkpoint(request);
  if (request.command == "cancel")
    return cancel();
  if (request.command != "info")
    return refusal(error(failure::usage,
                         fmt::format("a job of weir {} does not know the command '{}'; "
                                     "use the 'weir' that it runs with",
                                     WEIR_VERSION, request.command)));
  control_answer answer;
  answer.info = info();
  return answer;
}

control_answer controlled_job::take_checkpoint(const control_request& request) {
  const auto form = form_of(request.form.value_or(""));
  if (!form)
    return refusal(error(failure::usage,
                         fmt::format("a job of weir {} takes no '{}' checkpoint; use the "
                                     "'weir' that it runs with",
                                     WEIR_VERSION, *request.form)));
  auto taken = control_.checkpoint(*form);
  try {
    control_answer answer;
    answer.checkpoint = taken.get().string();
    return answer;
  } catch (...) {
    return refusal(caught_error());
  }
}

/// Those that end the job are answered when it is over, and may be resumed at once.
control_answer controlled_job::save(const control_request& request) {
  const std::filesystem::path root = request.directory.value_or("");
  auto taken = request.command == "savepoint" ? control_.savepoint(root)
               : request.command == "stop"    ? control_.stop(root)
                                              : control_.drain(root);
  try {
    control_answer answer;
    answer.savepoint = taken.get().string();
    if (request.command != "drain")
      answer.resume_command = command_for(*answer.savepoint);
    return answer;
  } catch (...) {
    return refusal(caught_error());
  }
}

std::string controlled_job::command_for(const std::string& checkpoint) const {
  return view_.command_for(checkpoint, info().checkpoints.value_or(""));
}

control_answer controlled_job::cancel() {
  control_.cancel();
  return end_.get();
}

job_info controlled_job::info() const {
  const std::lock_guard lock(mutex_);
  job_info now = info_;
  if (look_) {
    const job_figures figures = look_();
    now.rows_read = figures.rows_read;
    now.rows_written = figures.rows_written;
  }
  return now;
}

} // namespace weir::cli
