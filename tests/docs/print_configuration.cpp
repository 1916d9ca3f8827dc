// Prints docs/configuration.md from the tables of options.
#include "runtime/config.hpp"
#include "runtime/config_foreign.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace {

void print_options() {
  fmt::print("| Name | Takes | Default | Meaning |\n|---|---|---|---|\n");
  for (const auto& option : weir::config_options()) {
    fmt::print("| `{}` | {} | {} | {}", option.name, option.type, option.default_value,
               option.help);
    for (const auto& alias : option.aliases)
      fmt::print(" Also `{}`.", alias);
    fmt::print(" |\n");
  }
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", word);
  return text;
}

void print_refused() {
  fmt::print("| Name | Accepted | Otherwise refused, because |\n|---|---|---|\n");
  for (const auto& option : weir::refused_options()) {
    if (option.of_clusters)
      continue;
    std::vector<std::string> accepted = option.accepted;
    for (const auto& [value, note] : option.noted)
      accepted.push_back(value);
    fmt::print("| `{}` | {} | {}.", option.name, listed(accepted), option.reason);
    for (const auto& [value, note] : option.noted)
      fmt::print(" With `{}` a warning: {}.", value, note);
    for (const auto& alias : option.aliases)
      fmt::print(" Also `{}`.", alias);
    fmt::print(" |\n");
  }
}

void print_unused() {
  std::vector<std::string> names;
  for (const auto& prefix : weir::unused_prefixes())
    names.push_back(prefix + ".*");
  for (const auto& option : weir::refused_options())
    if (option.of_clusters)
      names.push_back(option.name);
  for (const auto& name : weir::unused_names())
    names.push_back(name);
  std::string line;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name =
        fmt::format("`{}`{}", names[i], i + 1 < names.size() ? "," : ".");
    if (!line.empty() && line.size() + name.size() >= 120) {
      fmt::print("{}\n", line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + name;
  }
  fmt::print("{}\n", line);
}

} // namespace

int main() {
  fmt::print(
      "# Configuration\n\n"
      "<!-- Generated from runtime/config_*.cpp. To write it anew:\n"
      "     build/dev/tests/docs/print_configuration > docs/configuration.md -->\n\n"
      "An option is set with `-D NAME=VALUE`, as often as there are options to set; "
      "`-p N` is\n`-D parallelism.default=N`. Where the same option is set twice, "
      "the last one counts, and `-p` counts\nmost. Then counts what the job's code says, "
      "and after that a [file](configuration-files.md). An unknown\nname and a value "
      "that does not fit are refused with exit code 2 before anything starts.\n\n");
  print_options();
  fmt::print(
      "\nA **duration** is a whole number and a unit: `ms`, `s` (or `sec`), `m` (or "
      "`min`), `h`, `d`, or the whole word; a number\nwithout a unit is milliseconds, "
      "more than 365 d count as 365 d. A **path** may begin with `file://`.\nA **size** "
      "is a whole number and `b`, `kb`, `mb`, `gb` or `tb`, each 1024 times the one "
      "before; a number without\na unit is bytes. A **boolean** is `true` or `false`.\n\n"
      "A job's own options stand behind `--`, as `--NAME VALUE` or "
      "`--NAME=VALUE`; the job's code says which\nthere are, and one that it does "
      "not know is refused.\n\n"
      "## Options of Flink's that weir does not have\n\n"
      "Those that mean something for checkpoints, recovery or the shape of a job are "
      "refused, unless the value asks for\nnothing that weir does not do anyway:\n\n");
  print_refused();
  fmt::print("\nThese are about clusters, the JVM, storages and how Flink uses RocksDB. "
             "In a file they are left out, with one\nwarning that names them; with `-D` "
             "they are refused:\n");
  print_unused();
}
