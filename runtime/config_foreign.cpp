#include "runtime/config_foreign.hpp"

#include "runtime/config_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace weir {

namespace {

/// "32 mb" is "32MB" is "33554432".
bool same_value(const std::string& a, const std::string& b) {
  const auto size = values::read_memory_size(a);
  return values::same_word(a, b) || (size && size == values::read_memory_size(b));
}

bool begins_with_word(std::string_view name, std::string_view word) {
  return name.starts_with(word) &&
         (word.ends_with('.') || word.ends_with('-') || name.size() == word.size() ||
          name[word.size()] == '.');
}

bool is_unused(const std::string& name) {
  return std::ranges::count(unused_names(), name) > 0 ||
         std::ranges::any_of(unused_prefixes(), [&](const std::string& prefix) {
           return begins_with_word(name, prefix);
         });
}

const refused_option* find_refused(const std::string& name) {
  const auto& options = refused_options();
  const auto found = std::ranges::find_if(options, [&](const refused_option& each) {
    return each.name == name || std::ranges::count(each.aliases, name) > 0;
  });
  return found == options.end() ? nullptr : &*found;
}

} // namespace

foreign_verdict judge_foreign(const std::string& name, const std::string& value) {
  using kind = foreign_verdict::kind;
  const refused_option* found = find_refused(name);
  if (found == nullptr) {
    if (!is_unused(name))
      return {};
    return {kind::unused,
            fmt::format("option {} is one of Flink's that means nothing to weir; leave "
                        "it away",
                        name)};
  }
  const auto is_value = [&](const std::string& each) { return same_value(each, value); };
  if (std::ranges::any_of(found->accepted, is_value))
    return {kind::accepted};
  for (const auto& [noted, note] : found->noted)
    if (is_value(noted))
      return {kind::accepted, fmt::format("option {} is '{}': {}", name, value, note)};
  return {found->of_clusters ? kind::unused : kind::refused,
          fmt::format("option {} is '{}', which weir refuses: {}", name, value,
                      found->reason)};
}

} // namespace weir
