// How many bytes records are, for whoever counts them: never by looking at each.
#pragma once

#include "serialization/record_codec.hpp"

namespace weir {

/// Records of fixed size count as they lie in memory; of others the encoded size of a few
/// stands for all.
template <class T>
std::size_t bytes_of(const T* records, std::size_t count) {
  if constexpr (record<T> && !fixed_record<T>) {
    constexpr std::size_t samples = 4;
    const std::size_t step = (count + samples - 1) / samples;
    std::size_t looked_at = 0;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; i += step, ++looked_at)
      sum += record_codec<T>::size(records[i]);
    return looked_at == 0 ? 0 : sum * count / looked_at;
  } else {
    return count * sizeof(T);
  }
}

} // namespace weir
