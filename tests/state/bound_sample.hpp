// A function with states of every kind, what they hold in plain words, and its table.
#pragma once

#include "state/bound_states.hpp"

#include <map>
#include <optional>
#include <set>

namespace weir::test {

constexpr std::uint32_t bound_groups = 128;

/// What the states of a key hold, in plain words.
struct model {
  std::optional<std::uint64_t> value;
  std::optional<std::string> name;
  std::vector<std::string> list;
  std::map<std::uint64_t, std::string> map;
  std::optional<std::uint64_t> most;
  std::uint64_t sum = 0;
  std::optional<event_time> deadline;
  std::set<event_time> deadlines;

  bool empty() const { return *this == model{}; }
  friend bool operator==(const model&, const model&) = default;
};

struct largest {
  std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const {
    return std::max(a, b);
  }
};

struct total {
  struct accumulator {
    std::uint64_t sum;
  };
  void add(accumulator& so_far, std::uint64_t more) const { so_far.sum += more; }
  std::uint64_t result(const accumulator& so_far) const { return so_far.sum; }
};

struct states {
  explicit states(state_binder& bind)
      : value(bind.value<std::uint64_t>("value")), name(bind.value<std::string>("name")),
        list(bind.list<std::string>("list")),
        map(bind.map<std::uint64_t, std::string>("map")),
        most(bind.reducing<std::uint64_t>("most", largest{})),
        sum(bind.aggregating<total>("sum")), one(bind.timer("one")),
        many(bind.timers("many")) {}

  value_state<std::uint64_t> value;
  value_state<std::string> name;
  list_state<std::string> list;
  map_state<std::uint64_t, std::string> map;
  reducing_state<std::uint64_t, largest> most;
  aggregating_state<total> sum;
  timer one;
  timers many;

  model read() const {
    model found;
    if (value)
      found.value = *value;
    if (const std::string* const held = name.find())
      found.name = *held;
    found.list.assign(list.begin(), list.end());
    found.map.insert(map.begin(), map.end());
    if (const std::uint64_t* const held = most.find())
      found.most = *held;
    found.sum = sum.result();
    found.deadline = one.deadline();
    found.deadlines.insert(many.begin(), many.end());
    return found;
  }
};

/// A table with states, as a task has it.
template <class Key>
struct bound_table {
  explicit bound_table(std::uint32_t max_parallelism = bound_groups)
      : bound(max_parallelism, nullptr, of_task,
              [this](state_binder& bind) { function.emplace(bind); }) {}

  std::optional<states> function;
  task_states of_task;
  bound_states<Key> bound;
};

} // namespace weir::test
