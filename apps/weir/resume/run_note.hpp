// What `weir run` leaves beside the checkpoints of a job, so that `weir run -r` needs
// nothing else to run it again: which job, with which arguments and options, and where.
// One line of JSON. Its names are in what other versions have written: adding optional
// fields is fine, renaming them is not.
#pragma once

#include "runtime/config.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct noted_option {
  std::string name;
  std::string value;
  std::string origin;
  bool in_file = false; // else it was on the command line
  static constexpr std::array weir_fields{"name", "value", "origin", "in_file"};

  friend bool operator==(const noted_option&, const noted_option&) = default;
};

struct run_note {
  std::string weir;                   // the version
  std::optional<std::string> job;     // the library; none: the program is the job
  std::string program;                // that has run it
  std::string directory;              // in which it ran
  std::vector<std::string> arguments; // of the job
  std::optional<std::string> file;    // of options, that was named
  std::vector<noted_option> options;  // those of a file, too
  static constexpr std::array weir_fields{"weir",      "job",  "program", "directory",
                                          "arguments", "file", "options"};

  friend bool operator==(const run_note&, const run_note&) = default;
};

/// What is to be said again of the options of a run: not what it was restored from, nor
/// where its checkpoints are, which is where the note is found.
std::vector<noted_option> noted_options(const run_config& config);

/// With its line end.
std::string text_of(const run_note& note);

/// That of a job directory. Throws failure::restore_refused if there is none, or it
/// cannot be understood.
run_note note_in(const std::filesystem::path& job);

} // namespace weir::cli
