// Prints docs/configuration.md from the one table of options.
#include "runtime/config.hpp"

#include <fmt/format.h>

#include <cstdio>

int main() {
  fmt::print(
      "# Configuration\n\n"
      "<!-- Generated from runtime/config_*.cpp. To write it anew:\n"
      "     build/dev/tests/docs/print_configuration > docs/configuration.md -->\n\n"
      "An option is set with `-D NAME=VALUE`, as often as there are options to set; "
      "`-p N` is\n`-D parallelism.default=N`. Where the same option is set twice, "
      "the last one counts, and `-p` counts\nmost. An unknown name and a value that "
      "does not fit are refused with exit code 2 before anything\nstarts.\n\n"
      "| Name | Takes | Default | Meaning |\n|---|---|---|---|\n");
  for (const auto& option : weir::config_options()) {
    fmt::print("| `{}` | {} | {} | {}", option.name, option.type, option.default_value,
               option.help);
    for (const auto& alias : option.aliases)
      fmt::print(" Also `{}`.", alias);
    fmt::print(" |\n");
  }
  fmt::print(
      "\nA **duration** is a whole number and a unit: `ms`, `s` (or `sec`), `m` (or "
      "`min`), `h`, `d`; a number\nwithout a unit is milliseconds, more than 365 d "
      "count as 365 d. A **path** may begin with `file://`.\nA **size** is a whole "
      "number and `b`, `kb`, `mb`, `gb` or `tb`, each 1024 times the one before; a "
      "number without\na unit is bytes. A **boolean** is `true` or `false`.\n\n"
      "A job's own options stand behind `--`, as `--NAME VALUE` or "
      "`--NAME=VALUE`; the job's code says which\nthere are, and one that it does "
      "not know is refused.\n");
}
