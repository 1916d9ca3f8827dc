// Pages of the manual, section 1, in roff.
#pragma once

#include "apps/weir/help/command_tree.hpp"

#include <string>

namespace weir::cli {

/// Of weir itself, or of one of its commands with all below it; `date` is YYYY-MM-DD.
std::string man_page(const command_tree& tree, const command_entry& command,
                     const std::string& date);

/// "weir-checkpoint"
std::string page_name(const command_entry& command);

} // namespace weir::cli
