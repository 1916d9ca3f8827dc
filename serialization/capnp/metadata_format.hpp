// `_metadata` as bytes: magic "WEIRMETA", version (u32), length (u64), one Cap'n Proto
// message of that length, XXH3-128 over everything before it; little endian. Frozen:
// changing any of it breaks existing checkpoints; new fields go to the end of the schema.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir {

std::vector<std::byte> encode_metadata(const checkpoint_metadata& metadata);

/// Throws failure::restore_refused; `origin` names the file in the message. Every bit of
/// the input is covered by magic, version, length or checksum, and nothing is allocated
/// from a length that was not verified.
checkpoint_metadata decode_metadata(std::span<const std::byte> bytes,
                                    const std::string& origin);

/// For whoever can go on without it: nothing instead of an exception, and `refusal` says
/// why as the rest of a sentence that begins with the file.
std::optional<checkpoint_metadata> try_decode_metadata(std::span<const std::byte> bytes,
                                                       std::string& refusal);

} // namespace weir
