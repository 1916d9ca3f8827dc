// The seam between operators and runtime. A task is one subtask of a chain of operators;
// the runtime drives it from one thread at a time and gives it an outbox to emit into.
//
// Lifecycle: 1. construct  2. start, with what its operators saved or with nothing
// 3. poll or process in slices, with close_batches, snapshot and the keyed state's seal
// and encode in between  4. finish, once, after the last record  5. destroy.
#pragma once

#include "operators/batch.hpp"
#include "operators/event_time.hpp"
#include "operators/slice_budget.hpp"
#include "operators/task_counters.hpp"
#include "serialization/strong_id.hpp"
#include "state/keyed_state.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A channel out of this task: the index of the downstream subtask.
using out_channel = std::uint32_t;

/// Where a task's batches go. Implemented by the runtime.
class outbox {
public:
  virtual ~outbox() = default;
  virtual void ship(out_channel to, batch_ref full) = 0;
  /// An empty batch that came back over this channel, or null.
  virtual batch_ref recycled(out_channel from) = 0;
  /// Some channel has a batch waiting for credit: emit no more than one block.
  virtual bool congested() const noexcept = 0;
};

/// The numbers of a chain's outputs: what its last step emits, and its side outputs.
constexpr std::uint32_t main_output = 0;

/// The channels of a task to the tasks of one other chain.
struct way_out {
  out_channel first = 0;
  std::uint32_t channels = 1;
  std::uint32_t max_parallelism = 128; // of the other chain
  std::uint32_t output = main_output;  // what leaves by it

  friend bool operator==(const way_out&, const way_out&) = default;
};

struct task_context {
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
  std::uint32_t max_parallelism = 128;
  std::vector<way_out> ways; // those of one output lie together
  weir::outbox* outbox = nullptr;
  page_supplier* pages = nullptr;           // for tables that grow; may be null
  task_counters* counters = nullptr;        // null: nobody wants to know
  std::uint64_t source_rows_per_second = 0; // 0: as fast as the stream takes them

  /// The first way of an output, or null if nobody reads it.
  const way_out* way(std::uint32_t output) const {
    const auto found = std::ranges::find(ways, output, &way_out::output);
    return found == ways.end() ? nullptr : &*found;
  }
};

/// What one operator saves at a barrier. `make_durable`, if set, runs on the uploader's
/// thread before the checkpoint is acknowledged: the place for an fsync.
struct operator_snapshot {
  std::string operator_name;
  std::vector<std::byte> bytes;
  std::function<void()> make_durable;
};

/// Saved bytes by operator name.
using restored_operators = std::map<std::string, std::vector<std::byte>>;

/// What each subtask of an operator saved, by subtask; empty where one saved nothing.
using operator_parts = std::vector<std::optional<std::vector<std::byte>>>;

/// What an operator begins with.
struct operator_start {
  const std::vector<std::byte>* saved = nullptr; // null: this subtask saved nothing
  /// An earlier attempt of this run may have left output that has to go.
  bool rerun = false;
  /// It ran at another parallelism when it saved, and this is all of it; `saved` is null
  /// then, and every subtask takes its share. Only for operators that say `rescales`; one
  /// that says `reads_all` has this always, and `saved` besides at the same parallelism.
  const operator_parts* before = nullptr;
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;
};

/// What the operators of a task begin with.
struct task_start {
  restored_operators saved;
  bool rerun = false;
  /// Of operators that ran at another parallelism, by name; shared by their subtasks.
  std::map<std::string, std::shared_ptr<const operator_parts>> before;
  std::uint32_t subtask = 0;
  std::uint32_t parallelism = 1;

  operator_start of(const std::string& operator_name) const {
    const auto own = saved.find(operator_name);
    const auto all = before.find(operator_name);
    return {own == saved.end() ? nullptr : &own->second, rerun,
            all == before.end() ? nullptr : all->second.get(), subtask, parallelism};
  }
};

using steady_time = std::chrono::steady_clock::time_point;

struct poll_result {
  enum class next { more, wait, ended };
  next what = next::more;
  steady_time wake_at{}; // for wait
};

class task {
public:
  virtual ~task() = default;

  virtual void start(const task_start& from) = 0;

  /// For a chain that begins with a source: emits until the budget is spent, the outbox
  /// is congested, or the source has nothing at `now`.
  virtual poll_result poll(slice_budget& budget, steady_time now);

  /// For a chain with an input: processes records of its input number `input` from `from`
  /// on until the budget is spent or the outbox congested; returns the first record not
  /// processed.
  virtual std::size_t process(std::uint32_t input, const batch_base& records,
                              std::size_t from, slice_budget& budget);

  /// Adds the keys of records of its input number `input` to `missing` that have no row
  /// in memory. Before the records are processed, their rows arrive, if there are any.
  virtual void look_for(std::uint32_t input, const batch_base& records,
                        encoded_rows& missing);

  /// For a chain that gives records their time: how far it has come.
  virtual std::optional<watermark> own_watermark(steady_time now);
  /// Its input has come so far; every record until then has been processed.
  virtual void advance(event_time until);
  /// It is so late, in processing time; said before each slice, and never goes back.
  virtual void tell_time(processing_time now);
  /// Calls functions for deadlines that have come since, in either time, until the budget
  /// is spent or the outbox congested; false when none is left.
  virtual bool fire_timers(slice_budget& budget);
  /// When the first deadline in processing time comes; none: it has none.
  virtual std::optional<processing_time> next_deadline() const;
  /// It begins again, and had come so far, whatever its records say from now on.
  virtual void resume_time(event_time reached);

  /// Nothing is left of the last record: a source may be asked for a snapshot. A task
  /// with an input counts such a record as not processed.
  virtual bool between_records() const noexcept { return true; }

  /// Hands every open batch that is not empty to the outbox.
  virtual void close_batches() = 0;
  /// What the operators save for the barrier of this checkpoint, which is being taken.
  virtual std::vector<operator_snapshot> snapshot(checkpoint_id id) = 0;
  /// The checkpoint exists, and so do no older ones that have not been told of. May be
  /// told late, twice or not at all: what it means for older ones has to be done, too.
  virtual void checkpoint_completed(checkpoint_id) {}
  /// Nothing will come of the checkpoint; perhaps before its snapshot was asked for.
  virtual void checkpoint_aborted(checkpoint_id) {}
  /// After the last record: nothing may stay buffered. What functions keep in lists is
  /// gone then, in later snapshots, too.
  virtual void finish() = 0;

  /// Once poll or process has thrown: the record that it was about, as text; empty if it
  /// was about none.
  virtual std::string in_hand() const { return {}; }

  /// Null for a chain without keyed state.
  virtual keyed_state* keyed() noexcept { return nullptr; }
};

} // namespace weir
