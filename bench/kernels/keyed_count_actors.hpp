// The actors of the keyed count and what they say to each other:
//
//   coordinator --barrier--> source --batch, barrier, end--> task --run--> uploader
//        ^                      ^ <------credit-------------- |               |
//        |                                                    v               |
//        +------------------------- finished -----------------+   uploaded ---+
#pragma once

#include "bench/kernels/batch_outbox.hpp"
#include "bench/kernels/checkpoint_writer.hpp"
#include "bench/kernels/count_table.hpp"
#include "bench/kernels/keyed_count.hpp"

#include <caf/all.hpp>

#include <future>
#include <memory>
#include <vector>

namespace weir::bench {

struct count_start {
  std::vector<caf::actor> receivers;
};
struct count_batch {
  std::size_t source;
  batch_ptr<record> records;
};
struct count_credit {
  std::size_t task;
  batch_ptr<record> buffer;
};
struct count_barrier {
  std::size_t source;
  std::uint64_t id;
};
struct count_end {
  std::size_t source;
};
struct count_sealed {
  std::uint64_t id;
  std::size_t task;
  std::shared_ptr<count_run> rows;
};
struct count_trigger {};
struct count_uploaded {};
struct count_finished {
  run_figures figures;
};

/// Draws its part of the stream and spreads it over the tasks.
class count_source : public caf::event_based_actor {
public:
  count_source(caf::actor_config& config, const keyed_count_params& params,
               std::size_t index);
  caf::behavior make_behavior() override;
  void on_exit() override { tasks_.clear(); }

private:
  void pump();
  /// Draws records until a batch is full, and returns whose; the number of tasks once
  /// nothing is left to draw.
  std::size_t fill();
  void send_open(std::size_t task);
  void inject(std::uint64_t id);
  void finish();

  const std::size_t index_;
  const std::uint64_t seed_;
  const std::uint64_t keys_;
  index_range left_;
  batch_outbox<record> outbox_;
  std::vector<caf::actor> tasks_;
};

/// Counts one part of the keys, aligns barriers and encodes what they seal.
class count_task : public caf::event_based_actor {
public:
  count_task(caf::actor_config& config, const keyed_count_params& params,
             std::size_t index, const run_clock& clock, std::vector<caf::actor> sources,
             caf::actor coordinator, caf::actor uploader);
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  struct channel {
    caf::actor source;
    bool at_barrier = false;
    bool ended = false;
    // What arrived behind the barrier.
    std::vector<batch_ptr<record>> held = {};
    bool end_held = false;
  };

  void process(channel& from, batch_ptr<record> records);
  void barrier_from(channel& from, std::uint64_t id);
  void end_from(channel& from);
  void align();
  void release_held();
  void ship();
  void finish();

  const std::size_t index_;
  const std::uint64_t records_;
  const run_clock clock_;
  count_table table_;
  std::vector<channel> channels_;
  caf::actor coordinator_;
  caf::actor uploader_;
  std::uint64_t checkpoint_ = 0;
  bool aligning_ = false;
  double max_pause_ = 0;
};

/// Makes runs durable, on a thread of its own.
class count_uploader : public caf::event_based_actor {
public:
  count_uploader(caf::actor_config& config, const keyed_count_params& params,
                 caf::actor coordinator);
  caf::behavior make_behavior() override;
  void on_exit() override { coordinator_ = nullptr; }

private:
  checkpoint_writer writer_;
  const std::size_t tasks_;
  std::size_t written_ = 0;
  caf::actor coordinator_;
};

/// Triggers checkpoints. A trigger that comes due while one is pending fires when that
/// one completes. Fulfils the promise when every task has finished.
class count_coordinator : public caf::event_based_actor {
public:
  count_coordinator(caf::actor_config& config, const keyed_count_params& params,
                    std::shared_ptr<std::promise<run_figures>> result);
  caf::behavior make_behavior() override;
  void on_exit() override { sources_.clear(); }

private:
  void trigger();
  void inject();
  void uploaded();
  void task_finished(const run_figures& task);

  const std::chrono::milliseconds interval_;
  std::size_t tasks_left_;
  std::vector<caf::actor> sources_;
  std::uint64_t checkpoint_ = 0;
  bool pending_ = false;
  bool due_ = false;
  run_figures figures_;
  std::shared_ptr<std::promise<run_figures>> result_;
};

} // namespace weir::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_credit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_barrier)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_sealed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_trigger)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_uploaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::count_finished)
