#include "serialization/envelope.hpp"

#include "serialization/checksum.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <concepts>
#include <cstring>

namespace weir {

namespace {

constexpr std::size_t magic_bytes = 8;
constexpr std::size_t version_at = magic_bytes;
constexpr std::size_t length_at = version_at + sizeof(std::uint32_t);
constexpr std::size_t message_at = length_at + sizeof(std::uint64_t);
constexpr std::size_t checksum_bytes = 16;
constexpr std::size_t envelope_bytes = message_at + checksum_bytes;

template <std::unsigned_integral Integer>
void put(std::vector<std::byte>& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

template <std::unsigned_integral Integer>
Integer get(std::span<const std::byte> bytes, std::size_t at) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    value |= static_cast<Integer>(std::to_integer<Integer>(bytes[at + i]) << (8 * i));
  return value;
}

checksum checksum_at(std::span<const std::byte> bytes, std::size_t at) {
  return {.low = get<std::uint64_t>(bytes, at),
          .high = get<std::uint64_t>(bytes, at + 8)};
}

} // namespace

std::vector<std::byte> seal_envelope(const envelope_format& format,
                                     std::span<const std::byte> message) {
  std::vector<std::byte> out;
  out.reserve(envelope_bytes + message.size());
  for (const char c : format.magic)
    out.push_back(static_cast<std::byte>(c));
  put(out, format.version);
  put(out, std::uint64_t{message.size()});
  out.insert(out.end(), message.begin(), message.end());
  const checksum sum = checksum_of(out);
  put(out, sum.low);
  put(out, sum.high);
  return out;
}

std::optional<std::span<const std::byte>> open_envelope(const envelope_format& format,
                                                        std::span<const std::byte> bytes,
                                                        std::string& refusal) {
  if (bytes.size() < envelope_bytes) {
    refusal = fmt::format("is cut short: {} bytes, even an empty one has {}",
                          bytes.size(), envelope_bytes);
    return std::nullopt;
  }
  if (std::memcmp(bytes.data(), format.magic.data(), magic_bytes) != 0) {
    refusal =
        fmt::format("is not a {} file of weir: it does not begin with '{}'",
                    format.content, std::string_view(format.magic.data(), magic_bytes));
    return std::nullopt;
  }
  const auto length = get<std::uint64_t>(bytes, length_at);
  if (length != bytes.size() - envelope_bytes) {
    refusal = fmt::format("is damaged: it announces {} bytes of content and has {}",
                          length, bytes.size() - envelope_bytes);
    return std::nullopt;
  }
  const checksum expected = checksum_at(bytes, bytes.size() - checksum_bytes);
  const checksum actual = checksum_of(bytes.first(bytes.size() - checksum_bytes));
  if (actual != expected) {
    refusal = fmt::format("is damaged: its checksum should be {} and is {}",
                          expected.hex(), actual.hex());
    return std::nullopt;
  }
  // Only now, so that a flipped bit is not mistaken for another version.
  const auto version = get<std::uint32_t>(bytes, version_at);
  if (version != format.version) {
    refusal = fmt::format("has format version {} and this weir reads version {}: use the "
                          "weir that wrote it",
                          version, format.version);
    return std::nullopt;
  }
  return bytes.subspan(message_at, length);
}

void refuse_restore(const std::string& origin, const std::string& refusal) {
  throw error(failure::restore_refused,
              fmt::format("cannot restore: '{}' {}; restore from another checkpoint",
                          origin, refusal));
}

} // namespace weir
