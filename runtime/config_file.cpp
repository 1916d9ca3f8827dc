#include "runtime/config_file.hpp"

#include "runtime/config_foreign.hpp"
#include "runtime/config_seatunnel.hpp"
#include "runtime/config_text.hpp"
#include "runtime/yaml/yaml_document.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

namespace weir {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_file(const fs::path& path, const std::string& why) {
  throw error(failure::usage,
              fmt::format("the configuration '{}' {}", path.string(), why));
}

std::string text_of_file(const fs::path& path) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown))
    refuse_file(path, "is a directory; name a file in it");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in)
    refuse_file(path, errno == ENOENT
                          ? std::string("does not exist; name a file with lines such as "
                                        "'parallelism.default: 2'")
                          : fmt::format("cannot be read: {}",
                                        std::generic_category().message(errno)));
  std::string text(config_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

yaml_document parse(const std::string& text) {
  yaml_document document = read_yaml(text);
  if (!document.problem)
    return document;
  const std::string plainer = without_unused_values(text);
  yaml_document again = plainer == text ? document : read_yaml(plainer);
  return again.problem ? document : again;
}

yaml_node root_of(const fs::path& path, const std::string& text) {
  yaml_document document;
  document.problem = text_problem(text);
  const bool is_text = !document.problem;
  if (is_text)
    document = parse(text);
  if (document.problem)
    throw error(failure::usage,
                fmt::format("{}:{}:{}: {}{}", path.string(), document.problem->line,
                            document.problem->column, is_text ? "this is no YAML: " : "",
                            document.problem->what));
  using kind = yaml_node::kind;
  const yaml_node& root = document.root;
  if (root.what == kind::scalar || root.what == kind::list)
    throw error(failure::usage,
                fmt::format("{}:{}:{}: this is no option; a line is 'NAME: VALUE', with "
                            "a space behind the colon",
                            path.string(), root.line, root.column));
  return std::move(document.root);
}

/// What means nothing to weir is taken out of `file.entries`.
void sort_out_unused(config_file& file) {
  const auto is_unused = [&](const config_entry& entry) {
    if (find_option(entry.name) != nullptr)
      return false;
    using kind = foreign_verdict::kind;
    const kind what = judge_foreign(entry.name, entry.value.value_or("")).what;
    const bool says_nothing = !entry.value && what == kind::refused;
    if (what == kind::unused)
      file.unused.push_back(entry.name);
    return what == kind::unused || says_nothing;
  };
  std::erase_if(file.entries, is_unused);
}

bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < ' ';
}

/// What is wrong with how an entry is written, whatever its value means.
std::string form_problem(const config_entry& entry) {
  const config_option* option = find_option(entry.name);
  if (option == nullptr)
    return {};
  const std::string& key = entry.written.empty() ? entry.name : entry.written;
  if (entry.is_list)
    return fmt::format("option {} takes one value ({}), not a list", key, option->type);
  if (!entry.value)
    return fmt::format("option {} has no value; write one, or leave the line away", key);
  if (std::ranges::any_of(*entry.value, is_control))
    return fmt::format("option {} has a value of more than one line", key);
  return {};
}

/// What is wrong with an entry; nothing, and it is set.
std::string set_entry(run_config& config, const config_entry& entry,
                      const std::string& origin) {
  if (std::string problem = form_problem(entry); !problem.empty())
    return problem;
  const std::size_t warned = config.warnings.size();
  try {
    set_option(config, entry.name, entry.value.value_or(""), option_layer::file, origin);
    for (std::size_t i = warned; i < config.warnings.size(); ++i)
      config.warnings[i] = one_line(fmt::format("{}: {}", origin, config.warnings[i]));
  } catch (const error& problem) {
    return entry.written.empty() ? problem.what()
                                 : fmt::format("{}: {}", entry.written, problem.what());
  }
  return {};
}

std::string with_commas(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

} // namespace

config_file read_config_file(const fs::path& path) {
  return parse_config(path, text_of_file(path));
}

config_file parse_config(const fs::path& path, const std::string& text) {
  config_file file;
  file.path = path;
  translated_entries translated = translate_seatunnel(entries_of(root_of(path, text)));
  file.entries = std::move(translated.entries);
  file.unused = std::move(translated.unused);
  file.warnings = std::move(translated.warnings);
  file.problems = std::move(translated.problems);
  std::ranges::move(said_twice(file.entries), std::back_inserter(file.problems));
  sort_out_unused(file);
  return file;
}

std::vector<std::string> set_options(run_config& config, const config_file& file) {
  const std::string name = file.path.string();
  std::vector<config_problem> problems = file.problems;
  std::set<int> refused_lines; // one reason for each is enough
  for (const config_problem& problem : problems)
    refused_lines.insert(problem.line);
  for (const config_entry& entry : file.entries) {
    if (refused_lines.contains(entry.line))
      continue;
    const std::string origin = fmt::format("{}:{}", name, entry.line);
    if (std::string problem = set_entry(config, entry, origin); !problem.empty())
      problems.push_back({entry.line, std::move(problem)});
  }
  const auto warn = [&config](std::string text) { // names of options are any text, too
    config.warnings.push_back(one_line(std::move(text)));
  };
  for (const config_problem& warning : file.warnings)
    warn(fmt::format("{}:{}: {}", name, warning.line, warning.what));
  if (!file.unused.empty())
    warn(fmt::format("{}: these options mean nothing to weir: {}", name,
                     with_commas(file.unused)));
  if (file.entries.empty() && problems.empty() && file.unused.empty())
    warn(fmt::format("{} sets no option", name));
  std::ranges::stable_sort(problems, {}, &config_problem::line);
  std::vector<std::string> lines;
  for (const config_problem& problem : problems) // names in quotation marks are any text
    lines.push_back(one_line(fmt::format("{}:{}: {}", name, problem.line, problem.what)));
  return lines;
}

void set_options_or_throw(run_config& config, const config_file& file) {
  const std::vector<std::string> problems = set_options(config, file);
  if (problems.empty())
    return;
  const std::string more = problems.size() == 1
                               ? ""
                               : fmt::format(" (and {} more: weir config check -c {})",
                                             problems.size() - 1, file.path.string());
  throw error(failure::usage, problems.front() + more);
}

} // namespace weir
