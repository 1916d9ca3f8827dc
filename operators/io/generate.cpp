#include "operators/io/generate.hpp"

#include "serialization/codec.hpp"
#include "serialization/error.hpp"

#include <cmath>

namespace weir::detail {

namespace {

struct saved_range {
  std::uint64_t next;
  std::uint64_t end;
};

std::chrono::nanoseconds time_for(std::uint64_t records, double records_per_second) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(
      std::ceil(static_cast<double>(records) / records_per_second * 1e9)));
}

} // namespace

generator_position generator_position::share(std::uint64_t records, std::uint32_t subtask,
                                             std::uint32_t parallelism,
                                             std::uint64_t pace) {
  const auto bound = [&](std::uint64_t i) {
    return records / parallelism * i + std::min(i, records % parallelism);
  };
  return {bound(subtask), bound(std::uint64_t{subtask} + 1),
          static_cast<double>(pace) / static_cast<double>(parallelism)};
}

std::uint64_t generator_position::due(std::size_t records_max, steady_time now) {
  const std::uint64_t left = std::min<std::uint64_t>(end_ - next_, records_max);
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
  std::vector<std::byte> saved(codec<saved_range>::size);
  codec<saved_range>::encode({next_, end_}, saved.data());
  return saved;
}

void generator_position::load(const std::vector<std::byte>& saved) {
  if (saved.size() != codec<saved_range>::size)
    throw error(failure::restore_refused,
                "the saved position of a generator has " + std::to_string(saved.size()) +
                    " bytes instead of " + std::to_string(codec<saved_range>::size) +
                    "; the checkpoint was taken by another kind of source");
  const auto range = codec<saved_range>::decode(saved.data());
  next_ = range.next;
  end_ = range.end;
}

} // namespace weir::detail
