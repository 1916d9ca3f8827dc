// What the fuzz targets have in common. A target takes any bytes, and ends the process
// where one of its properties does not hold; the fuzzer, or the replay, then keeps the
// bytes. That something is refused is no failure, if it is refused in one sentence.
#pragma once

#include "serialization/envelope.hpp"
#include "serialization/error.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What libFuzzer and the replay call with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace weir::fuzz {

using byte_span = std::span<const std::byte>;

[[noreturn]] inline void broken(const char* property, const std::string& about,
                                const char* file, int line) {
  std::fprintf(stderr, "%s:%d: this does not hold: %s\n%s\n", file, line, property,
               about.c_str());
  std::abort();
}

#define FUZZ_REQUIRE(property, about)                                                    \
  (static_cast<bool>(property)                                                           \
       ? static_cast<void>(0)                                                            \
       : ::weir::fuzz::broken(#property, about, __FILE__, __LINE__))

inline byte_span bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Inputs of two parts: a line, and what is behind it.
struct line_and_rest {
  std::string_view line;
  std::string_view rest;

  explicit line_and_rest(std::string_view text)
      : line(text.substr(0, text.find('\n'))),
        rest(text.substr(std::min(line.size() + 1, text.size()))) {}
};

/// Does nothing to a terminal.
inline void require_printable(const std::string& line) {
  for (const char c : line)
    FUZZ_REQUIRE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, line);
}

/// One line, which is no admission of a mistake of weir's.
inline void require_sentence(const std::string& refusal) {
  FUZZ_REQUIRE(!refusal.empty(), refusal);
  FUZZ_REQUIRE(!refusal.starts_with("internal check failed: "), refusal);
  require_printable(refusal);
}

/// Lines of what was read, as a terminal shows them.
inline void require_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    FUZZ_REQUIRE(end != text.npos, std::string(text));
    FUZZ_REQUIRE(end != 0, "an empty line");
    require_printable(std::string(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
}

/// What `read` was refused with; none if it was not. Whatever else it throws ends the
/// process.
template <class Read>
std::optional<error> refusal_of(Read read) {
  try {
    read();
    return std::nullopt;
  } catch (const error& refused) {
    require_sentence(refused.what());
    return refused;
  }
}

/// What stands in `file` as the message of an envelope that is sound: the fuzzer does not
/// guess checksums. Cap'n Proto's are whole words.
inline std::vector<std::byte> resealed(const envelope_format& format, byte_span file) {
  constexpr std::size_t before = 20; // magic, version, length
  constexpr std::size_t behind = 16; // the checksum
  constexpr std::size_t word = 8;
  if (file.size() < before + behind)
    return seal_envelope(format, {});
  const std::size_t message = (file.size() - before - behind) / word * word;
  return seal_envelope(format, file.subspan(before, message));
}

/// An input as the file that it is, and as the message of one. Returns what a target
/// returns.
inline int check_sealed_too(const envelope_format& format, const std::uint8_t* data,
                            std::size_t size, void (*check)(byte_span)) {
  const byte_span bytes = bytes_of(data, size);
  check(bytes);
  check(resealed(format, bytes));
  return 0;
}

} // namespace weir::fuzz
