// Batches of numbers, for tests that have no stream to make them.
#pragma once

#include "operators/batch.hpp"
#include "state/hash.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace weir::test {

using numbers = batch<std::uint64_t>;

inline batch_ref batch_of(const std::vector<std::uint64_t>& values) {
  auto fresh = std::make_unique<numbers>();
  for (const std::uint64_t value : values)
    fresh->push(value, hash_of(value));
  return batch_ref(std::move(fresh));
}

/// `count` numbers from `first` on.
inline batch_ref batch_from(std::uint64_t first, std::size_t count) {
  auto fresh = std::make_unique<numbers>();
  for (std::uint64_t value = first; value < first + count; ++value)
    fresh->push(value, hash_of(value));
  return batch_ref(std::move(fresh));
}

inline std::vector<std::uint64_t> values_of(const batch_ref& ref) {
  const auto& typed = static_cast<const numbers&>(*ref);
  return {typed.values(), typed.values() + typed.size()};
}

} // namespace weir::test
