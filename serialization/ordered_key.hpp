// Keys as bytes whose memcmp order is the order of the keys: unsigned numbers big endian,
// signed ones with the sign bit flipped, fields one after the other.
// Frozen: changing this breaks existing checkpoints.
#pragma once

#include "serialization/fixed.hpp"

#include <cstring>

namespace weir {

template <fixed_key T>
struct ordered_key {
  static constexpr std::size_t size = [] {
    if constexpr (detail::scalar<T>)
      return sizeof(T);
    else if constexpr (detail::is_std_array<T>::value)
      return ordered_key<typename T::value_type>::size * std::tuple_size_v<T>;
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return (ordered_key<boost::pfr::tuple_element_t<I, T>>::size + ...);
      }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
  }();

  static void encode(const T& key, std::byte* out) {
    if constexpr (detail::scalar<T>) {
      const auto bits = swap(static_cast<detail::bits_of<T>>(key) ^ sign_bit);
      std::memcpy(out, &bits, sizeof(T));
    } else if constexpr (detail::is_std_array<T>::value) {
      for (const auto& element : key) {
        ordered_key<typename T::value_type>::encode(element, out);
        out += ordered_key<typename T::value_type>::size;
      }
    } else {
      boost::pfr::for_each_field(key, [&](const auto& field) {
        using field_type = std::remove_cvref_t<decltype(field)>;
        ordered_key<field_type>::encode(field, out);
        out += ordered_key<field_type>::size;
      });
    }
  }

  static void decode_into(T& key, const std::byte* in) {
    if constexpr (detail::scalar<T>) {
      detail::bits_of<T> bits{};
      std::memcpy(&bits, in, sizeof(T));
      key = static_cast<T>(static_cast<detail::bits_of<T>>(swap(bits) ^ sign_bit));
    } else if constexpr (detail::is_std_array<T>::value) {
      for (auto& element : key) {
        ordered_key<typename T::value_type>::decode_into(element, in);
        in += ordered_key<typename T::value_type>::size;
      }
    } else {
      boost::pfr::for_each_field(key, [&](auto& field) {
        using field_type = std::remove_cvref_t<decltype(field)>;
        ordered_key<field_type>::decode_into(field, in);
        in += ordered_key<field_type>::size;
      });
    }
  }

private:
  static constexpr bool is_signed = [] {
    if constexpr (std::is_enum_v<T>)
      return std::is_signed_v<std::underlying_type_t<T>>;
    else
      return std::is_signed_v<T>;
  }();

  static constexpr auto sign_bit = [] {
    if constexpr (detail::scalar<T>)
      return static_cast<detail::bits_of<T>>(
          is_signed ? detail::bits_of<T>{1} << (sizeof(T) * 8 - 1) : 0);
    else
      return 0;
  }();

  template <class Bits>
  static auto swap(Bits bits) {
    if constexpr (sizeof(T) == 1)
      return static_cast<std::uint8_t>(bits);
    else if constexpr (sizeof(T) == 2)
      return __builtin_bswap16(static_cast<std::uint16_t>(bits));
    else if constexpr (sizeof(T) == 4)
      return __builtin_bswap32(static_cast<std::uint32_t>(bits));
    else
      return __builtin_bswap64(static_cast<std::uint64_t>(bits));
  }
};

} // namespace weir
