// The sink that keeps records in memory, for tests and for programs that embed a job.
// Exactly once for as long as the program runs: a barrier saves how many records there
// are, a restart cuts back to them.
#pragma once

#include "operators/io/output_ends.hpp"
#include "operators/sink_end.hpp"

#include <deque>
#include <mutex>

namespace weir {

/// What a `collect` has written, with copies of all weir::text. Read it when the job is
/// over.
template <class T>
class collected {
public:
  /// The records of one subtask, in the order in which it wrote them.
  const std::vector<T>& of_subtask(std::uint32_t subtask) const {
    return by_subtask_.at(subtask).records;
  }
  std::size_t subtasks() const noexcept { return by_subtask_.size(); }

  /// All records, one subtask after the other.
  std::vector<T> all() const {
    std::vector<T> together;
    for (const auto& [records, texts] : by_subtask_)
      together.insert(together.end(), records.begin(), records.end());
    return together;
  }

private:
  template <class>
  friend class collect;

  struct written {
    std::vector<T> records;
    text_arena texts;
  };

  written& part(std::uint32_t subtask) {
    const std::lock_guard lock(mutex_); // subtasks begin on threads of their own
    while (by_subtask_.size() <= subtask)
      by_subtask_.emplace_back();
    return by_subtask_[subtask];
  }

  std::uint32_t parts() {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint32_t>(by_subtask_.size());
  }

  std::mutex mutex_;
  std::deque<written> by_subtask_; // references to its elements stay valid
};

namespace detail {
/// How many records a sink in memory keeps of the `records` that it has; throws
/// failure::restore_refused when the checkpoint had more.
std::size_t checked_length(std::uint64_t saved, std::size_t records);
} // namespace detail

template <class T>
class collect {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = true;
  static constexpr bool rescales = true;

  explicit collect(std::shared_ptr<collected<T>> into) : into_(std::move(into)) {}

  class instance {
  public:
    instance(collected<T>& into, std::uint32_t subtask)
        : all_(&into), into_(&into.part(subtask)) {}

    void start(const operator_start& from) {
      ends_ = detail::output_ends<std::uint64_t>::taken_over(from);
      cut(*into_, ends_.own.value_or(0));
      for (const auto& [subtask, length] : ends_.others)
        cut(all_->part(subtask), length);
      // A run with more subtasks may have died before a checkpoint knew of their parts.
      const std::uint32_t parts = all_->parts();
      for (auto i = from.subtask + from.parallelism; i < parts; i += from.parallelism)
        if (!ends_.others.contains(i))
          cut(all_->part(i), 0);
    }
    void write(const T& record) {
      into_->records.push_back(record);
      if constexpr (holds_text<T>)
        copy_texts(into_->records.back(), into_->texts);
    }
    void flush() {}
    std::optional<operator_snapshot> snapshot() const {
      operator_snapshot saved;
      saved.bytes = ends_.saved_with(into_->records.size());
      return saved;
    }
    void finish() {}

  private:
    using written = typename collected<T>::written;

    static void cut(written& part, std::uint64_t length) {
      part.records.resize(detail::checked_length(length, part.records.size()));
    }

    collected<T>* all_;
    written* into_;
    detail::output_ends<std::uint64_t> ends_; // of parts that nobody writes any more
  };

  template <std::same_as<T> Record>
  instance open(std::uint32_t subtask, std::uint32_t) const {
    return instance(*into_, subtask);
  }

private:
  std::shared_ptr<collected<T>> into_;
};

} // namespace weir
