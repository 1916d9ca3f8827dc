#include "operators/io/line_buffer.hpp"

#include <cstring>

namespace weir::detail {

namespace {

constexpr std::size_t read_bytes = std::size_t{256} << 10;
constexpr std::size_t line_bytes_max = std::size_t{64} << 20;

} // namespace

line_buffer::line_buffer() : bytes_(read_bytes) {}

bool line_buffer::take(std::string_view& line) {
  const char* const begin = bytes_.data();
  const void* found = std::memchr(begin + searched_, '\n', filled_ - searched_);
  if (found == nullptr) {
    searched_ = filled_;
    return false;
  }
  const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - begin);
  line = take_up_to(line_end, 1);
  return true;
}

bool line_buffer::take_rest(std::string_view& line) {
  if (at_ == filled_)
    return false;
  line = take_up_to(filled_, 0);
  return true;
}

std::string_view line_buffer::take_up_to(std::size_t line_end, std::size_t end_bytes) {
  std::string_view line(bytes_.data() + at_, line_end - at_);
  at_ = line_end + end_bytes;
  searched_ = at_;
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

std::span<char> line_buffer::room() {
  std::memmove(bytes_.data(), bytes_.data() + at_, filled_ - at_);
  filled_ -= at_;
  searched_ -= at_;
  at_ = 0;
  if (filled_ == bytes_.size()) {
    if (filled_ >= line_bytes_max)
      return {};
    bytes_.resize(2 * bytes_.size());
  }
  return std::span(bytes_).subspan(filled_);
}

} // namespace weir::detail
