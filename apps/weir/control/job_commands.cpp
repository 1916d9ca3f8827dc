#include "apps/weir/control/job_commands.hpp"

#include "apps/weir/checkpoint_commands.hpp"
#include "apps/weir/control/control_messages.hpp"
#include "apps/weir/control/job_text.hpp"
#include "apps/weir/control/line_stream.hpp"
#include "apps/weir/control/run_directory.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "apps/weir/standard_error.hpp"
#include "serialization/error.hpp"
#include "state/locate_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::cli {

namespace {

/// Waits for the answer, however long that takes; none if the job ended before.
std::optional<control_answer> ask(const run_directory& jobs, const std::string& job,
                                  const control_request& request) {
  const auto socket = jobs.connect(job);
  if (!socket || !send_line(*socket, line_of(request)))
    return std::nullopt;
  const auto line = receive_line(*socket);
  if (!line || line->empty())
    return std::nullopt;
  std::string problem;
  auto answer = answer_of(*line, problem);
  if (!answer)
    throw error(failure::job_failed,
                fmt::format("job '{}' answers what this weir does not understand ({}); "
                            "use the 'weir' that it runs with",
                            job, problem));
  return answer;
}

control_answer answer_or_throw(const run_directory& jobs, const std::string& job,
                               const control_request& request) {
  auto answer = ask(jobs, job, request);
  if (!answer)
    throw error(failure::job_failed,
                fmt::format("job '{}' ended without an answer; what it has left shows "
                            "'weir checkpoint list DIR'",
                            job));
  if (answer->error)
    throw error(static_cast<failure>(std::clamp(answer->exit_code.value_or(1), 1, 3)),
                fmt::format("job '{}': {}", job, *answer->error));
  return *std::move(answer);
}

int list(const job_command& command) {
  const run_directory directory;
  std::vector<job_info> jobs;
  for (const std::string& id : directory.running())
    if (auto answer = ask(directory, id, {"info", {}, {}}); answer && answer->info) {
      answer->info->options.reset();
      jobs.push_back(std::move(*answer->info));
    }
  if (command.mode != output_mode::json)
    print(text_of(jobs, utc_now_ms()));
  else
    for (const job_info& job : jobs)
      print(line_of(job));
  return 0;
}

int info(const job_command& command) {
  const run_directory jobs;
  const auto answer = answer_or_throw(jobs, jobs.job_of(command.job), {"info", {}, {}});
  if (!answer.info)
    throw error(failure::job_failed, "the job says nothing about itself");
  print(command.mode == output_mode::json ? line_of(*answer.info)
                                          : text_of(*answer.info, utc_now_ms()));
  return 0;
}

const char* request_for(job_verb verb) {
  return verb == job_verb::stop    ? "stop"
         : verb == job_verb::drain ? "drain"
                                   : "savepoint";
}

const char* wait_for(job_verb verb) {
  return verb == job_verb::stop    ? "stopping job {} with a savepoint"
         : verb == job_verb::drain ? "draining job {}"
                                   : "taking a savepoint of job {}";
}

std::string resume_text(const control_answer& answer) {
  return fmt::format("resume it with:\n  {}", *answer.resume_command);
}

int save(const job_command& command) {
  const run_directory jobs;
  const std::string job = jobs.job_of(command.job);
  control_request request{request_for(command.verb), {}, {}};
  if (!command.directory.empty())
    request.directory = plain_path(command.directory).string();
  if (command.mode != output_mode::json)
    write_error_lines(fmt::format(fmt::runtime(wait_for(command.verb)), job) + "\n");
  const auto answer = answer_or_throw(jobs, job, request);
  if (command.mode == output_mode::json) {
    print(line_of(answer));
    return 0;
  }
  print(answer.savepoint.value_or("") + "\n");
  if (answer.resume_command)
    write_error_lines(resume_text(answer) + "\n");
  return 0;
}

int take_checkpoint(const job_command& command) {
  const run_directory jobs;
  const std::string job = jobs.job_of(command.job);
  control_request request{"checkpoint", {}, {}};
  if (!command.form.empty())
    request.form = command.form;
  if (command.mode != output_mode::json)
    write_error_lines(fmt::format("taking a checkpoint of job {}\n", job));
  const auto answer = answer_or_throw(jobs, job, request);
  print(command.mode == output_mode::json ? line_of(answer)
                                          : answer.checkpoint.value_or("") + "\n");
  return 0;
}

int cancel(const job_command& command) {
  const run_directory jobs;
  const std::string job = jobs.job_of(command.job);
  const auto answer = answer_or_throw(jobs, job, {"cancel", {}, {}});
  if (command.mode == output_mode::json)
    print(line_of(answer));
  else
    print(fmt::format("job {} {}; {}\n", job, answer.status.value_or("ended"),
                      answer.resume_command ? resume_text(answer)
                                            : "nothing of it is kept to resume from"));
  return 0;
}

int dispose(const job_command& command) {
  const auto found = locate_checkpoint(command.directory);
  if (!found.metadata.savepoint)
    throw error(failure::usage,
                fmt::format("'{}' is no savepoint; remove checkpoints with 'weir "
                            "checkpoint rm'",
                            found.directory.string()));
  checkpoint_command remove;
  remove.verb = checkpoint_verb::rm;
  remove.mode = command.mode;
  remove.paths = {found.directory};
  return carry_out(remove);
}

} // namespace

int carry_out(const job_command& command) {
  switch (command.verb) {
  case job_verb::list:
    return list(command);
  case job_verb::info:
    return info(command);
  case job_verb::checkpoint:
    return take_checkpoint(command);
  case job_verb::savepoint:
  case job_verb::stop:
  case job_verb::drain:
    return save(command);
  case job_verb::cancel:
    return cancel(command);
  case job_verb::dispose:
    return dispose(command);
  }
  return 0;
}

} // namespace weir::cli
