// The hash of a key whose type is known at run time only: that of hash.hpp, which says
// what group a row stands in.
#pragma once

#include "serialization/schema.hpp"

#include <cstdint>

namespace weir {

/// Requires: a value of that type, which can be a key.
std::uint64_t hash_of(const record_schema& type, const row& key);

} // namespace weir
