#include "apps/weir/resume/resume_command.hpp"

#include <algorithm>
#include <string_view>

namespace weir::cli {

namespace {

bool is_plain(char letter) {
  constexpr std::string_view others = "_-./:=,+@%";
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || others.find(letter) != others.npos;
}

void append_words(std::string& line, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    line.append(line.empty() ? "" : " ").append(shell_word(word));
}

} // namespace

std::string shell_word(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain))
    return word;
  std::string quoted = "'";
  for (const char letter : word)
    quoted.append(letter == '\'' ? "'\\''" : std::string(1, letter));
  return quoted += '\'';
}

std::string resume_command(const invocation& how, const std::filesystem::path& checkpoint,
                           const std::filesystem::path& job_directory) {
  std::string line;
  append_words(line, how.program);
  if (!job_directory.empty() && checkpoint.parent_path() == job_directory) {
    const bool usual = job_directory.parent_path() == how.usual_root;
    append_words(line, {"-r", usual ? job_directory.filename() : job_directory});
    return line;
  }
  append_words(line, {"-s", checkpoint.string()});
  append_words(line, how.options);
  append_words(line, how.job);
  return line;
}

} // namespace weir::cli
