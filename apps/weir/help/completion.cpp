#include "apps/weir/help/completion.hpp"

#include <algorithm>

namespace weir::cli::completion {

std::string brief(const std::string& summary) {
  std::size_t end = summary.size();
  for (const char* const pause : {": ", "; ", ". ", " ("})
    end = std::min(end, summary.find(pause));
  std::string text = summary.substr(0, end);
  if (text.ends_with('.'))
    text.pop_back();
  return text;
}

std::string quoted(const std::string& text, const char* quote_inside) {
  std::string all = "'";
  for (const char c : text)
    if (c == '\'')
      all += quote_inside;
    else
      all += c;
  return all += '\'';
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string all;
  for (const std::string& word : words)
    all.append(all.empty() ? "" : between).append(word);
  return all;
}

} // namespace weir::cli::completion
