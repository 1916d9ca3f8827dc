// What a function of the user's binds its states with, in its constructor:
//
//   explicit sessions(weir::state_binder& state)
//       : clicks_(state.value<std::uint64_t>("clicks")),
//       pages_(state.list<page>("pages")) {}
//
// Each key has states of its own; a handle reads and writes those of the key whose record
// is being processed. What was never written, or was cleared, is absent, and a key of
// which all is absent costs nothing. The name is what a checkpoint knows a state by, so
// it and the type stay as they are. With an expiry (expiry.hpp) behind the name it
// expires; then the handle is a weir::expiring of the same.
//
// Besides, a function may keep lists and maps for its task (task_states.hpp), whatever
// the keys; those it may bind where no stream is keyed, too.
//
// Lifecycle: 1. given to the constructor  2. gone; the handles stay.
#pragma once

#include "serialization/type_description.hpp"
#include "state/keyed/expiring.hpp"
#include "state/keyed/timer.hpp"
#include "state/state_layout.hpp"
#include "state/task_handles.hpp"

namespace weir {

class state_binder {
public:
  /// The key as state_description has it.
  state_binder(state_layout& layout, current_row& row, std::string key_type,
               std::string key_schema, task_states& of_task)
      : layout_(&layout), row_(&row), key_type_(std::move(key_type)),
        key_schema_(std::move(key_schema)), of_task_(&of_task) {}
  /// Where no stream is keyed.
  explicit state_binder(task_states& of_task) : of_task_(&of_task) {}
  state_binder(const state_binder&) = delete;
  state_binder& operator=(const state_binder&) = delete;

  template <class T>
  auto value(std::string name) {
    static_assert(check_record<T>());
    return value_state<T>(bind<T>(std::move(name), "value", type_description<T>()));
  }
  template <class T>
  auto value(std::string name, expiry stays) {
    static_assert(check_record<T>());
    return expiring<value_state<T>>(
        bind_whole<T>(std::move(name), "expiring value", stays));
  }
  template <class T>
  auto list(std::string name) {
    static_assert(check_record<T>());
    return list_state<T>(
        bind<std::vector<T>>(std::move(name), "list", type_description<T>()));
  }
  template <class T>
  auto list(std::string name, expiry stays) {
    static_assert(check_record<T>());
    return expiring<list_state<T>>(bind_entries<std::vector<stamped<T>>>(
        std::move(name), "expiring list", type_description<T>(), stays));
  }
  template <class K, class V>
  auto map(std::string name) {
    static_assert(check_record<std::map<K, V>>());
    return map_state<K, V>(
        bind<std::map<K, V>>(std::move(name), "map", type_description<std::map<K, V>>()));
  }
  template <class K, class V>
  auto map(std::string name, expiry stays) {
    static_assert(check_record<std::map<K, V>>());
    return expiring<map_state<K, V>>(bind_entries<std::map<K, stamped<V>>>(
        std::move(name), "expiring map", type_description<std::map<K, V>>(), stays));
  }
  /// One T of all that are added; `combine` makes one of two.
  template <class T, class F>
  auto reducing(std::string name, F combine) {
    static_assert(check_record<T>());
    return reducing_state<T, F>(
        bind<T>(std::move(name), "reducing", type_description<T>()), std::move(combine));
  }
  template <class T, class F>
  auto reducing(std::string name, F combine, expiry stays) {
    static_assert(check_record<T>());
    return expiring<reducing_state<T, F>>(
        bind_whole<T>(std::move(name), "expiring reducing", stays), std::move(combine));
  }
  template <aggregate A>
  auto aggregating(std::string name, A function = {}) {
    using accumulator = typename A::accumulator;
    return aggregating_state<A>(bind<accumulator>(std::move(name), "aggregating",
                                                  type_description<accumulator>()),
                                std::move(function));
  }
  template <aggregate A>
  auto aggregating(std::string name, expiry stays) {
    return aggregating<A>(std::move(name), A(), stays);
  }
  template <aggregate A>
  auto aggregating(std::string name, A function, expiry stays) {
    using accumulator = typename A::accumulator;
    return expiring<aggregating_state<A>>(
        bind_whole<accumulator>(std::move(name), "expiring aggregating", stays),
        std::move(function));
  }
  /// One deadline in event time, or a set of them; the function has an on_timer then.
  weir::timer timer(std::string name) {
    return bind_timer<weir::timer>(std::move(name), "timer");
  }
  weir::timers timers(std::string name) {
    return bind_timer<weir::timers>(std::move(name), "timers");
  }
  /// The same in processing time.
  weir::processing_timer processing_timer(std::string name) {
    return bind_timer<weir::processing_timer>(std::move(name), "processing timer");
  }
  weir::processing_timers processing_timers(std::string name) {
    return bind_timer<weir::processing_timers>(std::move(name), "processing timers");
  }

  /// A list of the task's. When the tasks of a job are others after a restore, the
  /// elements of all are divided among them.
  template <class T>
  auto task_list(std::string name) {
    static_assert(check_record<T>());
    return weir::task_list<T>(
        keep<std::vector<T>>(std::move(name), "list", sharing::divided));
  }
  /// The same, but at every restore each task gets the elements of all.
  template <class T>
  auto union_list(std::string name) {
    static_assert(check_record<T>());
    return weir::task_list<T>(
        keep<std::vector<T>>(std::move(name), "union_list", sharing::united));
  }
  /// A map of which every task has a copy.
  template <class K, class V>
  auto broadcast(std::string name) {
    static_assert(check_record<std::map<K, V>>());
    return broadcast_map<K, V>(
        keep<std::map<K, V>>(std::move(name), "broadcast", sharing::copied));
  }

private:
  template <class Timer>
  Timer bind_timer(std::string name, const char* kind) {
    return Timer(bind<typename Timer::slot::held>(std::move(name), kind,
                                                  type_description<event_time>()));
  }
  template <class T>
  expiring_slot<T> bind_whole(std::string name, const char* kind, expiry stays) {
    check(name, stays);
    return {bind<stamped<T>>(std::move(name), kind, type_description<T>()), stays};
  }
  template <class Entries>
  expiring_entries_slot<Entries> bind_entries(std::string name, const char* kind,
                                              std::string type, expiry stays) {
    check(name, stays);
    return {bind<expiring_entries<Entries>>(std::move(name), kind, std::move(type)),
            stays};
  }
  /// Throws failure::usage when it would expire at once.
  static void check(const std::string& name, const expiry& stays);

  template <class T>
  state_slot<T> bind(std::string name, const char* kind, std::string type) {
    if (layout_ == nullptr)
      refuse_without_key(name);
    return {*row_,
            layout_->add(
                {std::move(name), kind, key_type_, std::move(type), {}, key_schema_},
                state_slot<T>::type, schema_of<typename slot_codec<T>::written_as>())};
  }

  template <class Container>
  Container& keep(std::string name, const char* kind, sharing how) {
    auto kept = std::make_unique<detail::kept_container<Container>>();
    Container& content = kept->content;
    of_task_->add({std::move(name), kind, type_description<Container>()}, how,
                  std::move(kept));
    return content;
  }

  [[noreturn]] static void refuse_without_key(const std::string& name);

  state_layout* layout_ = nullptr;
  current_row* row_ = nullptr;
  std::string key_type_;
  std::string key_schema_;
  task_states* of_task_;
};

} // namespace weir
