// What a process function keeps, as its job declares it: found out by binding its states
// once when the graph is built.
#pragma once

#include "operators/job_graph.hpp"
#include "operators/process_chain.hpp"

namespace weir::detail {

/// What the function binds for each key; what for its task goes to `of_task`.
template <class Key, class Sides, class Function>
std::vector<declared_state> key_states_of(const Function& function,
                                          task_states& of_task) {
  using F = typename Function::function_type;
  if constexpr (Function::binds && std::is_void_v<Key>) {
    Function shown = function;
    state_binder binder(of_task);
    shown.bind(binder);
    return {};
  } else if constexpr (Function::binds) {
    static_assert(!keeps_key_state<F>,
                  "the function binds states and has a struct state, too: one of both");
    Function shown = function;
    auto states = bound_states<Key>::declare(
        of_task, [&](state_binder& state) { shown.bind(state); });
    if constexpr (!has_on_timer<F, Key, Sides>())
      refuse_timers(states);
    else if constexpr (!Sides::timed)
      refuse_event_timers(states);
    return states;
  } else if constexpr (keeps_key_state<F>) {
    static_assert(!std::is_void_v<Key>, "the function keeps a state for each key, and no "
                                        "stream is keyed");
    static_assert(check_record<typename F::state>());
    return {keyed_table<Key, typename F::state>::declare("state")};
  } else {
    return {};
  }
}

/// Adds the operator to its chain if it saves something.
template <class Key, class Sides, class Function>
void add_stateful(chain& to, const std::string& name, const Function& function) {
  using F = typename Function::function_type;
  task_states of_task;
  stateful_operator op{.name = name,
                       .keyed_states = key_states_of<Key, Sides>(function, of_task),
                       .states_by_name = Function::binds};
  if (keeps_task_state<F> && !of_task.empty())
    refuse_both_task_states(name);
  op.rescales = !of_task.empty();
  op.reads_all = of_task.reads_all();
  if (keeps_task_state<F> || !of_task.empty() || !op.keyed_states.empty())
    to.operators.push_back(std::move(op));
}

} // namespace weir::detail
