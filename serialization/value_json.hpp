// Values of a type known at run time only as JSON, straight from their bytes: what
// json.hpp makes of the records, without a tree and without an allocation per value. A
// struct whose fields have no names is an array, a char the number that it is written as.
// For tools that print the rows of checkpoints; one thread per output.
#pragma once

#include "serialization/byte_reader.hpp"
#include "serialization/schema.hpp"

#include <string>
#include <string_view>

namespace weir {

/// How a value was written down.
enum class value_encoding : std::uint8_t {
  record,  // as record_codec does
  ordered, // as ordered_bytes does: a key
};

/// For whom the JSON is.
enum class value_style : std::uint8_t {
  plain,    // for programs: a time is the number that it is
  readable, // for people: a time is "2026-11-23 08:15:00.000000 UTC"
};

/// Takes one value from `in`. Throws weir::error where the bytes are none of that type;
/// then part of it has been appended.
void append_value_json(std::string& out, const record_schema& type, byte_reader& in,
                       value_encoding encoding = value_encoding::record,
                       value_style style = value_style::plain);

/// A text in quotes. Whatever its bytes are, the result is UTF-8 and has no control
/// characters: a byte that is no UTF-8 is the escape \udcXX, from which it can be had
/// back, as Python's surrogateescape does.
void append_any_text_json(std::string& out, std::string_view text);

/// Microseconds since 1970 as people read them, UTC, without quotes.
void append_time_text(std::string& out, std::int64_t microseconds);

} // namespace weir
