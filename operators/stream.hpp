// The user's vocabulary: streams that grow by steps. A stream carries its chain as a
// type, so that everything between two exchanges compiles into one loop; key_by and sink
// close the chain into a task factory of the job graph.
#pragma once

#include "operators/exchanged_chain.hpp"
#include "operators/job_graph.hpp"
#include "operators/keyed_chain.hpp"
#include "operators/source_chain.hpp"

namespace weir {

template <class F, class In>
concept key_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&> &&
    fixed_key<std::remove_cvref_t<std::invoke_result_t<F&, const In&>>>;

template <class F, class In>
concept reduce_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const In&, const In&> &&
    std::convertible_to<std::invoke_result_t<F&, const In&, const In&>, In>;

/// What a user hands to `source`: describes a source and makes the instance of one
/// subtask.
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

namespace detail {

/// How a chain that begins with a source makes its tasks.
template <source_spec Spec>
struct source_head {
  std::string name;
  Spec spec;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    auto instance = spec.open(context.subtask, context.parallelism);
    using instance_type = decltype(instance);
    return std::make_unique<source_chain<instance_type, Stage, End>>(
        name, std::move(instance), std::move(stage), std::move(end));
  }
};

/// How a chain that begins with a keyed fold makes its tasks.
template <class Key, class In, class KeyFunction, class Fold>
struct keyed_head {
  KeyFunction key_of;
  Fold fold;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    return std::make_unique<keyed_chain<Key, In, KeyFunction, Fold, Stage, End>>(
        context, key_of, fold, std::move(stage), std::move(end));
  }
};

/// How a chain that begins with an exchange, and with no fold, makes its tasks.
template <class In>
struct exchanged_head {
  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context&, Stage stage, End end) const {
    return std::make_unique<exchanged_chain<In, Stage, End>>(std::move(stage),
                                                             std::move(end));
  }
};

} // namespace detail

template <class T, class KeyFunction>
class keyed_stream;

/// Records of type T at the end of a chain that is still open.
template <class T, class Head, class Stage>
class stream {
public:
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

  /// Sends records with equal keys to the same task; `key_of` is a member pointer or a
  /// pure function. T must be a fixed-size record to cross the exchange.
  template <key_function<T> F>
  requires fixed_record<T>
  auto key_by(F key_of) const {
    close([key_of](const task_context& context) {
      return hash_exchange<T, F>(context, key_of);
    }).ends_in_exchange = true;
    return keyed_stream<T, F>(*graph_, chain_, std::move(key_of));
  }

  /// Ends the stream. The name is the identity of what the sink saves.
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    graph_->claim_name(name);
    chain& closed = close([name, spec](const task_context& context) {
      auto instance = spec.template open<T>(context.subtask, context.parallelism);
      return sink_end<T, decltype(instance)>(name, std::move(instance));
    });
    closed.blocking = Spec::blocking;
    if (Spec::stateful)
      closed.operators.push_back({name, {}});
  }

private:
  template <class Out, class NextStage>
  auto extended(NextStage next) const {
    return stream<Out, Head, NextStage>(*graph_, chain_, head_, std::move(next));
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

/// Records of type T, partitioned by key.
template <class T, class KeyFunction>
class keyed_stream {
public:
  using key = std::remove_cvref_t<std::invoke_result_t<KeyFunction&, const T&>>;

  keyed_stream(job_graph& graph, chain_index upstream, KeyFunction key_of)
      : graph_(&graph), upstream_(upstream), key_of_(std::move(key_of)) {}

  /// Counts the records of each key and emits the running count for every record. The
  /// name is the identity of the counts in checkpoints.
  auto count(const std::string& name) const { return fold(name, count_fold<key>{}); }

  /// Combines the records of each key and emits the result so far for every record.
  template <reduce_function<T> F>
  auto reduce(const std::string& name, F function) const {
    return fold(name, reduce_fold<T, F>{std::move(function)});
  }

  // Without a fold the records go on as they are, on the task of their key.
  template <map_function<T> F>
  auto map(F function) const {
    return exchanged().map(std::move(function));
  }
  template <predicate_function<T> F>
  auto filter(F predicate) const {
    return exchanged().filter(std::move(predicate));
  }
  template <sink_spec<T> Spec>
  void sink(const std::string& name, Spec spec) const {
    exchanged().sink(name, std::move(spec));
  }

private:
  auto exchanged() const {
    chain begun;
    begun.name = graph_->chains()[upstream_].name + "/key_by";
    begun.upstream = upstream_;
    using head = detail::exchanged_head<T>;
    return stream<T, head, identity_stage>(*graph_, graph_->add(std::move(begun)), head{},
                                           {});
  }

  template <class Fold>
  auto fold(const std::string& name, Fold how) const {
    using value = typename Fold::value;
    graph_->claim_name(name);
    chain begun;
    begun.name = name;
    begun.upstream = upstream_;
    begun.operators.push_back({name, {keyed_table<key, value>::description("value")}});
    using head = detail::keyed_head<key, T, KeyFunction, Fold>;
    return stream<typename Fold::output, head, identity_stage>(
        *graph_, graph_->add(std::move(begun)), head{key_of_, std::move(how)}, {});
  }

  job_graph* graph_;
  chain_index upstream_;
  KeyFunction key_of_;
};

} // namespace weir
