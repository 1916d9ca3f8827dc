// The sending half of a credit-bounded exchange: one open batch per consumer, buffers
// that circulate, and a credit per batch in flight. Owned by one source actor.
#pragma once

#include "bench/kernels/stream.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace weir::bench {

inline constexpr std::size_t batch_records = 1024;

template <typename Item>
struct batch {
  std::size_t size = 0;
  // Left uninitialised: the first `size` items are the batch.
  std::array<Item, batch_records> items;

  bool full() const { return size == batch_records; }
};

template <typename Item>
using batch_ptr = std::shared_ptr<batch<Item>>;

template <typename Item>
class batch_outbox {
public:
  batch_outbox(std::size_t consumers, int batches_in_flight)
      : window_(batches_in_flight), credits_(consumers, batches_in_flight) {
    for (std::size_t i = 0; i < consumers; ++i)
      open_.push_back(fresh());
  }

  /// Every open batch has room for as long as no consumer is out of credit.
  bool may_fill() const { return blocked_ == 0; }

  /// Nothing is in flight: every consumer waits.
  bool all_home() const {
    return std::all_of(credits_.begin(), credits_.end(),
                       [this](int credits) { return credits == window_; });
  }

  batch<Item>& open(std::size_t consumer) { return *open_[consumer]; }

  /// A place in the open batch, which is not full.
  Item& next_item(std::size_t consumer) {
    auto& batch = open(consumer);
    return batch.items[batch.size++];
  }

  /// Draws from `left` until a batch is full and returns whose; as many as there are
  /// consumers once all is drawn. `place(index)` draws a record into next_item of the
  /// consumer that it returns.
  template <class Place>
  std::size_t fill(index_range& left, Place place) {
    for (auto i = left.begin; i < left.end; ++i) {
      const std::size_t consumer = place(i);
      if (open(consumer).full()) {
        left.begin = i + 1;
        return consumer;
      }
    }
    left.begin = left.end;
    return open_.size();
  }

  /// Takes the open batch, which costs a credit, and opens another one. A barrier or the
  /// end may overdraw by one batch: it does not wait for credit.
  batch_ptr<Item> take(std::size_t consumer) {
    if (--credits_[consumer] == 0)
      ++blocked_;
    return std::exchange(open_[consumer], empty());
  }

  /// An emptied batch comes home with its credit.
  void give_back(std::size_t consumer, batch_ptr<Item> buffer) {
    if (++credits_[consumer] == 1)
      --blocked_;
    buffer->size = 0;
    pool_.push_back(std::move(buffer));
  }

private:
  static batch_ptr<Item> fresh() { return std::shared_ptr<batch<Item>>(new batch<Item>); }

  batch_ptr<Item> empty() {
    if (pool_.empty())
      return fresh();
    auto buffer = std::move(pool_.back());
    pool_.pop_back();
    return buffer;
  }

  const int window_;
  std::vector<batch_ptr<Item>> open_;
  std::vector<batch_ptr<Item>> pool_;
  std::vector<int> credits_;
  std::size_t blocked_ = 0;
};

} // namespace weir::bench
