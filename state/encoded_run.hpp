// The rows of one sealed epoch: what the task hands to the uploader. They are apart by
// ranges of key groups, in the order of encoding within a range, each key once. Thus who
// sorts them sorts parts that fit the cache, and the parts are in order already.
#pragma once

#include "state/encoded_rows.hpp"
#include "state/key_group.hpp"

namespace weir {

class encoded_run {
public:
  encoded_run(const row_shape& shape, std::uint32_t max_parallelism)
      : groups_bits_(bits_for(max_parallelism)) {
    const std::size_t parts = ((max_parallelism - 1) >> groups_bits_) + 1;
    parts_.reserve(parts);
    while (parts_.size() < parts)
      parts_.emplace_back(shape);
  }

  /// Where the rows of `group` go.
  encoded_rows& part_of(key_group group) noexcept {
    return parts_[group >> groups_bits_];
  }
  /// Every row of an earlier part is before every row of a later one.
  const std::vector<encoded_rows>& parts() const noexcept { return parts_; }
  /// Those whose rows are in the part of this number.
  key_group_range groups_of(std::size_t part) const noexcept {
    return {static_cast<key_group>(part << groups_bits_),
            static_cast<key_group>(((part + 1) << groups_bits_) - 1)};
  }
  /// Whether rows of a part that has some of these groups are there.
  bool has_rows_in(key_group_range groups) const noexcept {
    const std::size_t first = std::size_t{groups.first} >> groups_bits_;
    const std::size_t last = std::size_t{groups.last} >> groups_bits_;
    for (std::size_t i = first; i <= last && i < parts_.size(); ++i)
      if (!parts_[i].empty())
        return true;
    return false;
  }

  /// Every row of its table is in this run: what older runs say is out of date.
  void set_whole() noexcept { whole_ = true; }
  bool whole() const noexcept { return whole_; }

  std::size_t rows() const noexcept {
    std::size_t sum = 0;
    for (const encoded_rows& part : parts_)
      sum += part.rows();
    return sum;
  }
  bool empty() const noexcept { return rows() == 0; }

private:
  static constexpr unsigned parts_bits_max = 7;

  static unsigned bits_for(std::uint32_t max_parallelism) noexcept {
    const auto bits = static_cast<unsigned>(std::bit_width(max_parallelism - 1));
    return bits > parts_bits_max ? bits - parts_bits_max : 0;
  }

  unsigned groups_bits_; // 2^this groups share a part
  std::vector<encoded_rows> parts_;
  bool whole_ = false;
};

} // namespace weir
