// What can be said of the bytes of a configuration file before, and when, they are no
// YAML. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace weir {

struct yaml_problem;

constexpr std::size_t config_bytes_max = 1 << 20;

/// Why it cannot be a configuration: too long, not UTF-8, indented by tabs, or a job of
/// SeaTunnel's.
std::optional<yaml_problem> text_problem(const std::string& text);

/// Flink 1.x reads `KEY: VALUE` line by line, so its values need not be YAML
/// (`web.access-control-allow-origin: *`). Those of options that mean nothing to weir are
/// replaced by nothing.
std::string without_unused_values(const std::string& text);

} // namespace weir
