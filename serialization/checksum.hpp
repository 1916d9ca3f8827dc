// XXH3-128, the checksum of every file of a checkpoint.
// Frozen: changing the algorithm breaks existing checkpoints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace weir {

struct checksum {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const checksum&, const checksum&) = default;

  /// 32 lower-case hexadecimal digits, most significant first.
  std::string hex() const;
};

checksum checksum_of(std::span<const std::byte> bytes);

/// The same checksum over bytes that arrive in pieces.
class checksum_builder {
public:
  checksum_builder();
  ~checksum_builder();
  checksum_builder(const checksum_builder&) = delete;
  checksum_builder& operator=(const checksum_builder&) = delete;

  void add(std::span<const std::byte> bytes);
  checksum finish() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace weir
