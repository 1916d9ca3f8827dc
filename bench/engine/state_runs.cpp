#include "bench/engine/state_runs.hpp"

#include "bench/kernels/stream.hpp"
#include "state/bound_states.hpp"
#include "state/page_supplier.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::bench {

namespace {

constexpr std::size_t batch_size = 1024;
constexpr std::uint32_t groups = 128;

/// `Function` binds its states and is called with each record.
template <class Function>
run_figures change_each(const state_params& params) {
  page_supplier pages;
  std::optional<Function> function;
  task_states of_task;
  bound_states<std::uint64_t> states(groups, &pages, of_task,
                                     [&](state_binder& bind) { function.emplace(bind); });
  auto& row = states.row();
  std::vector<record> batch(batch_size);
  std::uint64_t sum = 0;
  const auto key_at = [&](std::size_t i) { return batch[i].key; };
  const auto hash_at = [&](std::size_t i) { return weir::hash_of(batch[i].key); };
  const run_clock clock;
  for (std::uint64_t from = 0; from < params.records; from += batch_size) {
    const std::size_t size = std::min<std::uint64_t>(batch_size, params.records - from);
    for (std::size_t i = 0; i < size; ++i)
      batch[i] = draw(params.seed, from + i, params.keys);
    states.rows().find_each(
        0, size, size, key_at, hash_at,
        [&](std::size_t i, const std::uint64_t& key, std::uint64_t hash, auto at) {
          row.enter(key, hash, at);
          sum += (*function)(batch[i]);
          row.leave();
          return true;
        });
    while (states.settle_some()) { // as a task does between two slices
    }
  }
  run_figures figures = clock.stop(params.records);
  figures.checksum = sum;
  return figures;
}

struct number_function {
  explicit number_function(state_binder& bind)
      : count(bind.value<std::uint64_t>("count")) {}
  std::uint64_t operator()(const record&) { return ++count.edit(); }

  value_state<std::uint64_t> count;
};

struct text_function {
  explicit text_function(state_binder& bind) : text(bind.value<std::string>("text")) {}
  std::uint64_t operator()(const record& r) {
    const text_of_20 fresh(static_cast<std::uint64_t>(r.value));
    std::string& held = text.edit();
    held.assign(fresh.characters, sizeof fresh.characters);
    return std::uint64_t(held.back());
  }

  value_state<std::string> text;
};

struct sums_of_both {
  struct accumulator {
    std::uint64_t sum = 0;
    std::uint64_t count = 0;
  };
  void add(accumulator& so_far, std::int64_t value) const {
    so_far.sum += static_cast<std::uint64_t>(value);
    ++so_far.count;
  }
  std::uint64_t result(const accumulator& so_far) const {
    return so_far.sum + so_far.count;
  }
};

struct accumulator_function {
  explicit accumulator_function(state_binder& bind)
      : sums(bind.aggregating<sums_of_both>("sums")) {}
  std::uint64_t operator()(const record& r) {
    sums.add(r.value);
    return sums.result();
  }

  aggregating_state<sums_of_both> sums;
};

struct list_function {
  explicit list_function(state_binder& bind) : list(bind.list<std::int64_t>("list")) {}
  std::uint64_t operator()(const record& r) {
    list.add(r.value);
    const std::size_t size = list.size();
    if (size == list_full)
      list.clear();
    return size;
  }

  list_state<std::int64_t> list;
};

struct map_function {
  explicit map_function(state_binder& bind)
      : inner(bind.map<std::uint64_t, std::uint64_t>("map")) {}
  std::uint64_t operator()(const record& r) {
    return ++inner.edit(static_cast<std::uint64_t>(r.value) % inner_keys);
  }

  map_state<std::uint64_t, std::uint64_t> inner;
};

} // namespace

run_figures run_states(const state_params& params) {
  switch (params.what) {
  case kept::number:
    return change_each<number_function>(params);
  case kept::text:
    return change_each<text_function>(params);
  case kept::accumulator:
    return change_each<accumulator_function>(params);
  case kept::list:
    return change_each<list_function>(params);
  case kept::map:
    break;
  }
  return change_each<map_function>(params);
}

} // namespace weir::bench
