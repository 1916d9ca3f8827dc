#include "operators/io/line_stream.hpp"

#include "serialization/error.hpp"

#include <algorithm>

namespace weir::detail {

namespace {

std::string reason_of(const parse_problem& problem) {
  if (problem.field.empty() && problem.offset == 0)
    return problem.message(); // about the line as a whole
  return std::string("byte ")
      .append(std::to_string(problem.offset + 1))
      .append(": ")
      .append(problem.message());
}

} // namespace

void line_stream::start(const std::vector<input_split>* left) {
  if (input_.once_) {
    if (left == nullptr || left->empty()) {
      ended_ = left != nullptr || subtask_ != 0; // one reader, or the lines would be torn
    } else if (left->front().path != input_.reads_once()) {
      throw error(failure::restore_refused,
                  "the checkpoint was reading '" + left->front().path +
                      "', and the job reads " + input_.reads_once() +
                      "; read again what it read then");
    }
  } else if (left != nullptr) { // the input that it names, wherever the job begins now
    splits_ = *left;
    std::ranges::for_each(splits_, check_resumable);
  } else {
    splits_ = share_of(split_input(input_.path_), subtask_, parallelism_);
    std::ranges::reverse(splits_);
  }
}

std::vector<input_split> line_stream::left() const {
  if (input_.once_ && !ended_ && !input_.once_->ended())
    return {{input_.reads_once(), input_.once_->lines(), input_.once_->lines(), true}};
  auto left = splits_;
  if (reader_)
    left.push_back(reader_->left());
  return left;
}

bool line_stream::next() {
  const bool more = input_.once_ ? next_of_once() : next_of_files();
  if (more)
    bytes_ += line_.size() + 1;
  return more;
}

bool line_stream::next_of_files() {
  file_opened_ = false;
  while (true) {
    if (reader_) {
      begins_at_ = reader_->left().next;
      if (reader_->next(line_))
        return true;
      reader_.reset();
    }
    if (splits_.empty())
      return false;
    reader_.emplace(std::move(splits_.back()));
    splits_.pop_back();
    file_opened_ = true;
  }
}

bool line_stream::next_of_once() {
  if (ended_ || !input_.once_->next(line_))
    return false;
  file_opened_ = !begun_;
  begun_ = true;
  return true;
}

poll_result line_stream::pause(bool emitted, steady_time now) const {
  if (!input_.once_ || ended_ || input_.once_->ended())
    return {poll_result::next::ended, {}};
  if (!emitted)
    input_.once_->wait();
  return {poll_result::next::wait, now};
}

std::string line_stream::file() const {
  return input_.once_ ? input_.once_->name() : reader_->left().path;
}

std::string line_stream::first_line_of_file() const {
  if (input_.once_)
    return input_.once_->first_line();
  line_reader reader({file(), 0, 1, true});
  std::string_view line;
  reader.next(line);
  return std::string(line);
}

malformed_line line_stream::describe(const parse_problem& problem) {
  return {file(), line_number(), std::string(line_), reason_of(problem)};
}

malformed_line line_stream::describe_header(const parse_problem& problem) const {
  return {file(), 1, first_line_of_file(), reason_of(problem)};
}

std::uint64_t line_stream::line_number() {
  if (input_.once_)
    return input_.once_->lines();
  if (counted_.path != file() || counted_.next > begins_at_) {
    counted_ = {file(), 0, 0, true};
    counted_lines_ = 0;
  }
  counted_.end = begins_at_;
  line_reader before(counted_);
  for (std::string_view line; before.next(line);)
    ++counted_lines_;
  counted_.next = begins_at_;
  return counted_lines_ + 1;
}

} // namespace weir::detail
