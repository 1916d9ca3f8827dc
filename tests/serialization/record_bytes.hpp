// A record as record_codec encodes it.
#pragma once

#include "serialization/record_codec.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace weir::test {

template <class T>
std::vector<std::byte> record_bytes(const T& value) {
  std::vector<std::byte> bytes(record_codec<T>::size(value));
  const std::byte* const end = record_codec<T>::encode(value, bytes.data());
  BOOST_REQUIRE(end == bytes.data() + bytes.size());
  return bytes;
}

} // namespace weir::test
