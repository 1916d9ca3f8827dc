// Values of a type as it was written, turned into values of the type as it is declared
// now, bytes to bytes (record_codec.hpp). What changes is planned once. Restored are:
//   a struct     fields added behind all others, with their defaults; fields removed
//   a number     an integer became a wider one that holds all its values
//   a variant    alternatives added behind all others
// and the same inside of fields, lists, arrays, optionals, alternatives and the values of
// maps. Fields are found by their names where both sides know them, else by position, in
// the same order. Everything else, and any change in the keys of a map, is an obstacle.
//
// For the restore of a checkpoint. Immutable once made, so any number of threads use it.
#pragma once

#include "serialization/value_shape.hpp"

#include <span>
#include <string>
#include <vector>

namespace weir {

/// One thing to do with the bytes that come next.
struct conversion_step {
  enum class action : std::uint8_t {
    copy,        // values of shape `over`
    skip,        // values of shape `over`
    insert,      // `bytes`
    sign_extend, // a number from `from` to `to` bytes
    zero_extend,
    array,    // what is inside, `count` times
    list,     // a count, and what is inside for each element, or key and value
    optional, // what is inside, if it is there
    variant,  // what is inside for that alternative
  };

  action what;
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  std::size_t count = 0;
  std::size_t least = 0; // bytes that an element takes, of a list
  std::vector<value_shape> over = {};
  std::vector<std::byte> bytes = {};
  std::vector<std::vector<conversion_step>> inside = {};
};

class type_conversion {
public:
  /// `declared` has its defaults: it comes from schema_of.
  type_conversion(const record_schema& written, const record_schema& declared);

  bool possible() const noexcept { return obstacle_.empty(); }
  /// "field 'amount': f64 became string"; empty if there is none.
  const std::string& obstacle() const noexcept { return obstacle_; }
  /// Whether the bytes are the same.
  bool identity() const noexcept { return possible() && identity_; }

  /// Appends what the value `from` becomes. Throws failure::restore_refused if it is none
  /// of the type that was written (one that stays as it is is not looked at); then part
  /// of it is there. Requires: possible().
  void append(std::span<const std::byte> from, std::vector<std::byte>& out) const;
  std::vector<std::byte> convert(std::span<const std::byte> from) const;

private:
  std::vector<conversion_step> steps_;
  std::string obstacle_;
  bool identity_ = false;
};

} // namespace weir
