// A text in YAML as plain data, with the line of everything in it. The only place that
// includes yaml-cpp; nothing is thrown, because a mistake in a file is no exception.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weir {

struct yaml_node {
  enum class kind { nothing, scalar, list, map };
  kind what = kind::nothing;
  int line = 1;
  int column = 1;
  std::string text;             // of a scalar, without its quotes
  std::vector<yaml_node> items; // of a list or a map, in which a key may be twice
  std::string key;              // of an item of a map
  int key_line = 1;
};

struct yaml_problem {
  int line = 1;
  int column = 1;
  std::string what;
};

struct yaml_document {
  yaml_node root; // nothing: an empty text, or one of comments
  std::optional<yaml_problem> problem;
};

/// One document. Aliases are what they stand for, up to 10,000 nodes in all.
yaml_document read_yaml(const std::string& text);

} // namespace weir
