#include "bench/kernels/exchange_actors.hpp"

#include "bench/kernels/actor_threads.hpp"
#include "bench/kernels/batch_outbox.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <future>
#include <memory>

namespace weir::bench {

struct hashed_record {
  record data;
  std::uint64_t hash;
};
struct exchange_start {
  std::vector<caf::actor> consumers;
};
struct exchange_batch {
  std::size_t producer;
  batch_ptr<hashed_record> records;
};
struct exchange_credit {
  std::size_t consumer;
  batch_ptr<hashed_record> buffer;
};
struct exchange_end {};

} // namespace weir::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::exchange_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::exchange_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::exchange_credit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::exchange_end)

namespace weir::bench {

namespace {

constexpr int batches_in_flight = 8;

struct exchange_fold {
  std::uint64_t checksum = 0;
  std::uint64_t hashes = 0;
};

class producer : public caf::event_based_actor {
public:
  producer(caf::actor_config& config, const exchange_params& params, std::size_t index)
      : event_based_actor(config), index_(index), seed_(params.seed), keys_(params.keys),
        left_(part_of(params.records, index, params.parallelism)),
        outbox_(params.parallelism, batches_in_flight) {}

  caf::behavior make_behavior() override {
    return {
        [this](exchange_start& start) {
          consumers_ = std::move(start.consumers);
          pump();
        },
        [this](exchange_credit& credit) {
          outbox_.give_back(credit.consumer, std::move(credit.buffer));
          pump();
        },
    };
  }

  void on_exit() override { consumers_.clear(); }

private:
  void pump() {
    while (outbox_.may_fill()) {
      const auto consumer = fill();
      if (consumer == consumers_.size())
        return finish();
      send(consumers_[consumer], exchange_batch{index_, outbox_.take(consumer)});
    }
  }

  /// Draws until a batch is full, and returns whose; the number of consumers at the end.
  std::size_t fill() {
    const auto consumers = consumers_.size();
    for (auto i = left_.begin; i < left_.end; ++i) {
      const auto drawn = draw(seed_, i, keys_);
      const auto hash = hash_of(drawn.key);
      const auto consumer = task_of(hash, consumers);
      auto& open = outbox_.open(consumer);
      open.items[open.size++] = {drawn, hash};
      if (open.full()) {
        left_.begin = i + 1;
        return consumer;
      }
    }
    left_.begin = left_.end;
    return consumers;
  }

  void finish() {
    for (std::size_t i = 0; i < consumers_.size(); ++i) {
      send(consumers_[i], exchange_batch{index_, outbox_.take(i)});
      send(consumers_[i], exchange_end{});
    }
    quit();
  }

  const std::size_t index_;
  const std::uint64_t seed_;
  const std::uint64_t keys_;
  index_range left_;
  batch_outbox<hashed_record> outbox_;
  std::vector<caf::actor> consumers_;
};

/// Folds what arrives; the promise gets the sum once every producer has ended.
class consumer : public caf::event_based_actor {
public:
  consumer(caf::actor_config& config, std::size_t index,
           std::vector<caf::actor> producers,
           std::shared_ptr<std::promise<exchange_fold>> sum)
      : event_based_actor(config), index_(index), producers_(std::move(producers)),
        open_ends_(producers_.size()), result_(std::move(sum)) {}

  caf::behavior make_behavior() override {
    return {
        [this](exchange_batch& batch) {
          const auto& records = *batch.records;
          for (std::size_t i = 0; i < records.size; ++i) {
            folded_.checksum += exchange_weight(records.items[i].data);
            folded_.hashes ^= records.items[i].hash;
          }
          send(producers_[batch.producer],
               exchange_credit{index_, std::move(batch.records)});
        },
        [this](exchange_end) {
          if (--open_ends_ > 0)
            return;
          result_->set_value(folded_);
          quit();
        },
    };
  }

  void on_exit() override { producers_.clear(); }

private:
  const std::size_t index_;
  std::vector<caf::actor> producers_;
  std::size_t open_ends_;
  exchange_fold folded_;
  std::shared_ptr<std::promise<exchange_fold>> result_;
};

} // namespace

run_figures exchange_actors(const exchange_params& params) {
  actor_threads config(params.parallelism);
  caf::actor_system system(config);
  const run_clock clock;
  std::vector<caf::actor> producers;
  std::vector<caf::actor> consumers;
  std::vector<std::future<exchange_fold>> sums;
  for (std::size_t i = 0; i < params.parallelism; ++i)
    producers.push_back(system.spawn<producer>(params, i));
  for (std::size_t i = 0; i < params.parallelism; ++i) {
    auto sum = std::make_shared<std::promise<exchange_fold>>();
    sums.push_back(sum->get_future());
    consumers.push_back(system.spawn<consumer>(i, producers, std::move(sum)));
  }
  for (const auto& each : producers)
    caf::anon_send(each, exchange_start{consumers});
  exchange_fold folded;
  for (auto& sum : sums) {
    const auto part = sum.get();
    folded.checksum += part.checksum;
    folded.hashes ^= part.hashes;
  }
  auto figures = clock.stop(params.records);
  figures.checksum = folded.checksum;
  figures.extra["hash_fold"] = static_cast<double>(folded.hashes);
  return figures;
}

} // namespace weir::bench
