#include "operators/io/read_lines.hpp"

namespace weir {

void read_lines::instance::start(const operator_start& from) {
  if (!from.saved && !from.before)
    return lines_.start(nullptr);
  std::vector<detail::input_split> left;
  if (from.saved) {
    left = detail::load_splits(*from.saved);
  } else {
    std::vector<std::vector<detail::input_split>> all;
    for (const auto& part : *from.before)
      if (part)
        all.push_back(detail::load_splits(*part));
    left = detail::share_of_left(all, from.subtask, from.parallelism);
  }
  lines_.start(&left);
}

} // namespace weir
