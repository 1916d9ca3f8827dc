#include "operators/io/read_lines.hpp"

#include <algorithm>

namespace weir {

read_lines::instance::instance(std::vector<detail::input_split> splits)
    : splits_(std::move(splits)) {
  std::ranges::reverse(splits_);
}

void read_lines::instance::start(const operator_start& from) {
  if (!from.saved)
    return;
  splits_ = detail::load_splits(*from.saved);
  for (const auto& saved : splits_)
    detail::check_resumable(saved);
}

std::vector<std::byte> read_lines::instance::position() const {
  auto left = splits_;
  if (reader_)
    left.push_back(reader_->left());
  return detail::save_splits(left);
}

bool read_lines::instance::next_line() {
  std::string_view line;
  while (!reader_ || !reader_->next(line)) {
    reader_.reset();
    if (splits_.empty())
      return false;
    reader_.emplace(std::move(splits_.back()));
    splits_.pop_back();
  }
  line_.assign(line);
  return true;
}

read_lines::instance read_lines::open(std::uint32_t subtask,
                                      std::uint32_t parallelism) const {
  return instance(detail::share_of(detail::split_input(path_), subtask, parallelism));
}

} // namespace weir
