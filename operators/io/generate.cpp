#include "operators/io/generate.hpp"

#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

#include <algorithm>
#include <cmath>

namespace weir::detail {

namespace {

/// The ranges of a saved position. Frozen: one after the other, it is in checkpoints.
std::vector<index_range> ranges_of(const std::vector<std::byte>& saved) {
  constexpr std::size_t size = codec<index_range>::size;
  if (saved.size() % size != 0)
    throw error(failure::restore_refused,
                "the saved position of a generator has " + std::to_string(saved.size()) +
                    " bytes, which is no multiple of " + std::to_string(size) +
                    "; the checkpoint was taken by another kind of source");
  std::vector<index_range> ranges;
  for (std::size_t at = 0; at < saved.size(); at += size)
    ranges.push_back(codec<index_range>::decode(saved.data() + at));
  return ranges;
}

/// Where the part of subtask `i` begins, if `records` are divided.
std::uint64_t share_begins(std::uint64_t records, std::uint64_t i,
                           std::uint32_t parallelism) {
  return records / parallelism * i + std::min(i, records % parallelism);
}

/// Of the indexes in `ranges`, those from the `first`-th to the one before the `end`-th.
std::vector<index_range> cut(const std::vector<index_range>& ranges, std::uint64_t first,
                             std::uint64_t end) {
  std::vector<index_range> part;
  std::uint64_t before = 0;
  for (const index_range& each : ranges) {
    const std::uint64_t size = each.end - each.next;
    const std::uint64_t from = std::clamp(first, before, before + size) - before;
    const std::uint64_t to = std::clamp(end, before, before + size) - before;
    if (from < to)
      part.push_back({each.next + from, each.next + to});
    before += size;
  }
  return part;
}

std::chrono::nanoseconds time_for(std::uint64_t records, double records_per_second) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(
      std::ceil(static_cast<double>(records) / records_per_second * 1e9)));
}

} // namespace

generator_position generator_position::share(std::uint64_t records, std::uint32_t subtask,
                                             std::uint32_t parallelism,
                                             std::uint64_t pace) {
  return {{share_begins(records, subtask, parallelism),
           share_begins(records, std::uint64_t{subtask} + 1, parallelism)},
          static_cast<double>(pace) / static_cast<double>(parallelism)};
}

void generator_position::start(const operator_start& from) {
  if (from.saved) {
    later_ = ranges_of(*from.saved);
  } else if (from.before) {
    std::vector<index_range> all;
    std::uint64_t left = 0;
    for (const auto& part : *from.before)
      if (part)
        for (const index_range& each : ranges_of(*part)) {
          all.push_back(each);
          left += each.end - each.next;
        }
    later_ = cut(all, share_begins(left, from.subtask, from.parallelism),
                 share_begins(left, std::uint64_t{from.subtask} + 1, from.parallelism));
  } else {
    return;
  }
  std::ranges::reverse(later_);
  now_ = {};
  begin_next_range();
}

void generator_position::begin_next_range() noexcept {
  while (ended() && !later_.empty()) {
    now_ = later_.back();
    later_.pop_back();
  }
}

std::uint64_t generator_position::due(std::size_t records_max, steady_time now) {
  const std::uint64_t left = std::min<std::uint64_t>(now_.end - now_.next, records_max);
  if (records_per_second_ == 0)
    return left;
  if (!began_)
    began_ = now;
  const std::chrono::duration<double> elapsed = now - *began_;
  const auto allowed =
      static_cast<std::uint64_t>(elapsed.count() * records_per_second_) + 1;
  return allowed <= paced_ ? 0 : std::min(left, allowed - paced_);
}

steady_time generator_position::next_due() const {
  return *began_ + time_for(paced_, records_per_second_);
}

std::vector<std::byte> generator_position::save() const {
  std::vector<std::byte> saved((1 + later_.size()) * codec<index_range>::size);
  std::byte* out = record_codec<index_range>::encode(now_, saved.data());
  for (auto each = later_.rbegin(); each != later_.rend(); ++each)
    out = record_codec<index_range>::encode(*each, out);
  return saved;
}

} // namespace weir::detail
