#include "bench/kernels/fan_actors.hpp"

#include "bench/kernels/batch_actors.hpp"

namespace weir::bench {

namespace {

struct fan_fold {
  std::uint64_t checksum = 0;

  explicit fan_fold(const fan_params&) {}
  void add(const record& r) { checksum += fan_weight(r); }
  void merge(const fan_fold& other) { checksum += other.checksum; }
};

/// Each producer draws its share and gives the records to its consumers in turn; of one
/// consumer there are no turns.
template <std::size_t Streams>
struct in_turn {
  using params = fan_params;
  using item = record;
  using fold = fan_fold;

  class producer {
  public:
    producer(const params& asked, std::size_t index)
        : seed_(asked.seed),
          left_(part_of(asked.records, index, asked.parallelism * Streams)),
          next_(index % asked.parallelism) {}

    std::size_t fill(batch_outbox<item>& outbox, std::size_t consumers) {
      if (next_ >= consumers)
        next_ = 0;
      return outbox.fill(left_, [&, this](std::uint64_t i) {
        const auto consumer = next_;
        next_ = consumer + 1 == consumers ? 0 : consumer + 1;
        outbox.next_item(consumer) = draw(seed_, i, fan_keys);
        return consumer;
      });
    }

  private:
    std::uint64_t seed_;
    index_range left_;
    std::size_t next_;
  };
};

/// One open batch that all consumers share; whoever was the last to read it returns it.
class broadcaster : public caf::event_based_actor {
public:
  broadcaster(caf::actor_config& config, const fan_params& params, std::size_t index,
              std::size_t consumers)
      : event_based_actor(config), seed_(params.seed),
        left_(part_of(params.records, index, params.parallelism)),
        credits_(consumers, batches_in_flight) {}

  caf::behavior make_behavior() override {
    return {
        [this](batch_start& start) {
          consumers_ = std::move(start.consumers);
          pump();
        },
        [this](batch_credit<record>& credit) {
          if (++credits_[credit.consumer] == 1)
            --blocked_;
          if (credit.buffer.use_count() == 1) {
            std::atomic_thread_fence(std::memory_order_acquire);
            credit.buffer->size = 0;
            pool_.push_back(std::move(credit.buffer));
          }
          pump();
        },
    };
  }

  void on_exit() override { consumers_.clear(); }

private:
  void pump() {
    while (blocked_ == 0) {
      const auto full = filled();
      for (std::size_t i = 0; i < consumers_.size(); ++i) {
        if (--credits_[i] == 0)
          ++blocked_;
        send(consumers_[i].actor, batch_data<record>{consumers_[i].channel, full});
      }
      if (left_.begin < left_.end)
        continue;
      for (const auto& consumer : consumers_)
        send(consumer.actor, batch_end{});
      return quit();
    }
  }

  batch_ptr<record> filled() {
    batch_ptr<record> open;
    if (pool_.empty()) {
      open.reset(new batch<record>);
    } else {
      open = std::move(pool_.back());
      pool_.pop_back();
    }
    const auto end = std::min(left_.end, left_.begin + batch_records);
    while (left_.begin < end)
      open->items[open->size++] = draw(seed_, left_.begin++, fan_keys);
    return open;
  }

  const std::uint64_t seed_;
  index_range left_;
  std::vector<int> credits_;
  std::size_t blocked_ = 0;
  std::vector<batch_ptr<record>> pool_;
  std::vector<batch_peer> consumers_;
};

/// Two streams, each task of which has one consumer.
batch_wiring united(std::size_t parallelism) {
  batch_wiring wires;
  for (std::size_t i = 0; i < 2 * parallelism; ++i)
    wires.push_back({i % parallelism});
  return wires;
}

batch_run<fan_fold> run_fan_actors(const fan_params& params) {
  const auto records = params.records;
  const auto tasks = params.parallelism;
  switch (params.how) {
  case fan::united:
    return run_batch_actors<in_turn<2>>(params, records, united(tasks), tasks);
  case fan::rebalance:
    return run_batch_actors<in_turn<1>>(params, records, all_to_all(tasks), tasks);
  case fan::broadcast:
    break;
  }
  return run_batch_actors<in_turn<1>, broadcaster>(params, records, all_to_all(tasks),
                                                   tasks);
}

} // namespace

run_figures fan_actors(const fan_params& params) {
  auto [folded, figures] = run_fan_actors(params);
  figures.checksum = folded.checksum;
  return figures;
}

} // namespace weir::bench
