// What an operator saved for a task: its states are restored and saved as the same, or
// refused; and whoever inspects a checkpoint prints them, or the position of a source, as
// JSON, whatever the bytes are.
#include "operators/io/input_splits.hpp"
#include "operators/io/record_source.hpp"
#include "serialization/value_json.hpp"
#include "state/full/row_file.hpp"
#include "state/inspect/saved_position.hpp"
#include "state/inspect/state_entries.hpp"
#include "state/task_handles.hpp"
#include "tests/fuzz/fuzz_json.hpp"

namespace weir::fuzz {

namespace {

using bytes = std::vector<std::byte>;

task_states declared_states() {
  task_states states;
  const auto add = [&]<class Container>(const char* name, const char* kind, sharing how,
                                        Container) {
    states.add({name, kind, type_description<Container>()}, how,
               std::make_unique<detail::kept_container<Container>>());
  };
  add("buffer", "list", sharing::divided, std::vector<std::string>());
  add("seen", "union_list", sharing::united, std::vector<std::uint64_t>());
  add("rules", "broadcast", sharing::copied, std::map<std::string, std::uint32_t>());
  return states;
}

void check_restore(const bytes& saved) {
  task_states states = declared_states();
  const auto refused = refusal_of([&] { states.restore("op", {.own = &saved}); });
  if (refused) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  const bytes written = states.save();
  task_states again = declared_states();
  again.restore("op", {.own = &written});
  FUZZ_REQUIRE(again.save() == written, "what was restored is saved as something else");
}

/// All of it goes to some task.
void check_shares(const bytes& saved) {
  const std::vector<std::optional<bytes>> all{saved, std::nullopt, saved};
  for (std::uint32_t subtask = 0; subtask < 2; ++subtask) {
    task_states states = declared_states();
    const task_share share{.all = all, .subtask = subtask, .parallelism = 2};
    refusal_of([&] { states.restore("op", share); });
  }
}

void check_position(const bytes& saved) {
  if (const auto json = position_json(saved))
    require_json(*json);
  refusal_of([&] { detail::load_splits(saved); });
  refusal_of([&] { detail::load_progress({.saved = &saved}); });
}

void print(const state_entries& entry, const state_type& type) {
  for (const auto style : {value_style::plain, value_style::readable}) {
    std::string json;
    byte_reader in(entry.value());
    if (!refusal_of(
            [&] { append_value_json(json, type.value, in, type.key_encoding(), style); }))
      require_json(json);
  }
}

void walk(const state_in_checkpoint& state) {
  const auto entries = open_entries(state);
  for (bytes before; entries->valid(); entries->next()) {
    const byte_span place = entries->place();
    FUZZ_REQUIRE(compare_keys(before, place) <= 0, state.type.name);
    before.assign(place.begin(), place.end());
    print(*entries, state.type);
  }
}

void check_entries(const bytes& saved) {
  operator_metadata op{"op", 1, 128, {}, {}};
  op.subtasks.emplace_back().operator_state =
      file_handle{"op-0.operator", saved.size(), checksum_of(saved), saved};
  const located_checkpoint checkpoint{"/chk-1", "/chk-1", "/shared", {}};
  for (const state_in_checkpoint& state : states_of(checkpoint, op))
    refusal_of([&] { walk(state); });
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const byte_span given = bytes_of(data, size);
  const std::vector<std::byte> saved(given.begin(), given.end());
  check_restore(saved);
  check_shares(saved);
  check_position(saved);
  check_entries(saved);
  return 0;
}
