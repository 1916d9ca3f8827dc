// Keys of any length as bytes whose memcmp order is the order of the keys, one after the
// other without a length, so that the first field that differs decides:
//   fixed keys   as ordered_key has them
//   text         its bytes, 0x00 as 0x00 0xff; then 0x00 0x01
//   list         0x01 and the element, for each; then 0x00
//   optional     0x00, or 0x01 and the value
//   variant      the number of the alternative, then the value
//   durations and times as their count; array, pair, tuple, struct field by field
// Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/byte_reader.hpp"
#include "serialization/ordered_key.hpp"
#include "serialization/record.hpp"
#include "serialization/text_arena.hpp"

#include <algorithm>

namespace weir {

template <record_key K>
struct ordered_bytes {
  /// Appends the bytes of `key`.
  static void encode(const K& key, std::string& out) {
    using enum detail::record_kind;
    if constexpr (fixed_key<K>) {
      const std::size_t at = out.size();
      out.resize(at + ordered_key<K>::size);
      ordered_key<K>::encode(key, reinterpret_cast<std::byte*>(out.data() + at));
    } else if constexpr (detail::of_kind<K, duration, time>) {
      ordered_bytes<typename K::rep>::encode(detail::count_of(key), out);
    } else if constexpr (detail::of_kind<K, string>) {
      encode_text(key, out);
    } else if constexpr (detail::of_kind<K, list>) {
      for (const typename K::value_type& element : key) {
        out += '\1';
        ordered_bytes<typename K::value_type>::encode(element, out);
      }
      out += '\0';
    } else if constexpr (detail::of_kind<K, array>) {
      for (const auto& element : key)
        ordered_bytes<typename K::value_type>::encode(element, out);
    } else if constexpr (detail::of_kind<K, optional>) {
      out += key ? '\1' : '\0';
      if (key)
        ordered_bytes<typename K::value_type>::encode(*key, out);
    } else if constexpr (detail::of_kind<K, variant>) {
      detail::visit_alternative(key, [&]<class A>(const A& value, auto number) {
        out += static_cast<char>(number());
        if constexpr (!detail::of_kind<A, unit>)
          ordered_bytes<A>::encode(value, out);
      });
    } else {
      for_each_field(key, [&]<class F>(const F& field, auto) {
        ordered_bytes<F>::encode(field, out);
      });
    }
  }

  /// Throws weir::error where the bytes are no key; then `key` holds part of it.
  static void decode_into(K& key, byte_reader& in) {
    using enum detail::record_kind;
    if constexpr (fixed_key<K>) {
      ordered_key<K>::decode_into(key, in.take(ordered_key<K>::size));
    } else if constexpr (detail::of_kind<K, duration, time>) {
      typename K::rep count{};
      ordered_bytes<typename K::rep>::decode_into(count, in);
      key = detail::from_count<K>(count);
    } else if constexpr (detail::of_kind<K, string>) {
      decode_text(key, in);
    } else if constexpr (detail::of_kind<K, list>) {
      decode_list(key, in);
    } else if constexpr (detail::of_kind<K, array>) {
      for (auto& element : key)
        ordered_bytes<typename K::value_type>::decode_into(element, in);
    } else if constexpr (detail::of_kind<K, optional>) {
      if (!another(in))
        key.reset();
      else
        ordered_bytes<typename K::value_type>::decode_into(key ? *key : key.emplace(),
                                                           in);
    } else if constexpr (detail::of_kind<K, variant>) {
      const std::size_t number = in.take_byte();
      if (number >= std::variant_size_v<K>)
        byte_reader::malformed(
            "a key names an alternative that its variant does not have");
      detail::emplace_alternative(key, number, [&]<class A>(A& value) {
        if constexpr (!detail::of_kind<A, unit>)
          ordered_bytes<A>::decode_into(value, in);
        return true;
      });
    } else {
      for_each_field(key, [&]<class F>(F& field, auto) {
        ordered_bytes<F>::decode_into(field, in);
      });
    }
  }

private:
  static void encode_text(std::string_view chars, std::string& out) {
    std::size_t from = 0;
    for (std::size_t zero; (zero = chars.find('\0', from)) != chars.npos;
         from = zero + 1) {
      out.append(chars, from, zero + 1 - from);
      out += '\xff';
    }
    out.append(chars, from);
    out.append({'\0', '\1'});
  }

  static void decode_text(text& key, byte_reader& in) {
    const auto rest = in.rest();
    const auto zero = std::find(rest.begin(), rest.end(), std::byte{0});
    const auto size = static_cast<std::size_t>(zero - rest.begin());
    if (rest.size() >= size + 2 && rest[size + 1] == std::byte{0x01}) { // all as it is
      key = text({reinterpret_cast<const char*>(in.take(size + 2)), size});
      return;
    }
    std::string unescaped;
    decode_text(unescaped, in);
    key = in.unescaped().copy(unescaped);
  }

  static void decode_text(std::string& key, byte_reader& in) {
    key.clear();
    for (;;) {
      const auto rest = in.rest();
      const auto zero = std::find(rest.begin(), rest.end(), std::byte{0});
      const auto size = static_cast<std::size_t>(zero - rest.begin());
      const std::byte* const run = in.take(size + 2);
      key.append(reinterpret_cast<const char*>(run), size);
      if (run[size + 1] == std::byte{0x01})
        return;
      if (run[size + 1] != std::byte{0xff})
        byte_reader::malformed("the text of a key does not end as it should");
      key += '\0';
    }
  }

  static void decode_list(K& key, byte_reader& in) {
    key.clear();
    while (another(in)) {
      typename K::value_type element{};
      ordered_bytes<typename K::value_type>::decode_into(element, in);
      key.push_back(std::move(element));
    }
  }

  static bool another(byte_reader& in) {
    const std::uint8_t byte = in.take_byte();
    if (byte > 1)
      byte_reader::malformed(
          "a key has neither 0 nor 1 where it says whether more follows");
    return byte == 1;
  }
};

} // namespace weir
