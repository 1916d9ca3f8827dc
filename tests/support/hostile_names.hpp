// Names as somebody would put into a checkpoint who wants weir to read, write or remove
// what is not part of it. None of them is a plain file name.
#pragma once

#include <string>
#include <vector>

namespace weir::testing {

/// More than 200, all different; `outside` is the path of a file to get at.
std::vector<std::string> hostile_names(const std::string& outside);

} // namespace weir::testing
