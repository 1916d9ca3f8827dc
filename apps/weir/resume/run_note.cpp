#include "apps/weir/resume/run_note.hpp"

#include "serialization/error.hpp"
#include "serialization/json.hpp"
#include "state/job_places.hpp"

#include <fmt/format.h>

#include <string_view>

namespace weir::cli {

std::vector<noted_option> noted_options(const run_config& config) {
  std::vector<noted_option> options;
  for (const auto& [key, said] : config.given)
    if (said.layer != option_layer::job && key != "execution.checkpointing.dir" &&
        !key.starts_with("execution.state-recovery."))
      options.push_back(
          {said.name, said.value, said.origin, said.layer == option_layer::file});
  return options;
}

std::string text_of(const run_note& note) {
  std::string text;
  append_json(text, note);
  return text += '\n';
}

run_note note_in(const std::filesystem::path& job) {
  const auto refuse = [&](const std::string& what) {
    throw error(failure::restore_refused,
                fmt::format("'{}' does not say how its job is run: {}; run it with 'weir "
                            "run -s {} JOB'",
                            job.string(), what, job.string()));
  };
  const auto text = job_note(job);
  if (!text)
    refuse(fmt::format("there is no file {} that can be read", job_note_name));
  run_note note;
  if (const auto problem = parse_json(*text, note))
    refuse(fmt::format("{}: {}", job_note_name, problem->what));
  return note;
}

} // namespace weir::cli
