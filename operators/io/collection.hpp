// The source that emits what a program hands to it: for tests, tables and examples. Each
// subtask owns a range; its position is what is left of it. It copies what it is given,
// with all weir::text.
#pragma once

#include "operators/io/generate.hpp"

#include <memory>

namespace weir {

template <std::copy_constructible T>
class collection {
public:
  static constexpr bool rescales = true;

  explicit collection(std::vector<T> records)
      : held_(std::make_shared<const held>(std::move(records))) {}

private:
  struct held {
    explicit held(std::vector<T> given) : records(std::move(given)) {
      if constexpr (holds_text<T>)
        for (T& each : records)
          copy_texts(each, texts);
    }

    std::vector<T> records;
    text_arena texts;
  };

public:
  class instance {
  public:
    using output = T;

    instance(std::shared_ptr<const held> from, detail::generator_position position)
        : held_(std::move(from)), position_(position) {}

    void start(const operator_start& from) { position_.start(from); }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      const std::uint64_t first = position_.next();
      const std::uint64_t end = first + position_.due(records_max, now);
      for (std::uint64_t i = first; i < end; ++i)
        emit(held_->records[i]);
      position_.advance(end - first);
      return {position_.ended() ? poll_result::next::ended : poll_result::next::more, {}};
    }

    std::vector<std::byte> position() const { return position_.save(); }

  private:
    std::shared_ptr<const held> held_;
    detail::generator_position position_;
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {held_, detail::generator_position::share(held_->records.size(), subtask,
                                                     parallelism, 0)};
  }

private:
  std::shared_ptr<const held> held_;
};

} // namespace weir
