// Completions for shells. What running jobs there are, weir says when it is asked; all
// else is in the text.
#pragma once

#include "apps/weir/help/command_tree.hpp"

#include <string>

namespace weir::cli {

std::string bash_completion(const command_tree& tree);
std::string zsh_completion(const command_tree& tree);
std::string fish_completion(const command_tree& tree);

namespace completion {

/// A summary as far as it fits behind a name: up to the first break in it.
std::string brief(const std::string& summary);

/// In single quotes; within them `escaped` has every character as it is.
std::string quoted(const std::string& text, const char* quote_inside);

std::string joined(const std::vector<std::string>& words, const char* between = " ");

} // namespace completion

} // namespace weir::cli
