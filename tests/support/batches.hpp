// Batches of numbers, for tests that have no stream to make them.
#pragma once

#include "operators/batch.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace weir::test {

using numbers = batch<std::uint64_t>;

inline batch_ref batch_of(const std::vector<std::uint64_t>& values) {
  auto fresh = std::make_unique<numbers>();
  std::ranges::copy(values, fresh->values());
  fresh->set_size(values.size());
  return batch_ref(std::move(fresh));
}

/// `count` numbers from `first` on.
inline batch_ref batch_from(std::uint64_t first, std::size_t count) {
  std::vector<std::uint64_t> values(count);
  std::iota(values.begin(), values.end(), first);
  return batch_of(values);
}

inline std::vector<std::uint64_t> values_of(const batch_ref& ref) {
  const auto& typed = static_cast<const numbers&>(*ref);
  return {typed.values(), typed.values() + typed.size()};
}

/// The first number of each of the `records`.
template <class Batches>
std::vector<std::uint64_t> firsts(const Batches& batches) {
  std::vector<std::uint64_t> first;
  for (const auto& each : batches)
    first.push_back(values_of(each.records)[0]);
  return first;
}

} // namespace weir::test
