// The rows of an operator as a checkpoint has them, turned into rows of its states as the
// job declares them now, whose types may have changed (type_conversion.hpp). A row is the
// bytes of one value, or of states that are bound by name (state_layout.hpp): those are
// found by their names, may be declared in another order, and those that are new are
// absent.
//
// For a restore: 1. planned, on the thread that plans it  2. immutable, so any number of
// threads convert rows.
#pragma once

#include "serialization/type_conversion.hpp"
#include "state/declared_state.hpp"

#include <optional>

namespace weir {

class row_migration {
public:
  /// From the states of `written` to those that the job declares for that operator;
  /// `by_name` says whether those are bound by name.
  row_migration(const operator_metadata& written,
                std::span<const declared_state> declared, bool by_name);

  bool possible() const noexcept { return mismatches_.empty(); }
  /// One clause for each: what does not fit and what to do.
  const std::vector<std::string>& mismatches() const noexcept { return mismatches_; }
  /// Whether all rows are the same bytes.
  bool identity() const noexcept { return possible() && identity_; }

  /// Appends what a row's value `from` becomes. Throws failure::restore_refused if it is
  /// none of those states; then part of it is there. Requires: possible().
  void append(std::span<const std::byte> from, std::vector<std::byte>& out) const;
  std::vector<std::byte> convert(std::span<const std::byte> from) const;

private:
  struct kept_state {
    std::size_t written;  // which of those
    std::size_t declared; // likewise
    type_conversion conversion;
  };

  void match(const operator_metadata& written, std::span<const declared_state> declared);
  void match_state(const operator_metadata& written, std::size_t number,
                   std::span<const declared_state> declared);
  void append_states(byte_reader& in, std::vector<std::byte>& out) const;

  std::vector<std::string> mismatches_;
  std::vector<kept_state> kept_; // in the order of those that are declared
  bool by_name_ = false;
  bool identity_ = false;
};

} // namespace weir
