// What has to be known of a type to step over a value in its encoding, as record_codec
// has it: where its bytes end. For conversions, which copy or skip most of what they
// meet.
#pragma once

#include "serialization/schema.hpp"

namespace weir {

struct value_shape {
  enum class form : std::uint8_t { fixed, list, optional, variant, array, sequence };

  form what = form::fixed;
  std::size_t bytes = 0; // of what is fixed
  std::size_t count = 0; // of the elements of an array
  /// Of the elements (text is a list of bytes, a map one of keys with values), of what
  /// may be there, of the alternatives, or one after the other.
  std::vector<value_shape> parts = {};
};

value_shape shape_of(const record_schema& type);

/// A value of this shape takes as many bytes or more. Large numbers are cut off at 2^32.
std::size_t size_min(const value_shape& shape);

/// Puts `next` behind the last one of a sequence; fixed ones become one.
void append_shape(std::vector<value_shape>& sequence, value_shape next);

/// Throws weir::error where the bytes are no such value.
void step_over(const value_shape& shape, byte_reader& in);

} // namespace weir
