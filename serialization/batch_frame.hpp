// A batch of records as bytes, for files and for the network: how many there are, of
// which type, and one column with all of them. Magic "WEIRBTCH" and the envelope of
// `_metadata`, so that length and checksum are verified before a record is read. Frozen:
// changing any of it breaks what was written; new fields go to the end of the schema.
#pragma once

#include "serialization/record_codec.hpp"
#include "serialization/type_description.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir {

struct batch_frame {
  std::uint32_t count = 0;
  std::string type;              // type_description of the records
  std::vector<std::byte> values; // as record_codec has them

  friend bool operator==(const batch_frame&, const batch_frame&) = default;
};

std::vector<std::byte> encode_batch_frame(const batch_frame& frame);

/// Throws failure::restore_refused; `origin` names in the message where the bytes came
/// from.
batch_frame decode_batch_frame(std::span<const std::byte> bytes,
                               const std::string& origin);

[[noreturn]] void refuse_batch(const std::string& origin, const std::string& refusal);

template <record T>
std::vector<std::byte> encode_batch(std::span<const T> records) {
  WEIR_CHECK(records.size() <= std::numeric_limits<std::uint32_t>::max());
  batch_frame frame{.count = static_cast<std::uint32_t>(records.size()),
                    .type = type_description<T>(),
                    .values = std::vector<std::byte>(detail::size_of_elements(records))};
  detail::encode_elements(records, frame.values.data());
  return encode_batch_frame(frame);
}

namespace detail {

template <record T>
void decode_values(const batch_frame& frame, const std::string& origin,
                   std::vector<T>& records) {
  if (frame.type != type_description<T>())
    refuse_batch(origin, "holds records of type " + frame.type + " instead of " +
                             type_description<T>());
  if (frame.count * std::uint64_t{record_codec<T>::size_min} > frame.values.size())
    refuse_batch(origin, "has fewer bytes than its records take");
  byte_reader in(frame.values);
  decode_elements(records, frame.count, in);
  if (!in.at_end())
    refuse_batch(origin, "has more bytes than its records take");
}

} // namespace detail

/// Replaces `records`, whose strings and vectors keep their capacity. Throws weir::error
/// where the bytes are no batch of T.
template <record T>
requires(!holds_text<T>) void decode_batch(std::span<const std::byte> bytes,
                                           const std::string& origin,
                                           std::vector<T>& records) {
  detail::decode_values(decode_batch_frame(bytes, origin), origin, records);
}

/// The same for records with weir::text, which is copied into `texts`.
template <record T>
void decode_batch(std::span<const std::byte> bytes, const std::string& origin,
                  std::vector<T>& records, text_arena& texts) {
  const batch_frame frame = decode_batch_frame(bytes, origin);
  detail::decode_values(frame, origin, records);
  for (T& each : records)
    copy_texts(each, texts);
}

} // namespace weir
