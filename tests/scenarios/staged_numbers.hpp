// A source that goes on when the test says so: its numbers come in stages. So a test
// waits for checkpoints and failures, and never for time.
#pragma once

#include "operators/weir.hpp"

#include <atomic>
#include <cstring>
#include <memory>
#include <numeric>
#include <vector>

namespace weir::testing {

/// The n-th number of a subtask of the source.
struct staged_number {
  std::uint32_t subtask;
  std::uint64_t n;

  auto operator<=>(const staged_number&) const = default;
};

/// How many stages have begun.
using begun_stages = std::shared_ptr<std::atomic<std::uint32_t>>;

inline begun_stages first_stage() {
  return std::make_shared<std::atomic<std::uint32_t>>(1);
}

class staged_numbers {
public:
  static constexpr bool blocking = false;

  /// `numbers(subtask)` is how many there are in each stage.
  staged_numbers(begun_stages begun,
                 std::function<std::vector<std::uint64_t>(std::uint32_t)> numbers)
      : begun_(std::move(begun)), numbers_(std::move(numbers)) {}

  class instance {
  public:
    using output = staged_number;

    instance(begun_stages begun, std::uint32_t subtask,
             std::vector<std::uint64_t> numbers)
        : begun_(std::move(begun)), subtask_(subtask), numbers_(std::move(numbers)) {}

    void start(const operator_start& from) {
      if (from.saved)
        std::memcpy(&next_, from.saved->data(), sizeof next_);
    }
    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      const std::uint64_t allowed = end_of(*begun_);
      for (std::size_t i = 0; i < records_max && next_ < allowed; ++i, ++next_)
        emit(staged_number{subtask_, next_});
      if (next_ < allowed)
        return {poll_result::next::more, {}};
      if (next_ == end_of(numbers_.size()))
        return {poll_result::next::ended, {}};
      return {poll_result::next::wait, now + std::chrono::milliseconds(1)};
    }
    std::vector<std::byte> position() const {
      std::vector<std::byte> saved(sizeof next_);
      std::memcpy(saved.data(), &next_, sizeof next_);
      return saved;
    }

  private:
    std::uint64_t end_of(std::size_t stages) const {
      const auto end = static_cast<std::ptrdiff_t>(std::min(stages, numbers_.size()));
      return std::accumulate(numbers_.begin(), numbers_.begin() + end, std::uint64_t{0});
    }

    begun_stages begun_;
    std::uint32_t subtask_;
    std::vector<std::uint64_t> numbers_;
    std::uint64_t next_ = 0;
  };

  instance open(std::uint32_t subtask, std::uint32_t) const {
    return {begun_, subtask, numbers_(subtask)};
  }

private:
  begun_stages begun_;
  std::function<std::vector<std::uint64_t>(std::uint32_t)> numbers_;
};

} // namespace weir::testing
