// What a checkpoint says about one state of an operator, as whoever prints it needs it:
// the types of its keys and values, and where its bytes are in a row.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "serialization/schema.hpp"
#include "serialization/value_json.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir {

struct state_type {
  enum class shape : std::uint8_t {
    keyed,    // a value for each key
    elements, // a list of a task
    entries,  // a map of a task
    whole,    // one value of a task
  };

  std::string name;
  std::string kind; // as _metadata has it; of a task, "task list", "broadcast", ...
  shape of = shape::keyed;
  record_schema key = {}; // keyed and entries
  /// Of what is written for a key; without the time if it expires as a whole.
  record_schema value = {};
  /// i64 microseconds stand before the value: from then on it is not there.
  bool stamped = false;
  std::string value_text = {}; // the type as text, with the names of fields

  value_encoding key_encoding() const {
    return of == shape::keyed ? value_encoding::ordered : value_encoding::record;
  }
};

/// The states that an operator keeps for each key, in the order in which they are in its
/// rows. Throws failure::restore_refused if a type cannot be read.
std::vector<state_type> keyed_types_of(const operator_metadata& op);

/// Finds one of these in the rows of the operator.
class state_in_row {
public:
  /// `number`: which of keyed_types_of.
  state_in_row(const operator_metadata& op, std::size_t number);

  /// Its bytes; none if the row has others only. Throws failure::restore_refused if it is
  /// no such row.
  std::optional<std::span<const std::byte>>
  find(std::span<const std::byte> row_value) const;

private:
  std::size_t states_;
  std::size_t number_;
  bool by_name_;
};

} // namespace weir
