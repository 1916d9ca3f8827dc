// Where the streams of a harness begin and end: sources that read what a test has pushed,
// sinks that keep what a test will take.
#pragma once

#include "operators/stream_steps.hpp"
#include "runtime/testing/harness_engine.hpp"
#include "serialization/codec.hpp"
#include "serialization/text_arena.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::testing {

/// A record and when it happened, for a harness whose test sets event time by hand.
template <class T>
struct timed {
  T record;
  event_time at;
};

namespace detail {

template <class In>
struct input_of {
  using record = In;
  static constexpr bool timed = false;
};
template <class T>
struct input_of<timed<T>> {
  using record = T;
  static constexpr bool timed = true;
};

/// Records in memory, with all their texts.
template <class T>
class kept {
public:
  void add(const T& record) {
    records_.push_back(record);
    if constexpr (holds_text<T>)
      copy_texts(records_.back(), texts_);
  }
  const T& operator[](std::size_t i) const { return records_[i]; }
  /// Those that were not taken; their texts live as long as this.
  std::vector<T> take() { return std::exchange(records_, {}); }

private:
  std::vector<T> records_;
  text_arena texts_;
};

template <class In>
struct pushed_records : pushed_input {
  kept<In> records;

  void push(const std::vector<In>& more) {
    for (const In& each : more)
      records.add(each);
    pushed += more.size();
  }
};

template <class In>
class pushed_source {
public:
  explicit pushed_source(std::shared_ptr<const pushed_records<In>> from)
      : from_(std::move(from)) {}

  class instance {
  public:
    using output = In;

    explicit instance(std::shared_ptr<const pushed_records<In>> from)
        : from_(std::move(from)) {}

    void start(const operator_start& from) {
      if (from.saved)
        read_ = codec<std::uint64_t>::decode(from.saved->data());
    }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time) {
      for (std::size_t i = 0; i < records_max && read_ < from_->released; ++i)
        emit(from_->records[read_++]);
      if (read_ < from_->released)
        return {poll_result::next::more, {}};
      if (from_->ended)
        return {poll_result::next::ended, {}};
      return {poll_result::next::wait, steady_time::max()};
    }

    std::vector<std::byte> position() const {
      std::vector<std::byte> saved(codec<std::uint64_t>::size);
      codec<std::uint64_t>::encode(read_, saved.data());
      return saved;
    }

  private:
    std::shared_ptr<const pushed_records<In>> from_;
    std::uint64_t read_ = 0;
  };

  instance open(std::uint32_t, std::uint32_t) const { return instance(from_); }

private:
  std::shared_ptr<const pushed_records<In>> from_;
};

/// Times and watermarks as the test gives them.
template <class T>
struct times_by_hand : step<times_by_hand<T>, identity_stage> {
  static constexpr bool timed = true;
  std::shared_ptr<const pushed_input> input;
  task_clock* clock = nullptr;

  void open(const task_context& context, task_clock& of_task) {
    this->before.open(context, of_task);
    clock = &of_task;
  }

  template <class Next>
  [[gnu::always_inline]] auto through(Next& next) {
    return [&](const testing::timed<T>& value, auto) { next(value.record, value.at); };
  }

  weir::watermark watermark(steady_time) {
    clock->watermark = input->reached;
    return {input->reached, false};
  }
};

/// Begins a stream with what will be pushed into `from`.
template <class In>
auto begin_stream(job_graph& graph, const std::string& name,
                  std::shared_ptr<const pushed_records<In>> from) {
  using head =
      weir::detail::source_head<pushed_source<In>, weir::detail::side_writers<false>>;
  using record = typename input_of<In>::record;
  graph.claim_name(name);
  chain begun;
  begun.name = name;
  begun.operators.push_back({name, {}});
  const chain_index index = graph.add(std::move(begun));
  head source{name, pushed_source<In>(from), {}};
  if constexpr (input_of<In>::timed)
    return stream<record, head, times_by_hand<record>>(
        graph, index, std::move(source), times_by_hand<record>{{{}}, std::move(from)});
  else
    return stream<record, head, identity_stage>(graph, index, std::move(source), {});
}

/// What a type-erased list of them has in common.
struct any_output {
  virtual ~any_output() = default;
};
template <class T>
struct output_of final : any_output {
  kept<T> records;
};

/// The sink of one output. Tasks are thrown away between records only, so nothing that
/// they wrote is written again.
template <class T>
class keep {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  explicit keep(std::shared_ptr<output_of<T>> into) : into_(std::move(into)) {}

  struct instance {
    output_of<T>* into;

    void start(const operator_start&) {}
    void write(const T& record) { into->records.add(record); }
    void flush() {}
    std::optional<operator_snapshot> snapshot() const { return std::nullopt; }
    void finish() {}
  };

  template <std::same_as<T> Record>
  instance open(std::uint32_t, std::uint32_t) const {
    return {into_.get()};
  }

private:
  std::shared_ptr<output_of<T>> into_;
};

} // namespace detail

} // namespace weir::testing
