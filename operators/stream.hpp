// The user's vocabulary: streams that grow by steps. A stream carries its chain as a
// type, so that everything between two exchanges compiles into one loop; key_by, the
// other exchanges and sink close the chain into a task factory of the job graph.
#pragma once

#include "operators/chain_head.hpp"
#include "operators/exchange.hpp"
#include "operators/job_graph.hpp"
#include "operators/range_stage.hpp"
#include "operators/sink_end.hpp"

namespace weir {

template <class F, class In>
concept key_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    record_key<std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>;

/// What a user hands to `source`: describes a source and makes the instance of one
/// subtask. One that may wait for a device says so with a static `blocking = true`; then
/// its tasks get threads of their own.
template <class S>
concept source_spec = std::copy_constructible<S> && requires(const S spec) {
  { spec.open(std::uint32_t{}, std::uint32_t{}) } -> source_instance;
};

/// What a user hands to `sink`: likewise for records of type T.
template <class S, class T>
concept sink_spec = std::copy_constructible<S> && requires(const S spec) {
  { spec.template open<T>(std::uint32_t{}, std::uint32_t{}) } -> sink_instance<T>;
  { S::blocking } -> std::convertible_to<bool>;
  { S::stateful } -> std::convertible_to<bool>;
};

template <class T, class KeyFunction>
class keyed_stream;
template <class T, class... Streams>
class united_stream;
template <class T, class Head, class Stage>
class stream;

namespace detail {

/// Chains that have been closed go on in a new one, as they are.
template <class T>
auto continued(job_graph& graph, const std::vector<chain_index>& upstream, topology joins,
               const std::string& how) {
  using head = exchanged_head<T>;
  chain begun;
  begun.name = graph.at(upstream.front()).name + "/" + how;
  const chain_index next = graph.add_behind(upstream, joins, std::move(begun));
  return stream<T, head, identity_stage>(graph, next, head{}, {});
}

} // namespace detail

/// Records of type T at the end of a chain that is still open.
template <class T, class Head, class Stage>
class stream {
public:
  using record = T;

  stream(job_graph& graph, chain_index chain, Head head, Stage stage)
      : graph_(&graph), chain_(chain), head_(std::move(head)), stage_(std::move(stage)) {}

  /// One record out for every record in.
  template <map_function<T> F>
  auto map(F function) const {
    using out = std::remove_cvref_t<std::invoke_result_t<F&, const T&>>;
    return extended<out>(map_stage<Stage, F>{stage_, std::move(function)});
  }

  /// Keeps the records for which `predicate` holds.
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return extended<T>(filter_stage<Stage, F>{stage_, std::move(predicate)});
  }

  /// Any number of records of type Out for every record in: `function(record, out)` calls
  /// `out.emit(...)` for each.
  template <class Out, flat_map_function<T, Out> F>
  auto flat_map(F function) const {
    return extended<Out>(flat_map_stage<Stage, Out, F>{stage_, std::move(function)});
  }
  /// The elements, as Out, of the range that `function(record)` returns. The chain may
  /// stop in the middle of it, so that one record may become any number.
  template <class Out, range_function<T> F>
  auto flat_map(F function) const {
    return extended<Out>(range_stage<Stage, T, Out, F>{stage_, std::move(function)});
  }
  template <range_function<T> F>
  auto flat_map(F function) const {
    return flat_map<element_of<F, T>>(std::move(function));
  }

  /// Sends records with equal keys to the same task; `key` is a member pointer or a pure
  /// function.
  template <key_function<T> F>
  auto key_by(F key) const {
    end_by_key(key);
    return keyed_stream<T, F>(*graph_, {chain_}, std::move(key));
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
      return route_by_chance(*context.way, context.subtask);
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
                       return route_by_function<T, F>(*context.way, choose);
                     });
  }
  /// Every record to all tasks.
  auto broadcast() const {
    close([](const task_context& context) {
      return broadcast_exchange<T>(*context.outbox, *context.way);
    }).ends_in_exchange = true;
    return detail::continued<T>(*graph_, {chain_}, topology::all_to_all, "broadcast");
  }
  /// What follows runs in tasks of its own instead of in one loop with what is before.
  auto new_chain() const {
    return exchanged("new_chain", topology::pointwise, in_turn());
  }

  /// The records of this stream and of the others, in no particular order.
  template <class... Others>
  requires(sizeof...(Others) > 0 &&
           (std::same_as<typename Others::record, T> &&
            ...)) auto union_with(const Others&... others) const {
    return united_stream<T, stream, Others...>(*graph_, *this, others...);
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
    graph_->claim_name(name);
    chain& closed = close([name, spec](const task_context& context) {
      auto instance = spec.template open<T>(context.subtask, context.parallelism);
      return sink_end<T, decltype(instance)>(name, std::move(instance));
    });
    closed.blocking = closed.blocking || Spec::blocking;
    if (Spec::stateful)
      closed.operators.push_back({name, {}});
  }

private:
  template <class, class...>
  friend class united_stream;

  template <class Out, class NextStage>
  auto extended(NextStage next) const {
    return stream<Out, Head, NextStage>(*graph_, chain_, head_, std::move(next));
  }

  static auto in_turn() {
    return [](const task_context& context) {
      return route_in_turn(*context.way, context.subtask);
    };
  }

  template <class F>
  void end_by_key(const F& key) const {
    end_in_channels<keyed_batch<T, key_type_of<F, T>>>(
        [key](const task_context& context) {
          return route_by_key<T, F>(*context.way, key);
        });
  }

  template <class Batch, class MakeRoute>
  void end_in_channels(MakeRoute make_route) const {
    static_assert(batch_value<T>,
                  "records that cross an exchange can be copied, and made "
                  "without arguments");
    close([make_route](const task_context& context) {
      return routed_exchange<Batch, decltype(make_route(context))>(
          *context.outbox, *context.way, make_route(context));
    }).ends_in_exchange = true;
  }

  template <class MakeRoute>
  auto exchanged(const char* how, topology joins, MakeRoute make_route) const {
    end_in_channels<batch<T>>(std::move(make_route));
    return detail::continued<T>(*graph_, {chain_}, joins, how);
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
