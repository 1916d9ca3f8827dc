// How a chain ends in channels to the tasks of the next ones. All kinds are concrete
// types inside the chain's loop; the only virtual call is a batch that leaves.
#pragma once

#include "operators/route.hpp"

namespace weir {

/// Each record to the one channel that `Route` chooses.
template <class Batch, route_to<typename Batch::value_type> Route>
class routed_exchange {
  using record = typename Batch::value_type;

public:
  static constexpr bool congestible = true;

  routed_exchange(outbox& out, const way_out& way, Route route)
      : outbox_(&out), first_(way.first), route_(std::move(route)),
        writers_(way.channels) {
    for (auto& each : writers_)
      each.open({});
  }

  template <class Time>
  [[gnu::always_inline]] void write(const record& emitted, Time time) {
    const auto [channel, hash] = route_(emitted);
    if (writers_[channel].push(emitted, time, hash)) [[unlikely]]
      ship(channel);
  }

  template <class Block>
  auto in_block(Block block) {
    return block(
        [this](const record& emitted, auto time) { this->write(emitted, time); });
  }

  bool congested() const noexcept { return outbox_->congested(); }
  void start(const task_start&) {}
  void snapshot(std::vector<operator_snapshot>&) {}
  void finish() {}

  void close_batches() {
    for (out_channel channel = 0; channel < writers_.size(); ++channel)
      if (!writers_[channel].empty())
        ship(channel);
  }

private:
  [[gnu::noinline]] void ship(out_channel channel) {
    outbox_->ship(first_ + channel, writers_[channel].close());
    writers_[channel].open(outbox_->recycled(first_ + channel));
  }

  outbox* outbox_;
  out_channel first_;
  Route route_;
  std::vector<batch_writer<Batch>> writers_; // one per channel
};

/// Every record to all channels: one batch, shared by all who read it.
template <class Batch>
class broadcast_exchange {
  using record = typename Batch::value_type;

public:
  static constexpr bool congestible = true;

  broadcast_exchange(outbox& out, const way_out& way) : outbox_(&out), way_(way) {
    writer_.open({});
  }

  template <class Block>
  auto in_block(Block block) {
    return block([this](const record& emitted, auto time) {
      if (writer_.push(emitted, time, 0)) [[unlikely]]
        ship();
    });
  }

  bool congested() const noexcept { return outbox_->congested(); }
  void start(const task_start&) {}
  void snapshot(std::vector<operator_snapshot>&) {}
  void finish() {}

  void close_batches() {
    if (!writer_.empty())
      ship();
  }

private:
  [[gnu::noinline]] void ship() {
    const batch_ref shared = writer_.close();
    for (out_channel channel = 0; channel < way_.channels; ++channel)
      outbox_->ship(way_.first + channel, shared);
    writer_.open(recycled());
  }

  /// Whoever was the last to read a batch returned it.
  batch_ref recycled() {
    for (out_channel channel = 0; channel < way_.channels; ++channel)
      if (batch_ref empty = outbox_->recycled(way_.first + channel))
        return empty;
    return {};
  }

  outbox* outbox_;
  way_out way_;
  batch_writer<Batch> writer_;
};

/// Every record to each of several consumers: one batch, shared by one task of every
/// consumer; where a consumer has several that this task sends to, they take turns.
template <class Batch>
class shared_exchange {
  using record = typename Batch::value_type;

public:
  static constexpr bool congestible = true;

  explicit shared_exchange(const task_context& context) : outbox_(context.outbox) {
    for (const way_out& way : context.ways)
      if (way.output == main_output)
        consumers_.push_back({way, context.subtask % way.channels});
    writer_.open({});
  }

  template <class Block>
  auto in_block(Block block) {
    return block([this](const record& emitted, auto time) {
      if (writer_.push(emitted, time, 0)) [[unlikely]]
        ship();
    });
  }

  bool congested() const noexcept { return outbox_->congested(); }
  void start(const task_start&) {}
  void snapshot(std::vector<operator_snapshot>&) {}
  void finish() {}

  void close_batches() {
    if (!writer_.empty())
      ship();
  }

private:
  struct consumer {
    way_out way;
    out_channel next; // whose turn it is
  };

  [[gnu::noinline]] void ship() {
    const batch_ref full = writer_.close();
    for (consumer& to : consumers_) {
      outbox_->ship(to.way.first + to.next, full);
      to.next = to.next + 1 == to.way.channels ? 0 : to.next + 1;
    }
    writer_.open(recycled());
  }

  /// Whoever was the last to read a batch returned it.
  batch_ref recycled() {
    for (const consumer& from : consumers_)
      for (out_channel channel = 0; channel < from.way.channels; ++channel)
        if (batch_ref empty = outbox_->recycled(from.way.first + channel))
          return empty;
    return {};
  }

  outbox* outbox_;
  std::vector<consumer> consumers_;
  batch_writer<Batch> writer_;
};

} // namespace weir
