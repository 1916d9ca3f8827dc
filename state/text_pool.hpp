// The memory of the long texts in one row table. A text belongs to one place in one row;
// when another takes that place, its memory serves the next one of about its size. All of
// it goes with the pool, so rows need not be visited then. Short texts take nothing.
#pragma once

#include "serialization/holds_text.hpp"

#include <array>
#include <unordered_map>

namespace weir {

class text_pool {
public:
  /// Has every text of a value stand in the pool. Requires: none does.
  template <class T>
  void keep(T& value) {
    for_each_text(value, [this](text& each) { each = copy(each); });
  }

  /// The memory of its texts may serve others. Requires: all of them stand in the pool.
  template <class T>
  void drop(T& value) {
    for_each_text(value, [this](const text& each) {
      if (each.is_long())
        release(each.data(), each.size());
    });
  }

  /// Calls `change`, which may give texts from anywhere to `value`, also its own in other
  /// places or parts of them. Requires: all texts of `value` stand in the pool.
  template <class T, class Change>
  void update(T& value, Change&& change) {
    before_.clear();
    for_each_text(value, [this](const text& each) {
      if (each.is_long())
        before_.push_back({each.data(), each.size(), false});
    });
    change();
    sort_if_many();
    for_each_text(value, [this](text& each) {
      if (each.is_long() && !claim(each))
        each = copy(each);
    });
    release_unclaimed();
  }

  /// What was taken from the system.
  std::size_t capacity() const noexcept { return capacity_; }

private:
  struct free_block {
    free_block* next;
  };
  /// A text of the value that is being updated.
  struct held {
    const char* at;
    std::size_t bytes;
    bool claimed;
  };

  // Blocks of 16, 32, 48, 64 bytes, then four sizes for every power of two.
  static constexpr std::size_t classes = 40;
  static constexpr std::size_t block_bytes_max = std::size_t{32} << 10;
  static std::size_t class_of(std::size_t bytes) noexcept;
  static std::size_t bytes_of(std::size_t size_class) noexcept;

  text copy(const text& from);
  void release(const char* gone, std::size_t bytes) noexcept;
  void sort_if_many();
  /// Whether the text was in the value before, and no other place has it now.
  bool claim(const text& wanted);
  void release_unclaimed() noexcept;
  char* allocate(std::size_t bytes);
  char* new_block(std::size_t bytes);

  std::array<free_block*, classes> free_{};
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr; // the free part of the last chunk
  char* end_ = nullptr;
  std::unordered_map<const char*, std::unique_ptr<char[]>> huge_;
  std::size_t capacity_ = 0;

  std::vector<held> before_; // kept for its memory
};

} // namespace weir
