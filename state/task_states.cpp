#include "state/task_states.hpp"

#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

/// Frozen: it is in checkpoints.
struct saved_task_state {
  std::string name;
  std::string kind;
  std::string type;
  std::string bytes;
};

using saved_task_states = std::vector<saved_task_state>;

} // namespace

void task_states::add(task_state_description description, sharing how,
                      std::unique_ptr<kept_for_task> container) {
  if (description.name.empty())
    throw error(failure::usage, "a state of a task has an empty name; it is found by its "
                                "name in checkpoints, so give it one");
  for (const state& each : states_)
    if (each.description.name == description.name)
      throw error(failure::usage,
                  fmt::format("state '{}' is bound twice; bind it once and use that "
                              "handle, or give the second one another name",
                              description.name));
  states_.push_back({std::move(description), how, std::move(container)});
}

std::vector<task_state_description> task_states::descriptions() const {
  std::vector<task_state_description> all;
  for (const state& each : states_)
    all.push_back(each.description);
  return all;
}

bool task_states::reads_all() const noexcept {
  return std::ranges::any_of(
      states_, [](const state& each) { return each.how == sharing::united; });
}

void task_states::forget_lists() {
  for (const state& each : states_)
    if (each.how != sharing::copied)
      each.container->clear();
}

std::vector<std::byte> task_states::save() const {
  saved_task_states saved;
  for (const state& each : states_) {
    const auto& [name, kind, type] = each.description;
    std::string bytes(each.container->encoded_size(), '\0');
    each.container->encode(std::as_writable_bytes(std::span(bytes)).data());
    saved.push_back({name, kind, type, std::move(bytes)});
  }
  std::vector<std::byte> out(record_codec<saved_task_states>::size(saved));
  record_codec<saved_task_states>::encode(saved, out.data());
  return out;
}

/// Adds what one task saved of the states that are `wanted`.
void task_states::take(const std::string& operator_name,
                       const std::vector<std::byte>& saved,
                       const std::function<bool(sharing)>& wanted) {
  saved_task_states found;
  byte_reader in(saved);
  record_codec<saved_task_states>::decode_into(found, in);
  const auto name_of = [](const state& each) -> const std::string& {
    return each.description.name;
  };
  for (const auto& [name, kind, type, bytes] : found) {
    const auto here = std::ranges::find(states_, name, name_of);
    if (here == states_.end())
      throw error(failure::restore_refused,
                  fmt::format("operator '{}' has no state '{}' in the job; restore it "
                              "with a job that declares it",
                              operator_name, name));
    const task_state_description& declared = here->description;
    if (declared.kind != kind || declared.type != type)
      throw error(failure::restore_refused,
                  fmt::format("state '{}' of operator '{}' was written as {} {}, the job "
                              "declares {} {}; change the types back",
                              name, operator_name, kind, type, declared.kind,
                              declared.type));
    if (wanted(here->how)) {
      byte_reader content(std::as_bytes(std::span(bytes)));
      here->container->take(content);
    }
  }
}

void task_states::restore(const std::string& operator_name, const task_share& from) {
  const auto take_of = [&](std::size_t subtask, auto wanted) {
    if (subtask < from.all.size() && from.all[subtask])
      take(operator_name, *from.all[subtask], wanted);
  };
  if (from.own)
    take(operator_name, *from.own,
         [&](sharing how) { return how != sharing::united || from.all.empty(); });
  for (std::size_t i = 0; i < from.all.size(); ++i)
    take_of(i, [&](sharing how) {
      return how == sharing::united || (how == sharing::divided && !from.own);
    });
  if (from.own || from.all.empty())
    return;
  for (const state& each : states_)
    if (each.how == sharing::divided)
      each.container->divide(from.subtask, from.parallelism);
  take_of(from.subtask % from.all.size(),
          [](sharing how) { return how == sharing::copied; });
}

} // namespace weir
