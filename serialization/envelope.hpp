// What stands around every message that weir keeps in a file: magic (8 bytes), version
// (u32), length (u64), the message, XXH3-128 over everything before it (low half, high
// half); little endian. Frozen: changing any of it breaks existing checkpoints, so a new
// version may change the message but not the envelope.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct envelope_format {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::string_view content; // for messages: "checkpoint metadata"
};

std::vector<std::byte> seal_envelope(const envelope_format& format,
                                     std::span<const std::byte> message);

/// The message inside `bytes`; otherwise nothing, and `refusal` says why as the rest of a
/// sentence that begins with the file: "is cut short ...".
std::optional<std::span<const std::byte>> open_envelope(const envelope_format& format,
                                                        std::span<const std::byte> bytes,
                                                        std::string& refusal);

/// Ends a restore that met such a file: one line with the file, the refusal and what to
/// do.
[[noreturn]] void refuse_restore(const std::string& origin, const std::string& refusal);

} // namespace weir
