#include "apps/weir/config_text.hpp"

#include "serialization/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace weir::cli {

// Its names are in what scripts read: adding fields is fine, renaming them is not.
struct option_line {
  std::string name;
  std::string value;
  std::string origin;
  static constexpr std::array weir_fields{"name", "value", "origin"};
};

std::vector<effective_option> effective_options(const run_config& config) {
  std::vector<effective_option> effective;
  for (const config_option& option : config_options()) {
    if (!option.sets.empty())
      continue; // it stands in the place of the one that sets the same
    const auto given = config.given.find(key_of(option));
    effective.push_back(given == config.given.end()
                            ? effective_option{option.name, option.default_value,
                                               std::string(default_origin)}
                            : effective_option{given->second.name, given->second.value,
                                               given->second.origin});
  }
  return effective;
}

std::string text_of(const std::vector<effective_option>& options,
                    std::string_view indent) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const effective_option& option : options) {
    name_width = std::max(name_width, option.name.size());
    value_width = std::max(value_width, option.value.size());
  }
  std::string text;
  for (const effective_option& option : options)
    text += fmt::format("{}{:<{}}  {:<{}}  {}\n", indent, option.name, name_width,
                        option.value, value_width, option.origin);
  return text;
}

std::string json_of(const std::vector<effective_option>& options) {
  std::string text;
  for (const effective_option& option : options) {
    append_json(text, option_line{option.name, option.value, option.origin});
    text += '\n';
  }
  return text;
}

} // namespace weir::cli
