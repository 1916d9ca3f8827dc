// A type as text with the names of its fields, for a checkpoint: "{id:u64,price:f64}".
// Everything else is as type_description.hpp has it, and what is written there can be
// read here. A name that is no identifier stands in double quotes, in which `"` and `\`
// have a `\` before them and bytes below 32 and 127 are "\x0a". A type has one text.
// Frozen: checkpoints contain it.
#pragma once

#include "serialization/schema.hpp"

#include <optional>
#include <string_view>

namespace weir {

std::string schema_text(const record_schema& type, bool with_names = true);

/// A name as it stands there.
std::string name_text(std::string_view name);

/// The type whose text that is, whatever the bytes are; it knows no defaults, and a char
/// is the i8 that it is written as. Nothing, and why, if it is no such text, or is nested
/// more than 100 deep, or longer than 1 MiB.
std::optional<record_schema> try_parse_schema(std::string_view text,
                                              std::string& refusal);

/// Throws failure::restore_refused.
record_schema parse_schema(std::string_view text);

} // namespace weir
