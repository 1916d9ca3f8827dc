// A job as data: chains of operators joined by edges, before anybody has decided how many
// tasks run them. Built by job and stream, read by the execution plan.
#pragma once

#include "operators/edge_wire.hpp"
#include "operators/task.hpp"
#include "state/backend_settings.hpp"
#include "state/declared_state.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

using chain_index = std::size_t;

/// An operator that saves state; its name is its identity across checkpoints.
struct stateful_operator {
  std::string name;
  std::vector<declared_state> keyed_states = {}; // empty: operator state only
  /// They are bound by name; otherwise it is one, and all of a row.
  bool states_by_name = false;
  /// What its subtasks save besides can be divided anew among any number of them.
  bool rescales = false;
  /// Each of its tasks begins with what all of them saved, whoever it was.
  bool reads_all = false;
  /// Makes seen what its subtasks had prepared for a checkpoint, once that exists; null
  /// for most. Off the tasks; may be called again, also with what it has committed.
  std::function<void(const operator_parts&)> commit = nullptr;
};

/// Whether what the subtasks of a source or sink save can be divided anew.
template <class Spec>
constexpr bool rescales_of() {
  if constexpr (requires { Spec::rescales; })
    return Spec::rescales;
  else
    return false;
}

struct chain {
  std::string name; // of its first operator; the user sees it in messages
  /// None: the job's.
  std::optional<std::uint32_t> parallelism;
  std::optional<std::uint32_t> max_parallelism;
  bool ends_in_exchange = false;
  /// Any number of other chains may read its main output.
  bool shared = false;
  /// The names of its side outputs; the first one is output 1.
  std::vector<std::string> side_outputs;
  /// Its source or its sink may wait for a device, so its tasks get threads of their own.
  bool blocking = false;
  /// It ends in a sink that writes there, so nobody else should draw on the terminal.
  bool to_standard_output = false;
  /// What its source reads and cannot read again, "standard input"; empty if it can.
  std::string reads_once;
  /// The iteration that begins with it: what goes back comes in here. Empty: none.
  std::string iteration;
  std::vector<stateful_operator> operators;
  /// Null while the stream that begins with this chain has no end yet.
  std::function<std::unique_ptr<task>(const task_context&)> make_task;
};

/// Who has a channel to whom: subtasks of the same share, or all to all.
enum class topology { pointwise, all_to_all };

/// One of the outputs of a chain, and whether its records have times.
struct outlet {
  chain_index from;
  std::uint32_t output = main_output;
  bool timed = false;
  /// Null: nobody could say which task has to get a record that was under way.
  std::shared_ptr<const edge_wire> wire = nullptr;
};

/// Records flow from an output of one chain to an input of another, or go back to the
/// head of the loop that they are in.
struct edge {
  chain_index from;
  std::uint32_t output;
  chain_index to;
  std::uint32_t input;
  topology joins;
  bool timed;
  /// Null: a barrier overtakes no records here.
  std::shared_ptr<const edge_wire> wire = nullptr;
  bool feedback = false;
};

class job_graph {
public:
  /// Throws failure::usage for a name that cannot be an identity or is taken.
  void claim_name(const std::string& name);
  chain_index add(chain begun);
  chain& at(chain_index index) { return chains_.at(index); }
  /// Ends a chain; throws failure::usage when it already has an end.
  chain& close(chain_index index);
  /// Throw failure::usage for a number that no chain can have, or for a second one.
  void set_parallelism(chain_index index, std::uint32_t tasks);
  void set_max_parallelism(chain_index index, std::uint32_t tasks);
  /// Leads `upstream` to an input of `to`; throws failure::usage when one of them already
  /// leads somewhere and may not be shared.
  void join(const std::vector<outlet>& upstream, topology joins, chain_index to,
            std::uint32_t input = 0);
  /// Leads `tails` back to the head of their iteration; throws like join.
  void feed_back(const std::vector<outlet>& tails, chain_index head);
  /// Adds a chain whose only input are those of `upstream`.
  chain_index add_behind(const std::vector<outlet>& upstream, topology joins,
                         chain begun);
  /// Adds an output to a chain; throws failure::usage when it has one of that name.
  std::uint32_t add_side_output(chain_index of, const std::string& name);

  /// Whether a sink may share a task with the steps before it.
  bool chaining() const noexcept { return chaining_; }
  void set_chaining(bool on) noexcept { chaining_ = on; }

  /// None: whatever the options say.
  const std::optional<backend_settings>& state_backend() const noexcept {
    return state_backend_;
  }
  void set_state_backend(const backend_settings& chosen) { state_backend_ = chosen; }

  const std::vector<chain>& chains() const noexcept { return chains_; }
  /// Some sink's output is seen only with a checkpoint.
  bool commits_output() const;
  /// In the order in which streams were joined to their consumers.
  const std::vector<edge>& edges() const noexcept { return edges_; }

  /// Throws failure::usage for a graph that cannot run: empty, with a stream that ends
  /// nowhere, with two sources that would take each other's lines, or with a loop that is
  /// no iteration.
  void check() const;

private:
  void lead(const edge& along);
  bool leads_somewhere(chain_index from, std::uint32_t output) const;

  std::vector<chain> chains_;
  std::vector<edge> edges_;
  std::vector<std::string> names_;
  bool chaining_ = true;
  std::optional<backend_settings> state_backend_;
};

} // namespace weir
