// Which record was being processed when an exception left a task: noted while the stack
// unwinds, as text, so that nothing is stored per record while all goes well.
#pragma once

#include "serialization/text.hpp"

#include <array>
#include <string_view>

namespace weir {

/// The beginning of a text, without memory of its own: it is written in the middle of a
/// failure, which may be one of memory.
class cut_text {
public:
  static constexpr std::size_t bytes_max = 200;

  cut_text& operator+=(char c) noexcept { return append(&c, 1); }
  cut_text& operator+=(std::string_view text) noexcept {
    return append(text.data(), text.size());
  }
  cut_text& append(const char* text, std::size_t size) noexcept;

  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept {
    size_ = 0;
    cut_ = false;
  }
  /// On one line; what was cut off stands as "...".
  std::string line() const;

private:
  std::array<char, bytes_max> bytes_{};
  std::size_t size_ = 0;
  bool cut_ = false;
};

class record_in_hand {
public:
  template <class T>
  [[gnu::cold, gnu::noinline]] void note(const T& dropped) noexcept {
    text_.clear();
    if constexpr (record<T>)
      append_text(text_, dropped);
    else
      (text_ += "a ") += detail::type_name<T>();
    if (text_.empty())
      text_ += "a record without text";
  }

  /// A deadline of this key.
  template <class Key>
  [[gnu::cold, gnu::noinline]] void note_timer(const Key& key) noexcept {
    note(key);
    of_timer_ = true;
  }

  /// Empty if there was none.
  std::string text() const {
    return of_timer_ ? "a deadline of key " + text_.line() : text_.line();
  }

private:
  cut_text text_;
  bool of_timer_ = false;
};

/// Lives while a record is processed, or a stage goes on with one of which something is
/// left; destroyed without a release, it notes which. The compiler knows on which path
/// that is, so the other one pays nothing.
template <class T>
class holding {
public:
  holding(record_in_hand& hand, const T& held) noexcept : hand_(hand), held_(held) {}
  [[gnu::always_inline]] ~holding() {
    if (released_)
      return;
    if constexpr (requires { held_.note_rest(hand_); })
      held_.note_rest(hand_);
    else
      hand_.note(held_);
  }
  holding(const holding&) = delete;
  holding& operator=(const holding&) = delete;

  void release() noexcept { released_ = true; }

private:
  record_in_hand& hand_;
  const T& held_;
  bool released_ = false;
};

} // namespace weir
