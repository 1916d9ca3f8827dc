// Outputs that are compared with files in tests/golden, and renewed there with
// WEIR_RENEW_GOLDEN=1 in the environment.
#pragma once

#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <set>

namespace weir::testing {

inline void check_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(WEIR_GOLDEN_DIR) / name;
  if (std::getenv("WEIR_RENEW_GOLDEN") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    write_text(file, text);
  }
  const std::string wanted = std::filesystem::exists(file) ? read_text(file) : "";
  BOOST_TEST((text == wanted), "tests/golden/" << name << " is not\n"
                                               << text
                                               << "WEIR_RENEW_GOLDEN=1 renews it");
}

/// Standard output and standard error of `weir ARGUMENTS`, a line each.
inline finished_process weir_says(const workspace& in, const words& arguments) {
  return in.program(words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY} +
                    arguments);
}

/// `weir WORDS --help` of a command and all below it: calls `visit(words, lines)`.
template <class Visit>
void for_each_help(const workspace& in, const words& command, Visit visit) {
  const words lines = weir_says(in, command + words{"--help"}).lines;
  visit(command, lines);
  bool of_commands = false;
  for (const std::string& line : lines) {
    if (of_commands && line.starts_with("  ") && line[2] != ' ')
      for_each_help(in, command + words{line.substr(2, line.find(' ', 2) - 2)}, visit);
    of_commands = of_commands ? line.starts_with(' ')
                              : line == "Subcommands:" || line == "SUBCOMMANDS:";
  }
}

inline std::string joined(const words& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts)
    text.append(text.empty() ? "" : between).append(part);
  return text;
}

} // namespace weir::testing
