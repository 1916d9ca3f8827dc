// One Cap'n Proto message inside an envelope. The only place where a kj::Exception is
// caught: it leaves as a refusal (reading) or as weir::error (writing).
#pragma once

#include "serialization/envelope.hpp"
#include "serialization/error.hpp"
#include "serialization/file_name.hpp"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <concepts>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace weir {

/// Lets `fill` build the message and returns it sealed.
template <std::invocable<capnp::MessageBuilder&> Fill>
std::vector<std::byte> encode_message(const envelope_format& format, Fill fill) {
  try {
    capnp::MallocMessageBuilder builder;
    fill(builder);
    const kj::Array<capnp::word> words = capnp::messageToFlatArray(builder);
    const kj::ArrayPtr<const kj::byte> bytes = words.asBytes();
    return seal_envelope(format, std::as_bytes(std::span(bytes.begin(), bytes.size())));
  } catch (const kj::Exception& e) {
    throw error(failure::job_failed, "cannot encode " + std::string(format.content) +
                                         ": " + e.getDescription().cStr());
  }
}

/// Lets `read` walk the message; false with a `refusal` when that cannot be done, or when
/// `read` set one.
template <std::invocable<capnp::MessageReader&> Read>
bool decode_message(const envelope_format& format, std::span<const std::byte> bytes,
                    std::string& refusal, Read read) {
  const auto message = open_envelope(format, bytes, refusal);
  if (!message)
    return false;
  if (message->size() % sizeof(capnp::word) != 0) {
    refusal = "is damaged: its content is not a whole number of words";
    return false;
  }
  try {
    // The message stands unaligned in the file.
    auto words = kj::heapArray<capnp::word>(message->size() / sizeof(capnp::word));
    if (words.size() > 0)
      std::memcpy(words.begin(), message->data(), message->size());
    capnp::ReaderOptions options;
    // Every object is read once; twice the size leaves room for the list headers, and a
    // message that points to its own parts again and again is refused.
    options.traversalLimitInWords = 2 * words.size() + 64;
    options.nestingLimit = 16;
    capnp::FlatArrayMessageReader reader(words, options);
    read(static_cast<capnp::MessageReader&>(reader));
  } catch (const kj::Exception& e) {
    const std::string text = e.getDescription().cStr(); // what it quotes may be anything
    refusal = "is damaged: " + one_line(text.substr(0, text.find('\n')));
  }
  return refusal.empty();
}

// What stands in a message and what it is outside of it, with every zero that is in it: a
// std::string would become a text only as far as the first.

inline capnp::Text::Reader text_of(const std::string& text) {
  return {text.c_str(), text.size()};
}

inline std::string string_of(capnp::Text::Reader text) {
  return {text.cStr(), text.size()};
}

inline capnp::Data::Reader data_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

inline std::vector<std::byte> bytes_of(capnp::Data::Reader data) {
  const auto bytes = std::as_bytes(std::span(data.begin(), data.size()));
  return {bytes.begin(), bytes.end()};
}

/// A name from a message that will become part of a path.
inline std::string read_file_name(capnp::Text::Reader text, std::string& refusal) {
  std::string name = string_of(text);
  if (!is_file_name(name))
    refusal = "refers to a file by a name that is not a plain file name";
  return name;
}

} // namespace weir
