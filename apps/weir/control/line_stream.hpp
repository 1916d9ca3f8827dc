// Lines over a socket, each within a bound.
#pragma once

#include "state/storage/local_files.hpp"

#include <optional>
#include <string>

namespace weir::cli {

/// What comes before the end of a line or of the stream; none if it fails or is longer
/// than any message is.
std::optional<std::string> receive_line(const file_descriptor& from);

/// False if nobody takes it.
bool send_line(const file_descriptor& to, const std::string& line);

} // namespace weir::cli
