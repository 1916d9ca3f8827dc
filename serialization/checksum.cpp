#include "serialization/checksum.hpp"

#include <fmt/format.h>
#include <xxhash.h>
// Chooses the widest vectors that the processor has: twice as fast, and the same sums.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

#include <new>

namespace weir {

namespace {

checksum from_xxh(XXH128_hash_t hash) {
  return {.low = hash.low64, .high = hash.high64};
}

} // namespace

std::string checksum::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

checksum checksum_of(std::span<const std::byte> bytes) {
  return from_xxh(XXH3_128bits(bytes.data(), bytes.size()));
}

struct checksum_builder::state {
  struct freed {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };

  std::unique_ptr<XXH3_state_t, freed> xxh{XXH3_createState()};
};

checksum_builder::checksum_builder() : state_(std::make_unique<state>()) {
  if (!state_->xxh)
    throw std::bad_alloc();
  XXH3_128bits_reset(state_->xxh.get());
}

checksum_builder::~checksum_builder() = default;

void checksum_builder::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_->xxh.get(), bytes.data(), bytes.size());
}

checksum checksum_builder::finish() const {
  return from_xxh(XXH3_128bits_digest(state_->xxh.get()));
}

} // namespace weir
