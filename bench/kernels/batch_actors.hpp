// Producers that hand recycled batches to consumers under credits: the actors of every
// kernel that is an exchange. What is drawn, where it goes and what is made of it is
// `Work`:
//
//   item                       what travels
//   fold(params)               what a consumer makes of it; add(item), and merge(fold)
//   producer(params, index)    fill(outbox, consumers): as the outbox says
#pragma once

#include "bench/harness/figures.hpp"
#include "bench/kernels/actor_threads.hpp"
#include "bench/kernels/batch_outbox.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <vector>

namespace weir::bench {

/// A consumer as a producer sees it, and the other way round: whose channel is it there?
struct batch_peer {
  caf::actor actor;
  std::size_t channel;
};
struct batch_start {
  std::vector<batch_peer> consumers;
};
template <class Item>
struct batch_data {
  std::size_t producer;
  batch_ptr<Item> records;
};
template <class Item>
struct batch_credit {
  std::size_t consumer;
  batch_ptr<Item> buffer;
};
struct batch_end {};

} // namespace weir::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::batch_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::bench::batch_end)

template <class Item>
struct caf::allowed_unsafe_message_type<weir::bench::batch_data<Item>> : std::true_type {
};
template <class Item>
struct caf::allowed_unsafe_message_type<weir::bench::batch_credit<Item>>
    : std::true_type {};

namespace weir::bench {

inline constexpr int batches_in_flight = 8;

template <class Work>
class batch_producer : public caf::event_based_actor {
  using item = typename Work::item;

public:
  batch_producer(caf::actor_config& config, const typename Work::params& params,
                 std::size_t index, std::size_t consumers)
      : event_based_actor(config), work_(params, index),
        outbox_(consumers, batches_in_flight) {}

  caf::behavior make_behavior() override {
    return {
        [this](batch_start& start) {
          consumers_ = std::move(start.consumers);
          pump();
        },
        [this](batch_credit<item>& credit) {
          outbox_.give_back(credit.consumer, std::move(credit.buffer));
          pump();
        },
    };
  }

  void on_exit() override { consumers_.clear(); }

private:
  void pump() {
    while (outbox_.may_fill()) {
      const auto consumer = work_.fill(outbox_, consumers_.size());
      if (consumer == consumers_.size())
        return finish();
      ship(consumer);
    }
  }

  void ship(std::size_t consumer) {
    const auto& to = consumers_[consumer];
    send(to.actor, batch_data<item>{to.channel, outbox_.take(consumer)});
  }

  void finish() {
    for (std::size_t i = 0; i < consumers_.size(); ++i) {
      ship(i);
      send(consumers_[i].actor, batch_end{});
    }
    quit();
  }

  typename Work::producer work_;
  batch_outbox<item> outbox_;
  std::vector<batch_peer> consumers_;
};

/// Folds what arrives; the promise gets the fold once every producer has ended.
template <class Work>
class batch_consumer : public caf::event_based_actor {
  using item = typename Work::item;
  using fold = typename Work::fold;

public:
  batch_consumer(caf::actor_config& config, const typename Work::params& params,
                 std::vector<batch_peer> producers,
                 std::shared_ptr<std::promise<fold>> result)
      : event_based_actor(config), producers_(std::move(producers)),
        open_ends_(producers_.size()), folded_(params), result_(std::move(result)) {}

  caf::behavior make_behavior() override {
    return {
        [this](batch_data<item>& batch) {
          const auto& records = *batch.records;
          for (std::size_t i = 0; i < records.size; ++i)
            folded_.add(records.items[i]);
          const auto& from = producers_[batch.producer];
          send(from.actor, batch_credit<item>{from.channel, std::move(batch.records)});
        },
        [this](batch_end) {
          if (--open_ends_ > 0)
            return;
          result_->set_value(std::move(folded_));
          quit();
        },
    };
  }

  void on_exit() override { producers_.clear(); }

private:
  std::vector<batch_peer> producers_;
  std::size_t open_ends_;
  fold folded_;
  std::shared_ptr<std::promise<fold>> result_;
};

/// For every producer, the consumers it sends to.
using batch_wiring = std::vector<std::vector<std::size_t>>;

inline batch_wiring all_to_all(std::size_t parallelism) {
  batch_wiring wires(parallelism);
  for (auto& consumers : wires)
    for (std::size_t i = 0; i < parallelism; ++i)
      consumers.push_back(i);
  return wires;
}

/// A record that travels with the hash of its key.
template <class Record>
struct hashed_item {
  Record data;
  std::uint64_t hash;
};

/// Sums what `Weigh` makes of each record, and folds the hashes.
template <class Record, auto Weigh>
struct hashed_fold {
  std::uint64_t checksum = 0;
  std::uint64_t hashes = 0;

  template <class Params>
  explicit hashed_fold(const Params&) {}
  void add(const hashed_item<Record>& item) {
    checksum += Weigh(item.data);
    hashes ^= item.hash;
  }
  void merge(const hashed_fold& other) {
    checksum += other.checksum;
    hashes ^= other.hashes;
  }
};

template <class Fold>
struct batch_run {
  Fold folded;
  run_figures figures;
};

/// Runs the actors to their end, on as many threads as there are consumers.
template <class Work, class Producer = batch_producer<Work>>
batch_run<typename Work::fold>
run_batch_actors(const typename Work::params& params, std::uint64_t records,
                 const batch_wiring& wires, std::size_t consumers) {
  using fold = typename Work::fold;
  actor_threads config(consumers);
  caf::actor_system system(config);
  const run_clock clock;
  std::vector<caf::actor> producers;
  std::vector<std::vector<batch_peer>> inputs(consumers);
  for (std::size_t i = 0; i < wires.size(); ++i) {
    producers.push_back(system.spawn<Producer>(params, i, wires[i].size()));
    for (std::size_t channel = 0; channel < wires[i].size(); ++channel)
      inputs[wires[i][channel]].push_back({producers[i], channel});
  }
  std::vector<caf::actor> readers;
  std::vector<std::future<fold>> results;
  std::vector<batch_start> starts(producers.size());
  for (std::size_t i = 0; i < consumers; ++i) {
    auto result = std::make_shared<std::promise<fold>>();
    results.push_back(result->get_future());
    readers.push_back(
        system.spawn<batch_consumer<Work>>(params, inputs[i], std::move(result)));
  }
  std::vector<std::size_t> channels(consumers);
  for (std::size_t i = 0; i < wires.size(); ++i)
    for (const auto consumer : wires[i])
      starts[i].consumers.push_back({readers[consumer], channels[consumer]++});
  for (std::size_t i = 0; i < producers.size(); ++i)
    caf::anon_send(producers[i], std::move(starts[i]));
  fold folded(params);
  for (auto& result : results)
    folded.merge(result.get());
  auto figures = clock.stop(records);
  return {std::move(folded), std::move(figures)};
}

} // namespace weir::bench
