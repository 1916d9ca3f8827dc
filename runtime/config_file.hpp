// A file of options in YAML: weir's own, Flink's config.yaml and flink-conf.yaml, and
// SeaTunnel's seatunnel.yaml. Options of a file count less than what the code of a job
// says, and that less than what a run was started with.
#pragma once

#include "runtime/config.hpp"
#include "runtime/config_entries.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace weir {

struct config_file {
  std::filesystem::path path;
  std::vector<config_entry> entries;    // what is to be set
  std::vector<std::string> unused;      // keys of others that mean nothing to weir
  std::vector<config_problem> warnings; // and
  std::vector<config_problem> problems; // that do not depend on the options
};

/// Throws failure::usage, with line and column, for a file that is not there or that is
/// no YAML.
config_file read_config_file(const std::filesystem::path& path);
/// The same of a text that is the file's.
config_file parse_config(const std::filesystem::path& path, const std::string& text);

/// Sets what the file says, in its order, and returns all that is wrong with it, one line
/// each, with file and line.
std::vector<std::string> set_options(run_config& config, const config_file& file);

/// The same; throws failure::usage for the first of them, and says how many there are.
void set_options_or_throw(run_config& config, const config_file& file);

} // namespace weir
