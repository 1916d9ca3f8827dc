// Fixed-size values as bytes: fields in order, no padding, little endian.
// Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/fixed.hpp"

#include <bit>
#include <cstring>

namespace weir {

template <fixed_record T>
struct codec {
  static constexpr std::size_t size = [] {
    if constexpr (detail::scalar<T>)
      return sizeof(T);
    else if constexpr (detail::is_std_array<T>::value)
      return codec<typename T::value_type>::size * std::tuple_size_v<T>;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (codec<boost::pfr::tuple_element_t<I, T>>::size + ...);
      }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
  }();

  /// Writes `size` bytes.
  static void encode(const T& value, std::byte* out) {
    if constexpr (detail::scalar<T>) {
      static_assert(std::endian::native == std::endian::little);
      std::memcpy(out, &value, sizeof(T));
    } else if constexpr (detail::is_std_array<T>::value) {
      for (const auto& element : value) {
        codec<typename T::value_type>::encode(element, out);
        out += codec<typename T::value_type>::size;
      }
    } else {
      boost::pfr::for_each_field(value, [&](const auto& field) {
        using field_type = std::remove_cvref_t<decltype(field)>;
        codec<field_type>::encode(field, out);
        out += codec<field_type>::size;
      });
    }
  }

  /// Reads `size` bytes.
  static T decode(const std::byte* in) {
    T value{};
    decode_into(value, in);
    return value;
  }

  static void decode_into(T& value, const std::byte* in) {
    if constexpr (std::is_same_v<T, bool>) {
      value = std::to_integer<unsigned>(*in) != 0;
    } else if constexpr (detail::scalar<T>) {
      std::memcpy(&value, in, sizeof(T));
    } else if constexpr (detail::is_std_array<T>::value) {
      for (auto& element : value) {
        codec<typename T::value_type>::decode_into(element, in);
        in += codec<typename T::value_type>::size;
      }
    } else {
      boost::pfr::for_each_field(value, [&](auto& field) {
        using field_type = std::remove_cvref_t<decltype(field)>;
        codec<field_type>::decode_into(field, in);
        in += codec<field_type>::size;
      });
    }
  }
};

} // namespace weir
