// A source of made-up records, replayable: record `i` is a pure function of `i` and of
// random numbers drawn for it from the seed. Each subtask owns a range of indexes; its
// position is what is left of the ranges. Long weir::text points to memory of `make`'s
// own, or is made in an arena that `make` gets and that is cleared after each record.
#pragma once

#include "operators/random.hpp"
#include "operators/source_chain.hpp"
#include "serialization/text_arena.hpp"

namespace weir {

namespace detail {

/// Indexes first..end-1.
struct index_range {
  std::uint64_t next = 0;
  std::uint64_t end = 0;
};

/// Which indexes a generator may emit now: its ranges, one after the other, and its pace.
class generator_position {
public:
  generator_position(index_range all, double records_per_second)
      : now_(all), records_per_second_(records_per_second) {}

  /// The range of one subtask, out of `records`; the pace is that of all subtasks.
  static generator_position share(std::uint64_t records, std::uint32_t subtask,
                                  std::uint32_t parallelism, std::uint64_t pace);

  /// With what is left of its ranges, or its share of what is left of all.
  void start(const operator_start& from);

  std::uint64_t next() const noexcept { return now_.next; }
  bool ended() const noexcept { return now_.next == now_.end; }
  /// How many records are due at `now`, at most `records_max` and none of a later range.
  std::uint64_t due(std::size_t records_max, steady_time now);
  /// When the next record is due. Requires: due() was 0.
  steady_time next_due() const;
  void advance(std::uint64_t records) noexcept {
    now_.next += records;
    paced_ += records;
    if (ended())
      begin_next_range();
  }

  std::vector<std::byte> save() const;

private:
  void begin_next_range() noexcept;

  index_range now_;                // empty: nothing is left
  std::vector<index_range> later_; // the next one last
  double records_per_second_;      // 0: as fast as the stream takes them
  std::optional<steady_time> began_;
  std::uint64_t paced_ = 0; // emitted since began_
};

} // namespace detail

namespace detail {

template <class F>
concept makes_texts =
    std::regular_invocable<F&, std::uint64_t, random_stream&, text_arena&>;

template <class F>
auto make_record(F& make, std::uint64_t index, random_stream& random, text_arena& texts) {
  if constexpr (makes_texts<F>)
    return std::invoke(make, index, random, texts);
  else
    return std::invoke(make, index, random);
}

} // namespace detail

template <class F>
concept generator_function = std::copy_constructible<F> &&
    (std::regular_invocable<F&, std::uint64_t, random_stream&> || detail::makes_texts<F>);

template <generator_function F>
class generator {
public:
  static constexpr bool rescales = true;

  generator(std::uint64_t records, F make) : records_(records), make_(std::move(make)) {}

  generator& seed(std::uint64_t seed) {
    seed_ = seed;
    return *this;
  }
  /// Emits at this pace, all subtasks together; 0 is full speed.
  generator& records_per_second(std::uint64_t pace) {
    pace_ = pace;
    return *this;
  }

  class instance {
  public:
    using output = decltype(detail::make_record(std::declval<F&>(), std::uint64_t{},
                                                std::declval<random_stream&>(),
                                                std::declval<text_arena&>()));

    instance(F make, std::uint64_t seed, detail::generator_position position)
        : make_(std::move(make)), seed_(seed), position_(position) {}

    void start(const operator_start& from) { position_.start(from); }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      const std::uint64_t due = position_.due(records_max, now);
      const std::uint64_t first = position_.next();
      for (std::uint64_t index = first; index < first + due; ++index) {
        random_stream random(seed_, index);
        emit(detail::make_record(make_, index, random, texts_));
        if constexpr (detail::makes_texts<F>)
          texts_.clear();
      }
      position_.advance(due);
      if (position_.ended())
        return {poll_result::next::ended, {}};
      if (due == 0)
        return {poll_result::next::wait, position_.next_due()};
      return {poll_result::next::more, {}};
    }

    std::vector<std::byte> position() const { return position_.save(); }

  private:
    F make_;
    std::uint64_t seed_;
    detail::generator_position position_;
    text_arena texts_; // of the record that is being emitted
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {make_, seed_,
            detail::generator_position::share(records_, subtask, parallelism, pace_)};
  }

private:
  std::uint64_t records_;
  F make_;
  std::uint64_t seed_ = 1;
  std::uint64_t pace_ = 0;
};

/// `records` records, each made by `make(index, random)` or `make(index, random, texts)`.
template <generator_function F>
generator<F> generate(std::uint64_t records, F make) {
  return {records, std::move(make)};
}

} // namespace weir
