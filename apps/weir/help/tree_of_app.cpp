#include "apps/weir/help/tree_of_app.hpp"

#include "operators/abi_stamp.hpp"
#include "runtime/config.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

namespace weir::cli {

namespace {

std::vector<std::string> split_at(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);)
    parts.push_back(part);
  return parts;
}

value_taken value_of_name(const std::string& name, const std::string& command) {
  if (name.find('|') != name.npos)
    return {name, value_kind::choice, split_at(name, '|')};
  if (name == "JOB")
    return {name, command == "run" || command == "config" ? value_kind::job_library
                                                          : value_kind::running_job};
  static const std::map<std::string, value_kind> kinds{
      {"KEY=VALUE", value_kind::configuration},
      {"FILE", value_kind::file},
      {"DIR", value_kind::directory},
      {"DST", value_kind::directory},
      {"JOBDIR", value_kind::directory},
      {"PATH", value_kind::path},
      {"A", value_kind::path},
      {"B", value_kind::path}};
  const auto found = kinds.find(name);
  return {name, found == kinds.end() ? value_kind::any : found->second};
}

/// "0 finished", "130 or 143 cancelled by ...": a code begins behind a comma.
std::vector<std::string> codes_in(const std::string& text) {
  std::vector<std::string> codes;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = from;
    do
      end = text.find(", ", end + 1);
    while (end != text.npos &&
           std::isdigit(static_cast<unsigned char>(text[end + 2])) == 0);
    codes.push_back(text.substr(from, end == text.npos ? end : end - from));
    from = end == text.npos ? end : end + 2;
  }
  if (codes.back().ends_with('.'))
    codes.back().pop_back();
  return codes;
}

void read_footer(const std::string& footer, command_entry& into) {
  const std::string begin = "Exit codes: ";
  for (const std::string& line : split_at(footer, '\n'))
    if (line.starts_with(begin))
      into.exit_codes = codes_in(line.substr(begin.size()));
    else if (!line.starts_with(' ') && !line.ends_with(':')) // no table
      into.notes.push_back(line);
}

/// What it says without the colon in front of a form.
std::string without_colon(std::string text) {
  if (text.ends_with(':'))
    text.pop_back();
  return text;
}

/// Lines that are indented are forms.
void read_description(const std::string& description, command_entry& into) {
  for (const std::string& line : split_at(description, '\n'))
    if (line.starts_with(' '))
      into.forms.push_back(line.substr(line.find_first_not_of(' ')));
    else
      into.summary.append(into.summary.empty() ? "" : ", ").append(without_colon(line));
  const std::string own_name = into.name() + ": ";
  if (into.summary.starts_with(own_name))
    into.summary.erase(0, own_name.size());
}

void read_option(const CLI::Option& option, const std::string& command,
                 command_entry& into) {
  std::string value_name = option.get_option_text();
  if (option.get_positional()) {
    if (value_name.empty())
      value_name = option.get_name(true, false);
    into.arguments.push_back({value_of_name(value_name, command),
                              option.get_description(),
                              option.get_items_expected_max() > 1});
    return;
  }
  option_entry entry{{}, {}, option.get_description()};
  for (const std::string& name : option.get_snames())
    entry.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames())
    entry.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0)
    entry.value =
        value_of_name(value_name.empty() ? option.get_type_name() : value_name, command);
  into.options.push_back(std::move(entry));
}

command_entry command_of(const CLI::App& app, std::vector<std::string> words) {
  command_entry entry;
  entry.words = std::move(words);
  entry.words.push_back(app.get_name());
  read_description(app.get_description(), entry);
  read_footer(app.get_footer(), entry);
  const std::string& command = entry.words.size() > 1 ? entry.words[1] : entry.words[0];
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty())
      read_option(*option, command, entry);
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!each->get_group().empty())
      entry.commands.push_back(command_of(*each, entry.words));
  return entry;
}

} // namespace

std::string line_of(const command_entry& command, const char* between) {
  std::string line;
  for (const std::string& word : command.words)
    line.append(line.empty() ? "" : between).append(word);
  return line;
}

command_tree tree_of(const CLI::App& weir) {
  command_tree tree{command_of(weir, {}), {}, WEIR_VERSION};
  for (const config_option& option : config_options())
    tree.configuration.push_back(
        {option.name, option.type, option.default_value, option.help, option.choices});
  return tree;
}

} // namespace weir::cli
