// The command that goes on with a job that has not finished, ready to be pasted. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weir::cli {

/// How a run was called.
struct invocation {
  std::vector<std::string> program; // weir run, or the job itself
  std::vector<std::string> options; // -c, -D and -p
  std::vector<std::string> job;     // JOB -- ARGUMENT...
  /// Where -r looks for an id unless it is told.
  std::filesystem::path usual_root;
};

/// For the shell: the word, in quotation marks if it needs any.
std::string shell_word(const std::string& word);

/// `checkpoint` is what it goes on with. One of the job's own, in `job_directory`, needs
/// no more than the job's id, or that directory.
std::string resume_command(const invocation& how, const std::filesystem::path& checkpoint,
                           const std::filesystem::path& job_directory);

} // namespace weir::cli
