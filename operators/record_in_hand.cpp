#include "operators/record_in_hand.hpp"

#include <algorithm>

namespace weir {

cut_text& cut_text::append(const char* text, std::size_t size) noexcept {
  const std::size_t fits = std::min(size, bytes_max - size_);
  std::copy_n(text, fits, bytes_.data() + size_);
  size_ += fits;
  cut_ = cut_ || fits < size;
  return *this;
}

std::string cut_text::line() const {
  std::string line(bytes_.data(), size_);
  if (cut_) { // not in the middle of a character
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80)
      line.pop_back();
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0)
      line.pop_back();
    line += "...";
  }
  const auto unprintable = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  };
  std::ranges::replace_if(line, unprintable, ' ');
  return line;
}

} // namespace weir
