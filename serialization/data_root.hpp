// The one path that `_metadata` may name: the directory below which the files of a
// checkpoint lie, in one named after the job, when they lie apart from it. Frozen.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// True for an absolute path as one would write it: no `.`, `..`, empty name or slash at
/// its end, no control characters, and not too long to be one.
bool is_data_root(std::string_view path);

/// `file:///path`, as `_metadata` has it.
std::string data_root_uri(const std::string& path);

/// The path of such a URI, or of a plain path, from a file: empty, with the reason in
/// `refusal`, if it is no data root.
std::string read_data_root(std::string_view uri, std::string& refusal);

} // namespace weir
