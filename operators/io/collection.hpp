// The source that emits what a program hands to it: for tests, tables and examples. Each
// subtask owns a range; its position is what is left of it.
#pragma once

#include "operators/io/generate.hpp"

#include <memory>

namespace weir {

template <std::copy_constructible T>
class collection {
public:
  explicit collection(std::vector<T> records)
      : records_(std::make_shared<const std::vector<T>>(std::move(records))) {}

  class instance {
  public:
    using output = T;

    instance(std::shared_ptr<const std::vector<T>> records,
             detail::generator_position position)
        : records_(std::move(records)), position_(position) {}

    void start(const operator_start& from) {
      if (from.saved)
        position_.load(*from.saved);
    }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      const std::uint64_t first = position_.next();
      const std::uint64_t end = first + position_.due(records_max, now);
      for (std::uint64_t i = first; i < end; ++i)
        emit((*records_)[i]);
      position_.advance(end - first);
      return {position_.ended() ? poll_result::next::ended : poll_result::next::more, {}};
    }

    std::vector<std::byte> position() const { return position_.save(); }

  private:
    std::shared_ptr<const std::vector<T>> records_;
    detail::generator_position position_;
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {records_,
            detail::generator_position::share(records_->size(), subtask, parallelism, 0)};
  }

private:
  std::shared_ptr<const std::vector<T>> records_;
};

} // namespace weir
