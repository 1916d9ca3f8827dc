// The user's vocabulary: streams that grow by steps. A stream carries its chain as a
// type, so that everything between two exchanges compiles into one loop; key_by, the
// other exchanges and sink close the chain into a task factory of the job graph.
#pragma once

#include "operators/chain_head.hpp"
#include "operators/job_graph.hpp"
#include "operators/open_sink.hpp"
#include "operators/process_states.hpp"
#include "operators/range_stage.hpp"
#include "operators/routed_wire.hpp"
#include "operators/sink_end.hpp"
#include "operators/stream_concepts.hpp"

namespace weir {

template <class T, bool Timed, class KeyFunction>
class keyed_stream;
template <class... Streams>
class united_stream;
template <class T, bool Timed>
class broadcast_stream;
template <class T, bool Timed>
class shared_stream;
template <class First, class Second>
class connected_streams;
template <class T, class Head, class Stage>
class stream;

namespace detail {

/// Gives side outputs their numbers.
template <bool Timed, any_side_output... Sides>
auto new_sides([[maybe_unused]] job_graph& graph, [[maybe_unused]] chain_index of) {
  if constexpr (sizeof...(Sides) == 0)
    return side_writers<Timed>();
  else
    return side_writers<Timed, Sides...>(
        [&](const std::string& name) { return graph.add_side_output(of, name); });
}

/// Chains that have been closed go on in a new one, as they are.
template <class T, bool Timed>
auto continued(job_graph& graph, const std::vector<outlet>& upstream, topology joins,
               const std::string& how) {
  using head = exchanged_head<T, Timed>;
  chain begun;
  begun.name = graph.at(upstream.front().from).name + "/" + how;
  const chain_index next = graph.add_behind(upstream, joins, std::move(begun));
  return stream<T, head, identity_stage>(graph, next, head{}, {});
}

/// Which job a stream belongs to, and the chains whose records it has.
struct stream_place {
  job_graph* graph;
  std::vector<chain_index> chains;
};

template <class Stream, class Body>
auto iterate(const Stream& entering, const std::string& name, Body& body);

/// Closed chains, about to be an input of a process function.
template <class Input>
struct input_end {
  std::vector<outlet> upstream;
  topology joins;
  Input how;
};

} // namespace detail

/// Records of type T at the end of a chain that is still open.
template <class T, class Head, class Stage>
class stream {
public:
  using record = T;
  static constexpr bool timed = Head::timed || Stage::timed;

  stream(job_graph& graph, chain_index chain, Head head, Stage stage)
      : graph_(&graph), chain_(chain), head_(std::move(head)), stage_(std::move(stage)) {}

  /// One record out for every record in.
  template <map_function<T> F>
  auto map(F function) const {
    using out = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;
    return extended<out>(map_stage<Stage, F>{{stage_}, std::move(function)});
  }

  /// Keeps the records for which `predicate` holds.
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return extended<T>(filter_stage<Stage, F>{{stage_}, std::move(predicate)});
  }

  /// Any number of records of type Out for every record in: `function(record, out)` calls
  /// `out.emit(...)` for each, and `out.emit(side, ...)` for what leaves by one of the
  /// side outputs.
  template <class Out, class F, any_side_output... Sides>
  requires flat_map_function<F, T, Out, timed, Sides...>
  auto flat_map(F function, Sides...) const {
    using sides = detail::side_writers<timed, Sides...>;
    return extended<Out>(flat_map_stage<Stage, Out, F, sides>{
        {{stage_}, new_sides<Sides...>()}, std::move(function)});
  }

  /// The elements, as Out, of the range that `function(record)` returns. The chain may
  /// stop in the middle of it, so that one record may become any number.
  template <class Out, range_function<T> F>
  auto flat_map(F function) const {
    return extended<Out>(range_stage<Stage, T, detail::time_of<timed>, Out, F>{
        {stage_}, std::move(function)});
  }
  template <range_function<T> F>
  auto flat_map(F function) const {
    return flat_map<element_of<F, T>>(std::move(function));
  }

  /// What a class of the user's makes of the records, see process.hpp. The name is the
  /// identity of what it keeps.
  template <class F, any_side_output... Sides>
  auto process(const std::string& name, F function, Sides...) const {
    using sides = detail::side_writers<timed, Sides...>;
    static_assert(
        !keeps_key_state<F>,
        "the function keeps a state for each key: .key_by(...) the stream first");
    static_assert(is_process_function<F, T, detail::entrance::process, void,
                                      detail::time_of<timed>, sides>(),
                  "no process function for these records: it needs `using output = ...` "
                  "and process(const record&, [task_state&], auto& out)");
    graph_->claim_name(name);
    return processed<sides>(name, given_function<F>(std::move(function)),
                            new_sides<Sides...>());
  }

  /// The same for a class that binds states for its task in its constructor, from a
  /// state_binder& and the further arguments, see state_binder.hpp.
  template <class F, class... Args>
  requires binds_states<F, Args...>
  auto process(const std::string& name, Args... arguments) const {
    using parts = detail::sides_and_rest<Args...>;
    graph_->claim_name(name);
    return [&]<class... Sides>(detail::type_list<Sides...>) {
      return processed<detail::side_writers<timed, Sides...>>(
          name, detail::bound<F>(parts::rest(std::move(arguments)...)),
          new_sides<Sides...>());
    }(typename parts::sides());
  }

  /// Gives each record the time at which it happened, and the stream watermarks.
  template <time_function<T> F>
  auto timestamps(F time_of, watermark_strategy strategy) const {
    static_assert(!Stage::timed, "the records have timestamps already");
    return extended<T>(
        timestamps_stage<Stage, F>{{stage_}, std::move(time_of), strategy});
  }

  /// Without the records that are behind the watermark; they leave by the side output, if
  /// one is given.
  template <any_side_output... Late>
  requires(sizeof...(Late) <= 1) auto on_time(Late...) const {
    static_assert(timed, "nothing is late in a stream without .timestamps(...)");
    using sides = detail::side_writers<timed, Late...>;
    return extended<T>(
        on_time_stage<Stage, sides, Late...>{{{stage_}, new_sides<Late...>()}});
  }

  /// What left by a side output of a step before, as a stream of its own.
  template <any_side_output Side>
  auto side(Side) const {
    constexpr bool by_step = Stage::template declares<Side>;
    static_assert(by_step || Head::template declares<Side>,
                  "no step of this stream was given that side output");
    if constexpr (by_step)
      return side_of<Side>(stage_);
    else
      return side_of<Side>(head_);
  }

  /// Sends records with equal keys to the same task; `key` is a member pointer or a pure
  /// function.
  template <key_function<T> F>
  auto key_by(F key) const {
    return keyed_stream<T, timed, F>(*graph_, {end_by_key(key)}, std::move(key));
  }

  /// To the tasks of the next steps in turn, record by record.
  auto rebalance() const {
    return exchanged("rebalance", topology::all_to_all, in_turn());
  }
  /// Like rebalance, but each task sends only to its share of the tasks, or they to it.
  auto rescale() const { return exchanged("rescale", topology::pointwise, in_turn()); }
  /// To any task, by chance.
  auto shuffle() const {
    return exchanged("shuffle", topology::all_to_all, [](const task_context& context) {
      return route_by_chance(main_way(context), context.subtask);
    });
  }
  /// All to the first task.
  auto global() const {
    return exchanged("global", topology::all_to_all,
                     [](const task_context&) { return route_to_first(); });
  }
  /// Where `choose(record, partitions)` says.
  template <partition_function<T> F>
  auto partition_custom(F choose) const {
    return exchanged("partition_custom", topology::all_to_all,
                     [choose](const task_context& context) {
                       return route_by_function<T, F>(main_way(context), choose);
                     });
  }
  /// Every record to all tasks of what follows.
  auto broadcast() const {
    close([](const task_context& context) {
      return copying_exchange<batch_type>::to_all_tasks(context);
    }).ends_in_exchange = true;
    return broadcast_stream<T, timed>(*graph_, {chain_, main_output, timed});
  }
  /// What follows runs in tasks of its own instead of in one loop with what is before.
  auto new_chain() const {
    return exchanged("new_chain", topology::pointwise, in_turn());
  }
  /// For several consumers: what this gives may be used any number of times.
  auto share() const {
    chain& closed = close([](const task_context& context) {
      return copying_exchange<batch_type>::to_each_chain(context);
    });
    closed.ends_in_exchange = true;
    closed.shared = true;
    return shared_stream<T, timed>(*graph_, {chain_, main_output, timed});
  }

  /// The records of this stream and of the others, in no particular order.
  template <class... Others>
  requires(sizeof...(Others) > 0 &&
           (std::same_as<typename Others::record, T> &&
            ...)) auto union_with(const Others&... others) const {
    return united_stream<stream, std::remove_cvref_t<decltype(others.begun())>...>(
        *graph_, *this, others.begun()...);
  }
  /// This stream and another one, for functions that see both.
  template <class Other>
  auto connect(const Other& other) const {
    return connected_streams<stream, Other>(*graph_, *this, other);
  }

  /// A loop: `body` gets this stream together with what comes back, and returns what goes
  /// back and what goes on, see iteration.hpp. Messages call the loop by its name.
  template <class Body>
  auto iterate(const std::string& name, Body body) const {
    return detail::iterate(*this, name, body);
  }

  /// How many tasks run the chain that this step is in, from the last exchange to the
  /// next one.
  const stream& parallelism(std::uint32_t tasks) const {
    graph_->set_parallelism(chain_, tasks);
    return *this;
  }
  /// The bound for the parallelism of the chain for as long as its state lives.
  const stream& max_parallelism(std::uint32_t tasks) const {
    graph_->set_max_parallelism(chain_, tasks);
    return *this;
  }
  /// What the chain is called in messages and figures; it is no identity.
  const stream& name(const std::string& shown) const {
    graph_->at(chain_).name = shown;
    return *this;
  }

  /// Ends the stream. The name is the identity of what the sink saves.
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    if constexpr (batch_value<T>)
      if (!graph_->chaining())
        return new_chain().name(name).fused_sink(name, std::move(spec));
    fused_sink(name, std::move(spec));
  }

  /// What all kinds of streams become where a step follows.
  const stream& begun() const noexcept { return *this; }
  detail::stream_place place() const { return {graph_, {chain_}}; }
  /// The stream as an input of a process function.
  auto as_input() const {
    using input = detail::plain_input<T, timed>;
    return detail::input_end<input>{
        {end_in_channels<batch_type>(in_turn())}, topology::pointwise, {}};
  }

private:
  template <class, class, class>
  friend class stream;
  template <class...>
  friend class united_stream;

  using batch_type = stream_batch<T, timed>;

  template <class Out, class NextStage>
  auto extended(NextStage next) const {
    return stream<Out, Head, NextStage>(*graph_, chain_, head_, std::move(next));
  }

  template <class Side, class Declarer>
  auto side_of(const Declarer& by) const {
    // Not as the records of this stream are: timestamps may have come later.
    constexpr bool side_timed = Declarer::template side_timed<Side>;
    const std::uint32_t output = by.template output_of<Side>();
    return detail::continued<typename Side::record, side_timed>(
        *graph_, {{chain_, output, side_timed}}, topology::pointwise, Side::name());
  }

  template <any_side_output... Sides>
  auto new_sides() const {
    return detail::new_sides<timed, Sides...>(*graph_, chain_);
  }

  static const way_out& main_way(const task_context& context) {
    return *context.way(main_output);
  }

  static auto in_turn() {
    return [](const task_context& context) {
      return route_in_turn(main_way(context), context.subtask);
    };
  }

  template <class F>
  outlet end_by_key(const F& key) const {
    return end_in_channels<keyed_batch<T, key_type_of<F, T>, timed>>(
        [key](const task_context& context) {
          return route_by_key<T, F>(main_way(context), key);
        });
  }

  template <class Batch, class MakeRoute>
  outlet end_in_channels(MakeRoute make_route) const {
    static_assert(batch_value<T>,
                  "records that cross an exchange can be copied, and made "
                  "without arguments");
    close([make_route](const task_context& context) {
      return routed_exchange<Batch, decltype(make_route(context))>(
          *context.outbox, main_way(context), make_route(context));
    }).ends_in_exchange = true;
    return {chain_, main_output, timed, wire_of<Batch>(std::move(make_route))};
  }

  template <class MakeRoute>
  auto exchanged(const char* how, topology joins, MakeRoute make_route) const {
    const outlet end = end_in_channels<batch_type>(std::move(make_route));
    return detail::continued<T, timed>(*graph_, {end}, joins, how);
  }

  template <class Sides, class Function>
  auto processed(const std::string& name, Function function, Sides sides) const {
    using host = process_host<Function, Sides>;
    detail::add_stateful<void, Sides>(graph_->at(chain_), name, function);
    return extended<typename host::function_type::output>(process_stage<Stage, host>{
        {stage_}, host(name, std::move(function), std::move(sides))});
  }

  template <class Spec>
  void fused_sink(const std::string& name, Spec spec) const {
    graph_->claim_name(name);
    chain& closed = close([name, spec](const task_context& context) {
      auto instance = detail::open_sink<T>(spec, context);
      return sink_end<T, decltype(instance)>(name, std::move(instance), context.counters);
    });
    detail::describe_sink<T>(closed, name, spec);
  }

  template <class MakeEnd>
  chain& close(MakeEnd make_end) const {
    chain& closed = graph_->close(chain_);
    closed.make_task = [head = head_, stage = stage_,
                        make_end](const task_context& context) {
      return head.make(context, stage, make_end(context));
    };
    return closed;
  }

  job_graph* graph_;
  chain_index chain_;
  Head head_;
  Stage stage_;
};

} // namespace weir
