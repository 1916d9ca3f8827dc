#include "state/row_migration.hpp"

#include "serialization/check.hpp"
#include "serialization/varint.hpp"
#include "state/state_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace weir {

namespace {

constexpr std::size_t expiry_bytes = sizeof(std::int64_t);

/// What an old checkpoint says of a state; those know no schemas.
std::string written_schema(const state_description& state) {
  if (!state.schema.empty())
    return state.schema;
  const bool is_list = state.kind == "list" || state.kind == "timers";
  return is_list ? fmt::format("list<{}>", state.value_type) : state.value_type;
}

std::string shown(const state_description& state) {
  const std::string type = state.schema.empty() ? state.value_type : state.schema;
  return fmt::format("{} {} -> {}", state.kind, state.key_type, type);
}

/// What an old checkpoint does not say either.
bool says_how_rows_are_written(const operator_metadata& op) {
  return std::ranges::any_of(
      op.states, [](const state_description& state) { return !state.schema.empty(); });
}

/// The values of one row, by the number of their state.
using written_values =
    std::array<std::optional<std::span<const std::byte>>, state_layout::states_max>;

written_values take_values(byte_reader& in, std::size_t states) {
  const std::uint64_t live = take_varint(in);
  if ((live >> states) != 0)
    byte_reader::malformed("a row has more states than its operator");
  written_values values;
  for (std::size_t i = 0; i < states; ++i)
    if ((live >> i & 1) != 0) {
      const auto bytes = static_cast<std::size_t>(take_varint(in));
      values[i].emplace(in.take(bytes), bytes);
    }
  if (!in.at_end())
    byte_reader::malformed("a row has more values than states");
  return values;
}

void append_varint(std::uint64_t value, std::vector<std::byte>& out) {
  std::array<std::byte, varint_bytes_max> bytes;
  out.insert(out.end(), bytes.data(), put_varint(value, bytes.data()));
}

/// Behind its length, which is known afterwards.
void append_converted(const type_conversion& conversion, std::span<const std::byte> value,
                      std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  conversion.append(value, out);
  std::array<std::byte, varint_bytes_max> length;
  std::byte* const end = put_varint(out.size() - begin, length.data());
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(begin), length.data(), end);
}

} // namespace

row_migration::row_migration(const operator_metadata& written,
                             std::span<const declared_state> declared, bool by_name)
    : by_name_(by_name) {
  WEIR_CHECK(declared.size() <= (by_name ? state_layout::states_max : 1));
  match(written, declared);
  if (written.states.empty() && !declared.empty())
    mismatches_.push_back(fmt::format(
        "operator '{}' had no keyed state when the checkpoint was taken", written.name));
  if (says_how_rows_are_written(written) && written.states_by_name != by_name)
    mismatches_.push_back(fmt::format(
        "operator '{}' was written with {} and the job declares {}; change it back",
        written.name, written.states_by_name ? "states by name" : "one struct as state",
        by_name ? "states by name" : "one struct as state"));
  std::ranges::sort(kept_, {}, &kept_state::declared);
  identity_ = std::ranges::all_of(kept_, [](const kept_state& state) {
    return state.written == state.declared && state.conversion.identity();
  });
}

void row_migration::match(const operator_metadata& written,
                          std::span<const declared_state> declared) {
  for (std::size_t i = 0; i < written.states.size(); ++i) {
    const auto first = std::ranges::find(written.states, written.states[i].name,
                                         &state_description::name);
    if (first != written.states.begin() + static_cast<std::ptrdiff_t>(i))
      mismatches_.push_back(fmt::format("operator '{}' lists state '{}' twice",
                                        written.name, written.states[i].name));
    else
      match_state(written, i, declared);
  }
}

void row_migration::match_state(const operator_metadata& written, std::size_t number,
                                std::span<const declared_state> declared) {
  const state_description& state = written.states[number];
  const auto found = std::ranges::find_if(declared, [&](const declared_state& candidate) {
    return candidate.description.name == state.name;
  });
  if (found == declared.end()) {
    mismatches_.push_back(
        fmt::format("operator '{}' has no state '{}' in the job ({}); restore it with a "
                    "job that declares it",
                    written.name, state.name, shown(state)));
    return;
  }
  const auto differ = [&](std::string_view why, std::string_view what_to_do) {
    mismatches_.push_back(fmt::format(
        "state '{}' of operator '{}' was written as {}, the job declares {}{}; {}",
        state.name, written.name, shown(state), shown(found->description), why,
        what_to_do));
  };
  if (state.kind != found->description.kind ||
      state.key_type != found->description.key_type)
    return differ("", "change the types back");
  std::string refusal;
  const auto schema = try_parse_schema(written_schema(state), refusal);
  if (!schema)
    return differ(fmt::format(" ({})", refusal),
                  "the checkpoint is damaged or of a newer version");
  type_conversion conversion(*schema, found->schema);
  if (!conversion.possible())
    return differ(fmt::format(" ({})", conversion.obstacle()),
                  "change that back; fields may be added behind all others and removed, "
                  "and integers widened");
  kept_.push_back({number, static_cast<std::size_t>(found - declared.begin()),
                   std::move(conversion)});
}

void row_migration::append(std::span<const std::byte> from,
                           std::vector<std::byte>& out) const {
  WEIR_CHECK(possible());
  if (identity_) {
    out.insert(out.end(), from.begin(), from.end());
  } else if (!by_name_) {
    kept_.front().conversion.append(from, out);
  } else {
    byte_reader in(from);
    append_states(in, out);
  }
}

void row_migration::append_states(byte_reader& in, std::vector<std::byte>& out) const {
  const std::byte* const header = in.take(2);
  if (header[0] != row_layout_number ||
      (header[1] != row_lasts && header[1] != row_expires))
    byte_reader::malformed("a row of states was written in another way");
  if (header[1] == row_expires)
    in.take(expiry_bytes);
  out.insert(out.end(), header, in.rest().data());

  const written_values values = take_values(in, kept_.size());
  std::uint64_t live = 0;
  for (const kept_state& state : kept_)
    if (values[state.written])
      live |= std::uint64_t{1} << state.declared;
  append_varint(live, out);
  for (const kept_state& state : kept_)
    if (values[state.written])
      append_converted(state.conversion, *values[state.written], out);
}

std::vector<std::byte> row_migration::convert(std::span<const std::byte> from) const {
  std::vector<std::byte> out;
  append(from, out);
  return out;
}

} // namespace weir
