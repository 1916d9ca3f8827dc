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
  void snapshot(checkpoint_id, std::vector<operator_snapshot>&) {}
  void completed(checkpoint_id) {}
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

/// Every record to each of several readers: one batch, shared by all of them. A reader is
/// one or more channels that take turns.
template <class Batch>
class copying_exchange {
  using record = typename Batch::value_type;

public:
  static constexpr bool congestible = true;

  /// To all tasks of the chain that reads the main output.
  static copying_exchange to_all_tasks(const task_context& context) {
    std::vector<reader> readers;
    const way_out& way = *context.way(main_output);
    for (out_channel channel = 0; channel < way.channels; ++channel)
      readers.push_back({way.first + channel, 1, 0});
    return {*context.outbox, std::move(readers)};
  }

  /// To one task of every chain that reads the main output, by turns.
  static copying_exchange to_each_chain(const task_context& context) {
    std::vector<reader> readers;
    for (const way_out& way : context.ways)
      if (way.output == main_output)
        readers.push_back({way.first, way.channels, context.subtask % way.channels});
    return {*context.outbox, std::move(readers)};
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
  void snapshot(checkpoint_id, std::vector<operator_snapshot>&) {}
  void completed(checkpoint_id) {}
  void finish() {}

  void close_batches() {
    if (!writer_.empty())
      ship();
  }

private:
  struct reader {
    out_channel first;
    std::uint32_t channels;
    out_channel next; // whose turn it is
  };

  copying_exchange(outbox& out, std::vector<reader> readers)
      : outbox_(&out), readers_(std::move(readers)) {
    writer_.open({});
  }

  [[gnu::noinline]] void ship() {
    const batch_ref full = writer_.close();
    for (reader& to : readers_) {
      outbox_->ship(to.first + to.next, full);
      to.next = to.next + 1 == to.channels ? 0 : to.next + 1;
    }
    writer_.open(recycled());
  }

  /// Whoever was the last to read a batch returned it.
  batch_ref recycled() {
    for (const reader& from : readers_)
      for (out_channel channel = 0; channel < from.channels; ++channel)
        if (batch_ref empty = outbox_->recycled(from.first + channel))
          return empty;
    return {};
  }

  outbox* outbox_;
  std::vector<reader> readers_;
  batch_writer<Batch> writer_;
};

} // namespace weir
