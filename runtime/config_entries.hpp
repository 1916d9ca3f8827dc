// The lines of a configuration file as options by name: `a: {b: 1}` and `a.b: 1` are the
// same. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weir {

struct yaml_node;

struct config_entry {
  std::string name;                 // of the option
  std::optional<std::string> value; // none: nothing stands behind the colon
  int line = 1;
  bool is_list = false; // then the value is its items, with ';' in between
  std::string written;  // the key in the file, where that is another one
};

/// What is wrong in a file, and where.
struct config_problem {
  int line = 1;
  std::string what;
};

/// Of a map; of anything else there are none.
std::vector<config_entry> entries_of(const yaml_node& root);

/// Entries that say the same as one before them, be it by an older name.
std::vector<config_problem> said_twice(const std::vector<config_entry>& entries);

} // namespace weir
