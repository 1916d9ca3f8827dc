// Where the sources and sinks of a job were when a checkpoint was taken, as far as the
// bytes that they save say it (docs/checkpoint-format.md): they do not say what they are.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace weir {

/// As JSON; nothing if it is no position that weir knows:
///   generate, collection  {"ranges":[{"next":5,"end":10}]}
///   read_lines, ...       {"files":[{"path":"a","next":5,"end":10,"at_line":true}]}, and
///                         "malformed" behind it where lines are parsed
///   write_lines, ...      {"bytes":123}; collect: {"records":123}
std::optional<std::string> position_json(std::span<const std::byte> saved);

} // namespace weir
