// What `weir config check` says. Pure.
#pragma once

#include "runtime/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// An option as it would be, and who says so.
struct effective_option {
  std::string name;
  std::string value;
  std::string origin; // "default", "weir.yaml:3", "-D"
};

inline constexpr std::string_view default_origin = "default";

/// All of them, in the order of the table.
std::vector<effective_option> effective_options(const run_config& config);

/// A line each, in columns, behind `indent`.
std::string text_of(const std::vector<effective_option>& options,
                    std::string_view indent = "");
std::string json_of(const std::vector<effective_option>& options);

} // namespace weir::cli
