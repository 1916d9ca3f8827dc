#include "operators/io/read_lines.hpp"

#include <algorithm>

namespace weir {

void read_lines::instance::start(const operator_start& from) {
  if (from.saved) { // the input that it names, wherever the job would begin now
    splits_ = detail::load_splits(*from.saved);
    std::ranges::for_each(splits_, detail::check_resumable);
  } else {
    splits_ = detail::share_of(detail::split_input(path_), subtask_, parallelism_);
    std::ranges::reverse(splits_);
  }
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
  bytes_ += line.size() + 1;
  return true;
}

} // namespace weir
