// An `.inflight` file as bytes. Magic "WEIRFLOW" and the envelope of `_metadata`. Frozen:
// changing any of it breaks existing checkpoints; new fields go to the end of the schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir {

/// Some records of one batch.
struct encoded_batch {
  std::vector<std::byte> records; // a batch frame, see batch_frame.hpp
  std::vector<std::byte> times;   // another, of their times; empty if they have none

  friend bool operator==(const encoded_batch&, const encoded_batch&) = default;
};

/// What was on its way to one task.
struct in_flight_section {
  std::string chain;
  std::uint32_t input = 0; // of the chain
  std::uint32_t subtask = 0;
  std::vector<encoded_batch> batches; // in the order in which they are processed

  friend bool operator==(const in_flight_section&, const in_flight_section&) = default;
};

using in_flight_file = std::vector<in_flight_section>;

std::vector<std::byte> encode_in_flight(const in_flight_file& file);

/// Throws failure::restore_refused; `origin` names the file in the message.
in_flight_file decode_in_flight(std::span<const std::byte> bytes,
                                const std::string& origin);

} // namespace weir
