// A directory in which the real binary runs, and the verbs of the tests that run it.
#pragma once

#include "tests/support/files.hpp"
#include "tests/support/process.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

using words = std::vector<std::string>;

/// For a job whose checkpoints are looked at after a cancellation.
extern const words retain_on_cancellation;

/// Built beside the tests.
std::string click_count_library();
std::string click_count_program();
std::string fixture(std::string_view name);

words operator+(words first, const words& second);

class workspace {
public:
  const std::filesystem::path& path() const noexcept { return directory_.path(); }
  std::filesystem::path operator/(std::string_view name) const { return path() / name; }

  /// `weir ARGUMENTS`, in this directory.
  finished_process weir(const words& arguments) const;
  finished_process program(const words& command) const;
  /// The same with a signal as soon as it has told of so many checkpoints.
  finished_process interrupted(const words& arguments, int checkpoints, int signal) const;

  /// Checks that `weir ARGUMENTS` exits with `code`, says why in one line that contains
  /// all of `wanted`, and changes nothing here.
  void refuses(int code, const words& arguments, const words& wanted) const;
  /// Checks that it exits with 0.
  void succeeds(const words& arguments) const;

private:
  temporary_directory directory_{fast_directory()}; // no disk makes a job wait
};

/// `run [FLAGS] click_count -- --output output --clicks ...`, all of the same job, at
/// parallelism 2 unless the flags say otherwise.
words click_count(const words& flags, const words& job_options = {});

/// A workspace with what `kill -9` left of a click_count at parallelism 2: `output` and
/// `checkpoints/<job id>`.
class killed_job : public workspace {
public:
  killed_job();

  const std::filesystem::path& job_directory() const noexcept { return job_; }
  /// The newest complete checkpoint.
  const std::filesystem::path& newest() const noexcept { return newest_; }
  /// Every file that the newest checkpoint consists of, `_metadata` included.
  std::vector<std::filesystem::path> files() const;

private:
  std::filesystem::path job_;
  std::filesystem::path newest_;
};

/// The sorted output of the same job, run without a disturbance.
const words& undisturbed_output();

/// The names in `shared/` that a checkpoint refers to.
words shared_names(const std::filesystem::path& checkpoint);
/// The only entry of a directory.
std::filesystem::path only_entry(const std::filesystem::path& directory);

} // namespace weir::testing
