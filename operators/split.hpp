// Text cut into words, without copying it: for (std::string_view word :
// weir::split(line)).
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace weir {

/// The words between runs of spaces, tabs and line ends; none of them is empty.
class split {
public:
  explicit constexpr split(std::string_view text) noexcept : text_(text) {}

  class iterator {
  public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;

    constexpr iterator() noexcept = default;
    explicit constexpr iterator(std::string_view text) noexcept : rest_(text) { ++*this; }

    constexpr std::string_view operator*() const noexcept { return word_; }
    constexpr iterator& operator++() noexcept {
      const std::size_t begin = rest_.find_first_not_of(spaces);
      rest_.remove_prefix(begin == rest_.npos ? rest_.size() : begin);
      word_ = rest_.substr(0, rest_.find_first_of(spaces));
      rest_.remove_prefix(word_.size());
      return *this;
    }
    constexpr iterator operator++(int) noexcept {
      const iterator before = *this;
      ++*this;
      return before;
    }
    friend constexpr bool operator==(const iterator& at,
                                     std::default_sentinel_t) noexcept {
      return at.word_.empty();
    }

  private:
    static constexpr std::string_view spaces = " \t\r\n\v\f";
    std::string_view rest_;
    std::string_view word_;
  };

  constexpr iterator begin() const noexcept { return iterator(text_); }
  constexpr std::default_sentinel_t end() const noexcept { return {}; }

private:
  std::string_view text_;
};

} // namespace weir
