// Entries of a state as lines, for people or for programs (docs/schemas). What all lines
// of a state have in common is made once; a line costs no allocation.
#pragma once

#include "apps/weir/output_mode.hpp"
#include "state/inspect/state_entries.hpp"

#include <string>

namespace weir::cli {

class entry_printer {
public:
  entry_printer(const state_in_checkpoint& state, output_mode mode);

  /// "operator 'counts', state 'value': value of u64, key u64" and the names of the
  /// columns; nothing in JSON.
  void append_header(std::string& out) const;
  void append(std::string& out, const state_entries& entry) const;

  /// Of a comparison; null: it is not there. Of the types before and after these are
  /// those before.
  void append_change(std::string& out, const state_entries* before,
                     const entry_printer& of_after, const state_entries* after) const;
  /// Whether two entries of one place say the same.
  bool same(const state_entries& before, const entry_printer& of_after,
            const state_entries& after) const;

private:
  bool json() const { return mode_ == output_mode::json; }
  void append_place(std::string& out, const state_entries& entry) const;
  void append_key(std::string& out, const state_entries& entry) const;
  void append_value(std::string& out, const state_entries& entry) const;
  void append_value_fields(std::string& out, const state_entries& entry,
                           const char* prefix) const;
  std::int64_t expiry_of(const state_entries& entry) const;

  state_type type_;
  std::string operator_name_;
  std::string key_text_; // the type
  output_mode mode_;
  std::string common_; // of all lines in JSON
};

} // namespace weir::cli
