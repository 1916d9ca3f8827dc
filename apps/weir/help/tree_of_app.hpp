// The command tree, read from the definitions that the command line is parsed with: so
// pages and completions say what weir takes.
#pragma once

#include "apps/weir/help/command_tree.hpp"

namespace CLI {
class App;
}

namespace weir::cli {

/// Commands and options without a group are hidden, and not in it. A description is a
/// sentence, and behind a colon and a line end the forms of the command, one a line; a
/// footer has paragraphs, one of which says "Exit codes: ". What completes a value goes
/// by its name: value_of_name() in the source.
command_tree tree_of(const CLI::App& weir);

} // namespace weir::cli
