#include "state/inspect/state_type.hpp"

#include "serialization/error.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/varint.hpp"
#include "state/row_expiry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

constexpr std::string_view expiring_prefix = "expiring ";

bool ends_in_list(const std::string& kind) {
  return kind.ends_with("list") || kind.ends_with("timers");
}

record_schema read_type(const std::string& text, const std::string& of_what) {
  std::string refusal;
  auto type = try_parse_schema(text, refusal);
  if (!type)
    throw error(failure::restore_refused,
                fmt::format("cannot read the type of {}: {}; the checkpoint is damaged "
                            "or of a newer version of weir",
                            of_what, refusal));
  return *std::move(type);
}

/// {until:time<i64,us>,value:T}
record_schema stamped_schema(record_schema value) {
  const record_schema micros{.kind = schema_kind::signed_number, .bytes = 8};
  return {.kind = schema_kind::structure,
          .names = {"until", "value"},
          .children = {{.kind = schema_kind::time, .unit = "us", .children = {micros}},
                       std::move(value)}};
}

/// What old writers do not say: from the type of the value alone.
record_schema derived_schema(const state_description& state, const std::string& what) {
  record_schema type = read_type(state.value_type, what);
  const bool expiring = state.kind.starts_with(expiring_prefix);
  if (ends_in_list(state.kind))
    return {.kind = schema_kind::list,
            .children = {expiring ? stamped_schema(std::move(type)) : std::move(type)}};
  if (!expiring)
    return type;
  if (type.kind != schema_kind::map)
    return stamped_schema(std::move(type));
  type.children.at(1) = stamped_schema(std::move(type.children.at(1)));
  return type;
}

bool expires_as_a_whole(const state_description& state) {
  return state.kind.starts_with(expiring_prefix) && !state.kind.ends_with(" list") &&
         !state.kind.ends_with(" map");
}

/// Old writers do not say that either: those had one state of these names in such tables.
bool written_by_name(const operator_metadata& op) {
  const bool says = std::ranges::any_of(
      op.states, [](const state_description& state) { return !state.schema.empty(); });
  if (says || op.states_by_name)
    return op.states_by_name;
  return op.states.size() != 1 || op.states.front().kind != "value" ||
         (op.states.front().name != "value" && op.states.front().name != "state");
}

state_type type_of(const operator_metadata& op, const state_description& state) {
  const std::string what =
      fmt::format("state '{}' of operator '{}'", state.name, op.name);
  state_type type{.name = state.name, .kind = state.kind};
  type.key = read_type(state.key_schema.empty() ? state.key_type : state.key_schema,
                       "the keys of " + what);
  type.value =
      state.schema.empty() ? derived_schema(state, what) : read_type(state.schema, what);
  if (expires_as_a_whole(state)) {
    if (type.value.kind != schema_kind::structure || type.value.children.size() != 2)
      throw error(failure::restore_refused,
                  fmt::format("cannot read the type of {}: it expires and does not say "
                              "when; the checkpoint is damaged",
                              what));
    type.stamped = true;
    record_schema inner = std::move(type.value.children[1]);
    type.value = std::move(inner);
  }
  type.value_text = schema_text(type.value);
  return type;
}

} // namespace

std::vector<state_type> keyed_types_of(const operator_metadata& op) {
  std::vector<state_type> types;
  for (const state_description& state : op.states)
    types.push_back(type_of(op, state));
  return types;
}

state_in_row::state_in_row(const operator_metadata& op, std::size_t number)
    : states_(op.states.size()), number_(number), by_name_(written_by_name(op)) {}

std::optional<std::span<const std::byte>>
state_in_row::find(std::span<const std::byte> row_value) const {
  if (!by_name_)
    return row_value;
  byte_reader in(row_value);
  const std::byte* const header = in.take(2);
  if (header[0] != row_layout_number ||
      (header[1] != row_lasts && header[1] != row_expires))
    byte_reader::malformed("a row of states was written in another way");
  if (header[1] == row_expires)
    in.take(sizeof(std::int64_t));
  const std::uint64_t live = take_varint(in);
  if (states_ < 64 && (live >> states_) != 0)
    byte_reader::malformed("a row has more states than its operator");
  if ((live >> number_ & 1) == 0)
    return std::nullopt;
  for (std::size_t i = 0;; ++i) {
    if ((live >> i & 1) == 0)
      continue;
    const auto bytes = static_cast<std::size_t>(take_varint(in));
    const std::byte* const value = in.take(bytes);
    if (i == number_)
      return std::span(value, bytes);
  }
}

} // namespace weir
