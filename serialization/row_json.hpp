// Values of a type known at run time only, from what stands on a command line: a number,
// true or false and text as they are, everything else as the JSON that append_value_json
// makes of it. And the keys among them as the bytes that rows are found by.
#pragma once

#include "serialization/schema.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Nothing, and why as the end of a sentence ("is not a whole number"), if `written` is
/// no value of that type.
std::optional<row> try_parse_row(const record_schema& type, std::string_view written,
                                 std::string& problem);

/// Appends the bytes of a key, as ordered_bytes has them. Requires: a value of that type.
void encode_ordered(const record_schema& type, const row& key, std::string& out);

/// Whether values of the type can be keys: no floating-point numbers and no maps in it.
bool can_be_key(const record_schema& type);

} // namespace weir
