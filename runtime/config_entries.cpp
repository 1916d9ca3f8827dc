#include "runtime/config_entries.hpp"

#include "runtime/config.hpp"
#include "runtime/yaml/yaml_document.hpp"

#include <fmt/format.h>

#include <map>

namespace weir {

namespace {

using node_kind = yaml_node::kind;

/// What is inside of a list is of no use to an option; that it is a list, says enough.
std::string text_of_list(const yaml_node& list) {
  std::string text;
  for (const yaml_node& item : list.items)
    text.append(text.empty() ? "" : ";")
        .append(item.what == node_kind::list || item.what == node_kind::map ? "..."
                                                                            : item.text);
  return text;
}

void collect(const yaml_node& map, const std::string& above,
             std::vector<config_entry>& entries) {
  for (const yaml_node& item : map.items) {
    const std::string name = above.empty() ? item.key : above + "." + item.key;
    if (item.what == node_kind::map) {
      collect(item, name, entries);
      continue;
    }
    config_entry entry;
    entry.name = name;
    entry.line = item.key_line;
    entry.is_list = item.what == node_kind::list;
    if (entry.is_list)
      entry.value = text_of_list(item);
    else if (item.what == node_kind::scalar)
      entry.value = item.text;
    entries.push_back(std::move(entry));
  }
}

const std::string& key_in_file(const config_entry& entry) {
  return entry.written.empty() ? entry.name : entry.written;
}

} // namespace

std::vector<config_entry> entries_of(const yaml_node& root) {
  std::vector<config_entry> entries;
  if (root.what == node_kind::map)
    collect(root, "", entries);
  return entries;
}

std::vector<config_problem> said_twice(const std::vector<config_entry>& entries) {
  std::vector<config_problem> problems;
  std::map<std::string, const config_entry*> first; // by today's name
  for (const config_entry& entry : entries) {
    const config_option* option = find_option(entry.name);
    const auto [said, is_new] =
        first.emplace(option != nullptr ? option->name : entry.name, &entry);
    if (is_new)
      continue;
    const std::string& now = key_in_file(entry);
    const std::string& before = key_in_file(*said->second);
    problems.push_back(
        {entry.line,
         now == before
             ? fmt::format("{} is there a second time, line {} has it already; leave one "
                           "of them away",
                           now, said->second->line)
             : fmt::format("{} says the same as {} in line {}; leave one of them away",
                           now, before, said->second->line)});
  }
  return problems;
}

} // namespace weir
