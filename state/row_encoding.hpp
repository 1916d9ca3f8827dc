// A row as bytes: key group and key in their order, as RocksDB sorts them, then the
// value. Rows of fixed size have one shape; of all others each has its own.
#pragma once

#include "serialization/ordered_bytes.hpp"
#include "serialization/record_codec.hpp"
#include "state/encoded_rows.hpp"
#include "state/key_group.hpp"
#include "state/row_cell.hpp"
#include "state/row_limits.hpp"
#include "state/row_weight.hpp"

namespace weir {

/// The values of a table whose type is a record: they are always there.
template <record Value>
struct value_cells {
  static constexpr bool on_heap = value_cell<Value>::on_heap;
  static constexpr bool removes = false;

  static void make(value_cell<Value>& fresh) { fresh.make(); }
  static void release(value_cell<Value>& gone) noexcept { gone.release(); }
  /// Nothing is lost in memory while the row is in the backend only.
  static bool may_go(const Value&) noexcept { return true; }
};

/// The keys of a table, behind their key group.
template <record_key Key>
class row_keys {
public:
  /// Until the next call.
  const std::string& encoded_key(key_group group, const Key& key) {
    bytes_.clear();
    ordered_bytes<key_group>::encode(group, bytes_);
    ordered_bytes<Key>::encode(key, bytes_);
    return bytes_;
  }

  /// Texts point into `from`, or into `unescaped`, which is needed for them only.
  static void decode_key(std::span<const std::byte> from, Key& key,
                         text_arena* unescaped = nullptr) {
    byte_reader in(from, unescaped);
    in.take(sizeof(key_group));
    ordered_bytes<Key>::decode_into(key, in);
  }

  /// As a row without a value.
  void append_key(key_group group, const Key& key, encoded_rows& to) {
    const std::string& key_bytes = encoded_key(group, key);
    std::memcpy(to.append({key_bytes.size(), 0}), key_bytes.data(), key_bytes.size());
  }

  /// Of a row with its key and what both point to, about, outside of its bucket.
  std::size_t bytes_on_heap() const noexcept {
    return key_cell<Key>::on_heap ? sizeof(Key) : 0;
  }

private:
  std::string bytes_; // kept for its memory
};

template <record_key Key, class Value>
class row_encoding;

template <record_key Key, record Value>
class row_encoding<Key, Value> : public value_cells<Value>, public row_keys<Key> {
public:
  static constexpr row_shape shape = std::nullopt;

  void append(key_group group, const Key& key, const Value& value, encoded_rows& to) {
    const std::string& key_bytes = this->encoded_key(group, key);
    const row_sizes sizes{key_bytes.size(), record_codec<Value>::size(value)};
    check_row(sizes);
    weight_.note(sizes.key + sizes.value);
    std::byte* out = to.append(sizes);
    std::memcpy(out, key_bytes.data(), sizes.key);
    record_codec<Value>::encode(value, out + sizes.key);
  }

  /// Texts point into `from`.
  static void decode_value(std::span<const std::byte> from, Value& value) {
    byte_reader in(from);
    record_codec<Value>::decode_into(value, in);
  }

  std::size_t encoded_bytes() const noexcept { return weight_.average(); }
  std::size_t bytes_on_heap() const noexcept {
    return row_keys<Key>::bytes_on_heap() +
           (value_cell<Value>::on_heap ? sizeof(Value) + encoded_bytes() : 0);
  }

private:
  row_weight weight_;
};

template <record_key Key, record Value>
requires fixed_key<Key> && fixed_record<Value>
class row_encoding<Key, Value> : public value_cells<Value> {
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

  static void append_key(key_group group, const Key& key, encoded_rows& to) {
    std::byte* out = to.append({sizes.key, 0});
    ordered_key<key_group>::encode(group, out);
    ordered_key<Key>::encode(key, out + sizeof(key_group));
  }
  static constexpr std::size_t encoded_bytes() noexcept {
    return sizes.key + sizes.value;
  }
  static constexpr std::size_t bytes_on_heap() noexcept { return 0; }
};

} // namespace weir
