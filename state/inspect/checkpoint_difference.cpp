#include "state/inspect/checkpoint_difference.hpp"

#include "state/checkpoint_names.hpp"
#include "state/inspect/saved_position.hpp"
#include "state/inspect/task_entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace weir {

namespace {

using named_operators = std::map<std::string, const operator_metadata*>;

named_operators by_name(const checkpoint_metadata& metadata) {
  named_operators all;
  for (const operator_metadata& op : metadata.operators)
    all.emplace(op.name, &op);
  return all;
}

std::string type_text(const state_description& state) {
  const auto& key = state.key_schema.empty() ? state.key_type : state.key_schema;
  const auto& value = state.schema.empty() ? state.value_type : state.schema;
  return fmt::format("{} of {}, key {}", state.kind, value, key);
}

std::vector<std::string> state_differences(const operator_metadata& before,
                                           const operator_metadata& after) {
  std::vector<std::string> all;
  const auto in = [](const operator_metadata& op, const std::string& name) {
    return std::ranges::find(op.states, name, &state_description::name);
  };
  for (const state_description& state : before.states) {
    const auto found = in(after, state.name);
    if (found == after.states.end())
      all.push_back(fmt::format("removed '{}': {}", state.name, type_text(state)));
    else if (type_text(*found) != type_text(state))
      all.push_back(fmt::format("changed '{}': {} -> {}", state.name, type_text(state),
                                type_text(*found)));
  }
  for (const state_description& state : after.states)
    if (in(before, state.name) == before.states.end())
      all.push_back(fmt::format("added '{}': {}", state.name, type_text(state)));
  return all;
}

/// Calls `visit(name, a, b)` for each name of either, ascending; null where it is not.
template <class Map, class Visit>
void visit_both(const Map& a, const Map& b, Visit visit) {
  auto at_a = a.begin();
  auto at_b = b.begin();
  while (at_a != a.end() || at_b != b.end()) {
    const bool take_a =
        at_a != a.end() && (at_b == b.end() || at_a->first <= at_b->first);
    const bool take_b =
        at_b != b.end() && (at_a == a.end() || at_b->first <= at_a->first);
    const auto& name = take_a ? at_a->first : at_b->first;
    visit(name, take_a ? &at_a->second : nullptr, take_b ? &at_b->second : nullptr);
    at_a = take_a ? std::next(at_a) : at_a;
    at_b = take_b ? std::next(at_b) : at_b;
  }
}

std::vector<operator_difference> operator_differences(const checkpoint_metadata& before,
                                                      const checkpoint_metadata& after) {
  std::vector<operator_difference> all;
  visit_both(by_name(before), by_name(after), [&](const auto&, auto a, auto b) {
    operator_difference each{
        a != nullptr ? *a : nullptr, b != nullptr ? *b : nullptr, {}};
    if (each.before != nullptr && each.after != nullptr) {
      each.states = state_differences(*each.before, *each.after);
      if (each.states.empty() && each.before->parallelism == each.after->parallelism &&
          each.before->max_parallelism == each.after->max_parallelism)
        return;
    }
    all.push_back(std::move(each));
  });
  return all;
}

struct known_file {
  std::uint64_t bytes;
  bool shared;
};

/// By where it is and what is in it: own files of two checkpoints are never the same.
std::map<std::string, known_file> files_of(const located_checkpoint& checkpoint) {
  std::map<std::string, known_file> files;
  for_each_file(checkpoint.metadata, [&](bool shared, const file_handle& file) {
    const std::string place =
        shared ? "shared" : checkpoint.directory.filename().string();
    files.emplace(place + "/" + file.name, known_file{file.size, shared});
  });
  return files;
}

file_differences differences_of_files(const located_checkpoint& before,
                                      const located_checkpoint& after) {
  file_differences all;
  const bool same_place = before.data == after.data;
  visit_both(files_of(before), files_of(after),
             [&](const std::string& name, const known_file* a, const known_file* b) {
               if (a != nullptr && b != nullptr && (a->shared || same_place)) {
                 ++all.kept;
                 all.kept_bytes += b->bytes;
                 return;
               }
               if (a != nullptr) {
                 all.gone.push_back({name, a->bytes});
                 all.gone_bytes += a->bytes;
               }
               if (b != nullptr) {
                 all.fresh.push_back({name, b->bytes});
                 all.fresh_bytes += b->bytes;
               }
             });
  return all;
}

using place = std::pair<std::string, std::uint32_t>;

/// Of what is neither a position nor the state of a task nothing is said.
std::map<place, std::string> positions_of(const located_checkpoint& checkpoint) {
  std::map<place, std::string> all;
  for (const operator_metadata& op : checkpoint.metadata.operators) {
    if (!task_values_of(checkpoint, op).empty())
      continue;
    for (const subtask_metadata& subtask : op.subtasks)
      if (subtask.operator_state)
        if (auto json = position_json(
                read_checkpoint_file(checkpoint.data, *subtask.operator_state)))
          all.emplace(place(op.name, subtask.index), *std::move(json));
  }
  return all;
}

} // namespace

checkpoint_difference difference_of(const located_checkpoint& before,
                                    const located_checkpoint& after) {
  checkpoint_difference all;
  all.operators = operator_differences(before.metadata, after.metadata);
  all.files = differences_of_files(before, after);
  visit_both(positions_of(before), positions_of(after),
             [&](const place& where, const std::string* a, const std::string* b) {
               if (a != nullptr && b != nullptr && *a == *b)
                 return;
               all.positions.push_back({where.first, where.second,
                                        a != nullptr ? std::optional(*a) : std::nullopt,
                                        b != nullptr ? std::optional(*b) : std::nullopt});
             });
  return all;
}

} // namespace weir
