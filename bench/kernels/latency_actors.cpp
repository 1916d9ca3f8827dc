#include "bench/kernels/latency_actors.hpp"

#include "bench/kernels/batch_actors.hpp"
#include "bench/kernels/stream.hpp"

#include <optional>

namespace weir::bench {

struct paced_wake {};

} // namespace weir::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::paced_wake)

namespace weir::bench {

namespace {

using steady = std::chrono::steady_clock;

struct latency_work {
  using params = latency_params;
  using item = due_record;
  struct fold : lateness {
    explicit fold(const params& asked) : lateness(asked.warm_up()) {}
  };
};

/// Draws what is due, sends what is full, and what is not when nobody has anything to do
/// or the flush interval is over; then sleeps until one of these comes.
class paced_producer : public caf::event_based_actor {
public:
  paced_producer(caf::actor_config& config, const latency_params& params,
                 std::size_t index, std::size_t consumers)
      : event_based_actor(config), params_(params),
        rate_(static_cast<double>(params.records_per_second) /
              static_cast<double>(params.parallelism)),
        left_(part_of(params.records, index, params.parallelism)),
        outbox_(consumers, batches_in_flight) {}

  caf::behavior make_behavior() override {
    return {
        [this](batch_start& start) {
          consumers_ = std::move(start.consumers);
          began_ = steady::now();
          pump();
        },
        [this](batch_credit<due_record>& credit) {
          outbox_.give_back(credit.consumer, std::move(credit.buffer));
          pump();
        },
        [this](paced_wake) {
          wake_at_.reset();
          pump();
        },
    };
  }

  void on_exit() override { consumers_.clear(); }

private:
  void pump() {
    if (ended_)
      return;
    const auto now = steady::now();
    while (outbox_.may_fill() && left_.begin < left_.end && next_due() <= now)
      draw_one();
    if (!outbox_.may_fill())
      return; // a credit will come
    if (left_.begin == left_.end)
      return finish();
    if (outbox_.all_home() || (flush_at_ && now >= *flush_at_))
      flush();
    else if (!flush_at_)
      flush_at_ = now + params_.flush;
    wake_by(flush_at_ ? std::min(*flush_at_, next_due()) : next_due());
  }

  steady::time_point next_due() const { return due_after(began_, drawn_, rate_); }

  void draw_one() {
    const auto key = draw(params_.seed, left_.begin++, params_.keys).key;
    const auto due = next_due().time_since_epoch().count();
    ++drawn_;
    const auto consumer = task_of(hash_of(key), consumers_.size());
    outbox_.next_item(consumer) = {key, due};
    if (outbox_.open(consumer).full())
      ship(consumer);
  }

  void flush() {
    for (std::size_t i = 0; i < consumers_.size(); ++i)
      if (outbox_.open(i).size > 0)
        ship(i);
    flush_at_.reset();
  }

  void ship(std::size_t consumer) {
    const auto& to = consumers_[consumer];
    send(to.actor, batch_data<due_record>{to.channel, outbox_.take(consumer)});
  }

  void wake_by(steady::time_point when) {
    if (wake_at_ && *wake_at_ <= when)
      return;
    wake_at_ = when;
    scheduled_send(this, when, paced_wake{});
  }

  void finish() {
    ended_ = true;
    flush();
    for (const auto& consumer : consumers_)
      send(consumer.actor, batch_end{});
    quit();
  }

  const latency_params params_;
  const double rate_;
  steady::time_point began_;
  index_range left_;
  std::uint64_t drawn_ = 0;
  batch_outbox<due_record> outbox_;
  std::vector<batch_peer> consumers_;
  std::optional<steady::time_point> flush_at_;
  std::optional<steady::time_point> wake_at_;
  bool ended_ = false;
};

} // namespace

void lateness::write_to(run_figures& figures) const {
  figures.checksum = checksum_;
  add_quantiles(figures, histogram_);
}

run_figures latency_actors(const latency_params& params) {
  auto [folded, figures] = run_batch_actors<latency_work, paced_producer>(
      params, params.records, all_to_all(params.parallelism), params.parallelism);
  folded.write_to(figures);
  return figures;
}

} // namespace weir::bench
