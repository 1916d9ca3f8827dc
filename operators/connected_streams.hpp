// Two streams of different types that one function sees, in one task.
#pragma once

#include "operators/stream_steps.hpp"

namespace weir {

namespace detail {

/// One readable error where a process function cannot take the records of its inputs.
template <class F, class Sides, bool Timed, class Only>
constexpr void check_entrances() {
  static_assert(is_process_function<F, typename Only::record, entrance::process,
                                    typename Only::key, time_of<Timed>, Sides>(),
                "no process function for these records: it needs `using output = ...` "
                "and process(const record&, [state&], [task_state&], auto& out)");
}
template <class F, class Sides, bool Timed, class First, class Second>
constexpr void check_entrances() {
  static_assert(is_process_function<F, typename First::record, entrance::process_first,
                                    typename First::key, time_of<Timed>, Sides>(),
                "no process function for the first stream: it needs `using output = ...` "
                "and process_first(const record&, [state&], [task_state&], auto& out); "
                "the state is that of the key, if this stream is keyed");
  static_assert(is_process_function<F, typename Second::record, entrance::process_second,
                                    typename Second::key, time_of<Timed>, Sides>(),
                "no process function for the second stream: it needs `using output = "
                "...` and process_second(const record&, [state&], [task_state&], auto& "
                "out); the state is that of the key, if this stream is keyed");
}

template <class Key, class Sides, class Function>
std::vector<state_description> key_states_of(const Function& function) {
  using F = typename Function::function_type;
  if constexpr (Function::binds) {
    static_assert(!std::is_void_v<Key>, "the function binds states for each key, and no "
                                        "stream is keyed");
    static_assert(!keeps_key_state<F>,
                  "the function binds states and has a struct state, too: one of both");
    Function shown = function;
    auto states =
        bound_states<Key>::describe([&](state_binder& state) { shown.bind(state); });
    if constexpr (!has_on_timer<F, Key, Sides>())
      refuse_timers(states);
    else if constexpr (!Sides::timed)
      refuse_event_timers(states);
    return states;
  } else if constexpr (keeps_key_state<F>) {
    static_assert(!std::is_void_v<Key>, "the function keeps a state for each key, and no "
                                        "stream is keyed");
    static_assert(check_record<typename F::state>());
    return {keyed_table<Key, typename F::state>::description("state")};
  } else {
    return {};
  }
}

/// A new chain with a process function behind the inputs.
template <class Function, any_side_output... Sides, class... Inputs>
auto process_inputs(job_graph& graph, const std::string& name, Function function,
                    type_list<Sides...>, const input_end<Inputs>&... inputs) {
  using F = typename Function::function_type;
  constexpr bool timed = (Inputs::timed || ...);
  using sides = side_writers<timed, Sides...>;
  using host = process_host<Function, sides>;
  using head = process_head<host, Inputs...>;
  check_entrances<F, sides, timed, Inputs...>();
  chain begun;
  begun.name = name;
  auto states = key_states_of<typename common_key<Inputs...>::type, sides>(function);
  if (keeps_task_state<F> || !states.empty())
    begun.operators.push_back({name, std::move(states)});
  const chain_index next = graph.add(std::move(begun));
  std::uint32_t number = 0;
  (graph.join(inputs.upstream, inputs.joins, next, number++), ...);
  head with{host(name, std::move(function), new_sides<timed, Sides...>(graph, next)),
            {inputs.how...}};
  return stream<typename F::output, head, identity_stage>(graph, next, std::move(with),
                                                          {});
}

/// Two functions, one for each stream, as a process function without a state.
template <class Out, class First, class Second>
struct joint_map {
  using output = Out;
  First first;
  Second second;

  template <class Record>
  void process_first(const Record& record, auto& out) {
    out.emit(std::invoke(first, record));
  }
  template <class Record>
  void process_second(const Record& record, auto& out) {
    out.emit(std::invoke(second, record));
  }
};

template <class Out, class First, class Second>
struct joint_flat_map {
  using output = Out;
  First first;
  Second second;

  template <class Record>
  void process_first(const Record& record, auto& out) {
    std::invoke(first, record, out);
  }
  template <class Record>
  void process_second(const Record& record, auto& out) {
    std::invoke(second, record, out);
  }
};

} // namespace detail

template <class First, class Second>
class connected_streams {
  using first_record = typename First::record;
  using second_record = typename Second::record;

public:
  connected_streams(job_graph& graph, First first, Second second)
      : graph_(&graph), first_(std::move(first)), second_(std::move(second)) {}

  /// Both streams by key, as `first.key_by(a).connect(second.key_by(b))` has them.
  template <key_function<first_record> KeyOfFirst,
            key_function<second_record> KeyOfSecond>
  auto key_by(KeyOfFirst of_first, KeyOfSecond of_second) const {
    return first_.key_by(std::move(of_first))
        .connect(second_.key_by(std::move(of_second)));
  }

  /// What a class of the user's makes of both, see process.hpp. The name is the identity
  /// of what it keeps.
  template <class F, any_side_output... Sides>
  auto process(const std::string& name, F function, Sides...) const {
    graph_->claim_name(name);
    return joined<Sides...>(name, given_function<F>(std::move(function)));
  }
  /// The same for a class that binds states in its constructor: `F(state_binder&, ...)`.
  template <class F, class... Args>
  requires binds_states<F, Args...>
  auto process(const std::string& name, Args... arguments) const {
    using parts = detail::sides_and_rest<Args...>;
    graph_->claim_name(name);
    return joined(name, detail::bound<F>(parts::rest(std::move(arguments)...)),
                  typename parts::sides());
  }

  /// One record out for every record in, of the same type for both streams.
  template <map_function<first_record> F, map_function<second_record> G>
  auto map(F of_first, G of_second) const {
    using out = std::remove_cvref_t<std::invoke_result_t<F&, const first_record&>>;
    static_assert(
        std::convertible_to<std::invoke_result_t<G&, const second_record&>, out>,
        "both functions make records of one type");
    using function = detail::joint_map<out, F, G>;
    return joined<>(
        "connect", given_function<function>({std::move(of_first), std::move(of_second)}));
  }
  /// Any number of records out for every record in.
  template <class Out, class F, class G, any_side_output... Sides>
  auto flat_map(F of_first, G of_second, Sides...) const {
    using function = detail::joint_flat_map<Out, F, G>;
    return joined<Sides...>(
        "connect", given_function<function>({std::move(of_first), std::move(of_second)}));
  }

private:
  template <any_side_output... Sides, class Function>
  auto joined(const std::string& name, Function function,
              detail::type_list<Sides...> sides = {}) const {
    const auto first = first_.as_input();
    const auto second = second_.as_input();
    return detail::process_inputs(*graph_, name, std::move(function), sides, first,
                                  second);
  }

  job_graph* graph_;
  First first_;
  Second second_;
};

} // namespace weir
