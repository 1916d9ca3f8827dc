// A row as bytes: key group and key in their order, as RocksDB sorts them, then the
// value. Rows of fixed size have one shape; of all others each has its own.
#pragma once

#include "serialization/ordered_bytes.hpp"
#include "serialization/record_codec.hpp"
#include "state/encoded_rows.hpp"
#include "state/key_group.hpp"

namespace weir {

template <record_key Key, record Value>
class row_encoding {
public:
  static constexpr row_shape shape = std::nullopt;

  void append(key_group group, const Key& key, const Value& value, encoded_rows& to) {
    key_bytes_.clear();
    ordered_bytes<key_group>::encode(group, key_bytes_);
    ordered_bytes<Key>::encode(key, key_bytes_);
    const row_sizes sizes{key_bytes_.size(), record_codec<Value>::size(value)};
    std::byte* out = to.append(sizes);
    std::memcpy(out, key_bytes_.data(), sizes.key);
    record_codec<Value>::encode(value, out + sizes.key);
  }

  /// Texts point into `from`, or into `unescaped`, which is needed for them only.
  static void decode_key(std::span<const std::byte> from, Key& key,
                         text_arena* unescaped = nullptr) {
    byte_reader in(from, unescaped);
    in.take(sizeof(key_group));
    ordered_bytes<Key>::decode_into(key, in);
  }
  static void decode_value(std::span<const std::byte> from, Value& value) {
    byte_reader in(from);
    record_codec<Value>::decode_into(value, in);
  }

private:
  std::string key_bytes_; // kept for its memory
};

template <record_key Key, record Value>
requires fixed_key<Key> && fixed_record<Value>
class row_encoding<Key, Value> {
public:
  static constexpr row_sizes sizes{sizeof(key_group) + ordered_key<Key>::size,
                                   codec<Value>::size};
  static constexpr row_shape shape = sizes;

  void append(key_group group, const Key& key, const Value& value, encoded_rows& to) {
    std::byte* out = to.append();
    ordered_key<key_group>::encode(group, out);
    ordered_key<Key>::encode(key, out + sizeof(key_group));
    codec<Value>::encode(value, out + sizes.key);
  }

  static void decode_key(std::span<const std::byte> from, Key& key,
                         text_arena* = nullptr) {
    ordered_key<Key>::decode_into(key, from.data() + sizeof(key_group));
  }
  static void decode_value(std::span<const std::byte> from, Value& value) {
    codec<Value>::decode_into(value, from.data());
  }
};

} // namespace weir
