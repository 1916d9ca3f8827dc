#include "apps/weir/inspect/state_commands.hpp"

#include "apps/weir/inspect/entry_printer.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "apps/weir/number_text.hpp"
#include "apps/weir/printable.hpp"
#include "serialization/error.hpp"
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "state/inspect/compare_entries.hpp"
#include "state/inspect/key_hash.hpp"
#include "state/inspect/nearest_names.hpp"
#include "state/row_key.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::cli {

namespace {

std::vector<const operator_metadata*> operators_of(const located_checkpoint& checkpoint,
                                                   const std::string& only) {
  std::vector<const operator_metadata*> chosen;
  for (const operator_metadata& op : checkpoint.metadata.operators)
    if (only.empty() || op.name == only)
      chosen.push_back(&op);
  std::ranges::sort(chosen, {}, &operator_metadata::name);
  return chosen;
}

[[noreturn]] void refuse_operator(const located_checkpoint& checkpoint,
                                  const std::string& wanted) {
  std::vector<std::string> names;
  for (const operator_metadata& op : checkpoint.metadata.operators)
    names.push_back(op.name);
  throw error(failure::restore_refused,
              fmt::format("there is no operator '{}' in '{}'; {}", wanted,
                          checkpoint.directory.string(),
                          names.empty() ? "it has none with state"
                                        : "it has " + nearest_names(wanted, names)));
}

/// One of the name, or all.
std::vector<state_in_checkpoint> chosen_states(const located_checkpoint& checkpoint,
                                               const operator_metadata& op,
                                               const std::string& only) {
  std::vector<state_in_checkpoint> states = states_of(checkpoint, op);
  if (only.empty())
    return states;
  std::vector<std::string> names;
  for (const state_in_checkpoint& each : states)
    names.push_back(each.type.name);
  std::erase_if(states, [&](const auto& each) { return each.type.name != only; });
  if (states.empty())
    throw error(failure::restore_refused,
                fmt::format("operator '{}' has no state '{}' in '{}'; {}", op.name, only,
                            checkpoint.directory.string(),
                            names.empty() ? "it has none"
                                          : "it has " + nearest_names(only, names)));
  return states;
}

/// False once nobody reads any more.
bool dump(const state_in_checkpoint& state, output_mode mode, standard_output& out) {
  const entry_printer printer(state, mode);
  printer.append_header(out.text());
  std::uint64_t count = 0;
  for (const auto entries = open_entries(state); entries->valid(); entries->next()) {
    printer.append(out.text(), *entries);
    ++count;
    if (!out.line_ended())
      return false;
  }
  if (mode == output_mode::text)
    out.text() +=
        fmt::format("{} {}\n\n", grouped(count), count == 1 ? "entry" : "entries");
  return out.line_ended();
}

int dump(const state_command& command) {
  const auto checkpoint = locate_checkpoint(command.paths.front(), command.data_dir);
  const auto operators = operators_of(checkpoint, command.op);
  if (operators.empty() && !command.op.empty())
    refuse_operator(checkpoint, command.op);
  standard_output out;
  for (const operator_metadata* op : operators)
    for (const state_in_checkpoint& state : chosen_states(checkpoint, *op, command.state))
      if (!dump(state, command.mode, out))
        return 0;
  out.flush();
  return 0;
}

row parsed_key(const state_in_checkpoint& state, const std::string& written) {
  std::string problem;
  if (auto key = try_parse_row(state.type.key, written, problem))
    return *std::move(key);
  throw error(failure::usage,
              fmt::format("'{}' {}; the keys of operator '{}' are of type {}", written,
                          problem, state.op->name, schema_text(state.type.key)));
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Prints the entry of the key in a state of keys, if there is one.
bool get_by_key(const state_in_checkpoint& state, const std::string& written,
                output_mode mode, standard_output& out) {
  if (!can_be_key(state.type.key))
    throw error(failure::restore_refused,
                fmt::format("the keys of operator '{}' are of type {}, which is no type "
                            "of keys; the checkpoint is damaged",
                            state.op->name, schema_text(state.type.key)));
  const row key = parsed_key(state, written);
  std::string place;
  ordered_bytes<key_group>::encode(
      key_group_of(hash_of(state.type.key, key), state.op->max_parallelism), place);
  encode_ordered(state.type.key, key, place);
  const auto wanted = bytes_of(place);
  const auto entries = open_entries_from(state, wanted);
  if (!entries->valid() || !std::ranges::equal(entries->place(), wanted))
    return false;
  const entry_printer printer(state, mode);
  printer.append_header(out.text());
  printer.append(out.text(), *entries);
  return true;
}

/// The same in the copies that tasks have of a map.
bool get_by_entry(const state_in_checkpoint& state, const std::string& written,
                  output_mode mode, standard_output& out) {
  if (state.type.of != state_type::shape::entries)
    throw error(failure::usage,
                fmt::format("state '{}' of operator '{}' has no keys, it is a {}; use "
                            "'weir state dump'",
                            state.type.name, state.op->name, state.type.kind));
  std::vector<std::byte> wanted;
  encode_row(state.type.key, parsed_key(state, written), wanted);
  const entry_printer printer(state, mode);
  bool found = false;
  for (const auto entries = open_entries(state); entries->valid(); entries->next()) {
    if (!std::ranges::equal(entries->key(), wanted))
      continue;
    if (!std::exchange(found, true))
      printer.append_header(out.text());
    printer.append(out.text(), *entries);
  }
  return found;
}

int get(const state_command& command) {
  const auto checkpoint = locate_checkpoint(command.paths.front(), command.data_dir);
  const auto operators = operators_of(checkpoint, command.op);
  if (operators.empty())
    refuse_operator(checkpoint, command.op);
  const operator_metadata& op = *operators.front();
  standard_output out;
  bool found = false;
  bool any = false;
  for (const state_in_checkpoint& state : chosen_states(checkpoint, op, command.state)) {
    const bool keyed = state.type.of == state_type::shape::keyed;
    if (!keyed && command.state.empty())
      continue; // of all tasks: only if it is asked for
    any = true;
    found |= keyed ? get_by_key(state, command.key, command.mode, out)
                   : get_by_entry(state, command.key, command.mode, out);
  }
  if (!any)
    throw error(failure::restore_refused,
                fmt::format("operator '{}' has no state by key in '{}'", op.name,
                            checkpoint.directory.string()));
  if (!found)
    throw error(
        failure::not_found,
        fmt::format("operator '{}' has nothing for key '{}'{} in '{}'", op.name,
                    command.key,
                    command.state.empty() ? "" : " in state '" + command.state + "'",
                    checkpoint.directory.string()));
  out.flush();
  return 0;
}

/// A state that at least one of two checkpoints has.
struct compared_state {
  const state_in_checkpoint* before = nullptr;
  const state_in_checkpoint* after = nullptr;

  const state_in_checkpoint& named() const {
    return before != nullptr ? *before : *after;
  }
};

auto rank_of(const state_in_checkpoint& state) {
  return std::tuple(state.op->name, state.type.of != state_type::shape::keyed,
                    state.type.name, state.type.kind);
}

/// Both ascend by rank.
std::vector<compared_state> pair_up(const std::vector<state_in_checkpoint>& before,
                                    const std::vector<state_in_checkpoint>& after) {
  std::vector<compared_state> pairs;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const bool take_a =
        a != before.end() && (b == after.end() || rank_of(*a) <= rank_of(*b));
    const bool take_b =
        b != after.end() && (a == before.end() || rank_of(*b) <= rank_of(*a));
    pairs.push_back({take_a ? &*a : nullptr, take_b ? &*b : nullptr});
    a += take_a;
    b += take_b;
  }
  return pairs;
}

/// Rows in another order cannot be merged.
void check_comparable(const compared_state& pair) {
  if (pair.before == nullptr || pair.after == nullptr ||
      pair.before->type.of != state_type::shape::keyed)
    return;
  const auto differ = [&](const auto& a, const auto& b, const char* what) {
    if (a == b)
      return;
    throw error(failure::restore_refused,
                fmt::format("cannot compare state '{}' of operator '{}': {} is {} in one "
                            "checkpoint and {} in the other",
                            pair.before->type.name, pair.before->op->name, what, a, b));
  };
  differ(pair.before->op->max_parallelism, pair.after->op->max_parallelism,
         "max parallelism");
  differ(schema_text(pair.before->type.key, false),
         schema_text(pair.after->type.key, false), "the type of its keys");
}

std::vector<state_in_checkpoint> all_states(const located_checkpoint& checkpoint,
                                            const std::string& only) {
  std::vector<state_in_checkpoint> all;
  for (const operator_metadata* op : operators_of(checkpoint, only))
    std::ranges::move(states_of(checkpoint, *op), std::back_inserter(all));
  std::ranges::sort(all, {}, rank_of);
  return all;
}

struct change_counts {
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;

  void add(bool before, bool after) { ++(!before ? added : !after ? removed : changed); }
  bool none() const { return added + removed + changed == 0; }
};

/// False once nobody reads any more.
bool diff(const compared_state& pair, output_mode mode, standard_output& out,
          change_counts& counts) {
  const entry_printer of_before(pair.before != nullptr ? *pair.before : *pair.after,
                                mode);
  const entry_printer of_after(pair.after != nullptr ? *pair.after : *pair.before, mode);
  const auto opened = [](const state_in_checkpoint* state) {
    return state != nullptr ? open_entries(*state) : nullptr;
  };
  const auto before = opened(pair.before);
  const auto after = opened(pair.after);
  bool first = true;
  bool reads = true;
  compare_entries(
      before.get(), after.get(),
      [&](const state_entries& a, const state_entries& b) {
        return of_before.same(a, of_after, b);
      },
      [&](const state_entries* a, const state_entries* b) {
        if (std::exchange(first, false) && mode == output_mode::text)
          out.text() +=
              fmt::format("operator '{}', state '{}'\n", printable(pair.named().op->name),
                          printable(pair.named().type.name));
        of_before.append_change(out.text(), a, of_after, b);
        counts.add(a != nullptr, b != nullptr);
        reads = out.line_ended();
        return reads;
      });
  return reads;
}

int diff(const state_command& command) {
  const auto a = locate_checkpoint(command.paths[0], command.data_dir);
  const auto b = locate_checkpoint(command.paths[1], command.data_dir);
  const auto before = all_states(a, command.op);
  const auto after = all_states(b, command.op);
  if (!command.op.empty() && operators_of(a, command.op).empty() &&
      operators_of(b, command.op).empty())
    refuse_operator(b, command.op);
  const auto pairs = pair_up(before, after);
  std::ranges::for_each(pairs, check_comparable);
  standard_output out;
  change_counts counts;
  for (const compared_state& pair : pairs)
    if (!diff(pair, command.mode, out, counts))
      break;
  const int code = command.tells_differences && !counts.none() ? they_differ : 0;
  if (command.mode == output_mode::text)
    out.text() +=
        counts.none()
            ? std::string("no difference\n")
            : fmt::format("{} added, {} removed, {} changed\n", grouped(counts.added),
                          grouped(counts.removed), grouped(counts.changed));
  out.flush();
  return code;
}

} // namespace

int carry_out(const state_command& command) {
  switch (command.verb) {
  case state_verb::get:
    return get(command);
  case state_verb::dump:
    return dump(command);
  case state_verb::diff:
    return diff(command);
  }
  return 0;
}

} // namespace weir::cli
