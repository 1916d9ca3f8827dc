// Records as bytes. Fixed records are encoded as codec has them; the others field by
// field:
//   text, list, map   u32 length, then the bytes, elements, or keys and values by key
//   optional          u8 0, or 1 and the value
//   variant           u8 number of the alternative, then the value
//   durations and times as their count; array, pair, tuple, struct one after the other
// Little endian. Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/byte_reader.hpp"
#include "serialization/check.hpp"
#include "serialization/codec.hpp"
#include "serialization/map_entries.hpp"
#include "serialization/record.hpp"

#include <limits>

namespace weir {

template <record T>
struct record_codec;

namespace detail {

template <class T>
constexpr bool has_bool() {
  if constexpr (std::is_enum_v<T>)
    return has_bool<std::underlying_type_t<T>>();
  else if constexpr (is_std_array<T>::value)
    return has_bool<typename T::value_type>();
  else if constexpr (of_kind<T, record_kind::aggregate>)
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (has_bool<field_type<T, I>>() || ...);
    }
  (field_numbers<T>);
  else return std::is_same_v<T, bool>;
}

/// Whether the encoding of a T is what its memory holds, so that many are copied at once:
/// there is no padding, and no bool, which must not hold what may be in a damaged file.
template <fixed_record T>
constexpr bool is_its_bytes = sizeof(T) == codec<T>::size && !has_bool<T>();

/// Of a vector, an array or a span, without its length.
template <class Range>
std::size_t size_of_elements(const Range& elements) {
  using element = typename Range::value_type;
  if constexpr (fixed_record<element>) {
    return elements.size() * codec<element>::size;
  } else {
    std::size_t sum = 0;
    for (const element& one : elements)
      sum += record_codec<element>::size(one);
    return sum;
  }
}

template <class Range>
std::byte* encode_elements(const Range& elements, std::byte* out) {
  using element = typename Range::value_type;
  if constexpr (std::is_same_v<element, bool>) { // vector<bool> has no bools
    for (const bool one : elements)
      *out++ = std::byte{one};
  } else if constexpr (!fixed_record<element>) {
    for (const element& one : elements)
      out = record_codec<element>::encode(one, out);
  } else if constexpr (!is_its_bytes<element>) {
    for (const element& one : elements) {
      codec<element>::encode(one, out);
      out += codec<element>::size;
    }
  } else if (!elements.empty()) {
    std::memcpy(out, elements.data(), elements.size() * sizeof(element));
    out += elements.size() * sizeof(element);
  }
  return out;
}

/// Reads `count` elements; that as many bytes follow was checked.
template <class T>
void decode_elements(std::vector<T>& elements, std::size_t count, byte_reader& in) {
  if constexpr (fixed_record<T>) {
    const std::byte* const bytes = in.take(count * codec<T>::size);
    elements.resize(count);
    if constexpr (is_its_bytes<T>) {
      if (count > 0)
        std::memcpy(elements.data(), bytes, count * sizeof(T));
    } else {
      for (std::size_t i = 0; i < count; ++i)
        elements[i] = codec<T>::decode(bytes + i * codec<T>::size);
    }
  } else {
    // It grows with what is really there: the count may lie, and an element may be far
    // larger in memory than in its bytes.
    if (elements.size() > count)
      elements.resize(count);
    for (T& one : elements)
      record_codec<T>::decode_into(one, in);
    while (elements.size() < count)
      record_codec<T>::decode_into(elements.emplace_back(), in);
  }
}

} // namespace detail

template <record T>
struct record_codec {
  /// No value takes fewer bytes.
  static constexpr std::size_t size_min = [] {
    using enum detail::record_kind;
    if constexpr (fixed_record<T>)
      return codec<T>::size;
    else if constexpr (detail::of_kind<T, duration, time>)
      return sizeof(typename T::rep);
    else if constexpr (detail::of_kind<T, string, list, map>)
      return sizeof(std::uint32_t);
    else if constexpr (detail::of_kind<T, optional, variant>)
      return std::size_t{1};
    else if constexpr (detail::of_kind<T, array>)
      return std::tuple_size_v<T> * record_codec<typename T::value_type>::size_min;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (record_codec<detail::field_type<T, I>>::size_min + ... + std::size_t{0});
      }
    (detail::field_numbers<T>);
  }();

  /// How many bytes `encode` writes.
  static std::size_t size(const T& value) {
    using enum detail::record_kind;
    std::size_t sum = 0;
    if constexpr (fixed_record<T> || detail::of_kind<T, duration, time>) {
      sum = size_min;
    } else if constexpr (detail::of_kind<T, string>) {
      sum = size_min + value.size();
    } else if constexpr (detail::of_kind<T, list, array>) {
      sum = detail::size_of_elements(value) + (detail::of_kind<T, list> ? size_min : 0);
    } else if constexpr (detail::of_kind<T, map>) {
      sum = size_min;
      for (const auto& [key, mapped] : value)
        sum += record_codec<typename T::key_type>::size(key) +
               record_codec<typename T::mapped_type>::size(mapped);
    } else if constexpr (detail::of_kind<T, optional>) {
      sum = 1 + (value ? record_codec<typename T::value_type>::size(*value) : 0);
    } else if constexpr (detail::of_kind<T, variant>) {
      detail::visit_alternative(value, [&]<class A>(const A& held, auto) {
        if constexpr (!detail::of_kind<A, unit>)
          sum = record_codec<A>::size(held);
      });
      ++sum;
    } else {
      for_each_field(value, [&]<class F>(const F& field, auto) {
        sum += record_codec<F>::size(field);
      });
    }
    return sum;
  }

  /// Writes `size(value)` bytes and returns where they end.
  static std::byte* encode(const T& value, std::byte* out) {
    using enum detail::record_kind;
    if constexpr (fixed_record<T>) {
      codec<T>::encode(value, out);
      return out + codec<T>::size;
    } else if constexpr (detail::of_kind<T, duration, time>) {
      return record_codec<typename T::rep>::encode(detail::count_of(value), out);
    } else if constexpr (detail::of_kind<T, string>) {
      out = encode_count(value.size(), out);
      std::memcpy(out, value.data(), value.size());
      return out + value.size();
    } else if constexpr (detail::of_kind<T, list>) {
      return detail::encode_elements(value, encode_count(value.size(), out));
    } else if constexpr (detail::of_kind<T, array>) {
      return detail::encode_elements(value, out);
    } else if constexpr (detail::of_kind<T, map>) {
      out = encode_count(value.size(), out);
      detail::for_each_entry(value, [&](const auto& key, const auto& mapped) {
        out = record_codec<typename T::key_type>::encode(key, out);
        out = record_codec<typename T::mapped_type>::encode(mapped, out);
      });
      return out;
    } else if constexpr (detail::of_kind<T, optional>) {
      *out++ = std::byte{value.has_value()};
      return value ? record_codec<typename T::value_type>::encode(*value, out) : out;
    } else if constexpr (detail::of_kind<T, variant>) {
      WEIR_CHECK(!value.valueless_by_exception());
      *out++ = static_cast<std::byte>(value.index());
      detail::visit_alternative(value, [&]<class A>(const A& held, auto) {
        if constexpr (!detail::of_kind<A, unit>)
          out = record_codec<A>::encode(held, out);
      });
      return out;
    } else {
      for_each_field(value, [&]<class F>(const F& field, auto) {
        out = record_codec<F>::encode(field, out);
      });
      return out;
    }
  }

  /// Reads one value into `value`, whose strings and vectors keep their capacity. Throws
  /// weir::error where the bytes are none; then `value` holds part of it.
  static void decode_into(T& value, byte_reader& in) {
    using enum detail::record_kind;
    if constexpr (fixed_record<T>) {
      codec<T>::decode_into(value, in.take(codec<T>::size));
    } else if constexpr (detail::of_kind<T, duration, time>) {
      typename T::rep count{};
      record_codec<typename T::rep>::decode_into(count, in);
      value = detail::from_count<T>(count);
    } else if constexpr (detail::of_kind<T, string>) {
      const std::size_t length = in.take_count(1);
      detail::take_chars(value, {reinterpret_cast<const char*>(in.take(length)), length});
    } else if constexpr (detail::of_kind<T, list>) {
      decode_list(value, in);
    } else if constexpr (detail::of_kind<T, array>) {
      for (auto& element : value)
        record_codec<typename T::value_type>::decode_into(element, in);
    } else if constexpr (detail::of_kind<T, map>) {
      decode_map(value, in);
    } else if constexpr (detail::of_kind<T, optional>) {
      decode_optional(value, in);
    } else if constexpr (detail::of_kind<T, variant>) {
      const std::size_t number = in.take_byte();
      if (number >= std::variant_size_v<T>)
        byte_reader::malformed("it names an alternative that its variant does not have");
      detail::emplace_alternative(value, number, [&]<class A>(A& held) {
        if constexpr (!detail::of_kind<A, unit>)
          record_codec<A>::decode_into(held, in);
        return true;
      });
    } else {
      for_each_field(value, [&]<class F>(F& field, auto) {
        record_codec<F>::decode_into(field, in);
      });
    }
  }

private:
  static std::byte* encode_count(std::size_t count, std::byte* out) {
    WEIR_CHECK(count <= std::numeric_limits<std::uint32_t>::max());
    codec<std::uint32_t>::encode(static_cast<std::uint32_t>(count), out);
    return out + sizeof(std::uint32_t);
  }

  static void decode_list(T& list, byte_reader& in) {
    using element = typename T::value_type;
    detail::decode_elements(list, in.take_count(record_codec<element>::size_min), in);
  }

  static void decode_map(T& map, byte_reader& in) {
    using key_codec = record_codec<typename T::key_type>;
    using mapped_codec = record_codec<typename T::mapped_type>;
    const std::size_t count = in.take_count(key_codec::size_min + mapped_codec::size_min);
    map.clear();
    for (std::size_t i = 0; i < count; ++i) {
      typename T::key_type key{};
      key_codec::decode_into(key, in);
      const auto entry = map.try_emplace(map.end(), std::move(key));
      if (map.size() != i + 1)
        byte_reader::malformed("a map has a key twice");
      mapped_codec::decode_into(entry->second, in);
    }
  }

  static void decode_optional(T& value, byte_reader& in) {
    const std::uint8_t present = in.take_byte();
    if (present > 1)
      byte_reader::malformed("an optional is neither there nor not");
    if (present == 0)
      value.reset();
    else
      record_codec<typename T::value_type>::decode_into(value ? *value : value.emplace(),
                                                        in);
  }
};

} // namespace weir
