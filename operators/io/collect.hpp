// The sink that keeps records in memory, for tests and for programs that embed a job.
// Exactly once for as long as the program runs: a barrier saves how many records there
// are, a restart cuts back to them.
#pragma once

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

  std::mutex mutex_;
  std::deque<written> by_subtask_; // references to its elements stay valid
};

namespace detail {
/// The position of a sink that only appends, as a snapshot.
operator_snapshot save_length(std::size_t records);
/// What save_length saved, or 0; throws failure::restore_refused when it is more than the
/// `records` there are.
std::size_t saved_length(const operator_start& from, std::size_t records);
} // namespace detail

template <class T>
class collect {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = true;

  explicit collect(std::shared_ptr<collected<T>> into) : into_(std::move(into)) {}

  class instance {
  public:
    explicit instance(typename collected<T>::written& into) : into_(&into) {}

    void start(const operator_start& from) {
      into_->records.resize(detail::saved_length(from, into_->records.size()));
    }
    void write(const T& record) {
      into_->records.push_back(record);
      if constexpr (holds_text<T>)
        copy_texts(into_->records.back(), into_->texts);
    }
    void flush() {}
    std::optional<operator_snapshot> snapshot() const {
      return detail::save_length(into_->records.size());
    }
    void finish() {}

  private:
    typename collected<T>::written* into_;
  };

  template <std::same_as<T> Record>
  instance open(std::uint32_t subtask, std::uint32_t) const {
    return instance(into_->part(subtask));
  }

private:
  std::shared_ptr<collected<T>> into_;
};

} // namespace weir
