// The unit in which records travel: up to 1,024 values side by side, with the hashes of
// their keys where those are dear and their times where they have any, in one
// reference-counted envelope. A batch has one
// writer, then one reader; the reader returns it empty with its credit, so that in steady
// state nothing is allocated.
#pragma once

#include "operators/event_time.hpp"
#include "operators/record_bytes.hpp"
#include "serialization/holds_text.hpp"
#include "state/hash.hpp"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace weir {

constexpr std::size_t batch_records = 1024;

/// The envelope: what the runtime sees of a batch.
class batch_base {
public:
  batch_base() = default;
  virtual ~batch_base() = default;
  batch_base(const batch_base&) = delete;
  batch_base& operator=(const batch_base&) = delete;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// What its records are in bytes, estimated where they differ in size.
  virtual std::size_t bytes() const = 0;
  virtual void clear() noexcept = 0;

protected:
  std::size_t size_ = 0;

private:
  friend class batch_ref;
  std::atomic<std::uint32_t> references_{0};
};

/// An owner of a batch; copies share it.
class batch_ref {
public:
  batch_ref() noexcept = default;
  explicit batch_ref(std::unique_ptr<batch_base> fresh) noexcept
      : batch_(fresh.release()) {
    retain();
  }
  batch_ref(const batch_ref& other) noexcept : batch_(other.batch_) { retain(); }
  batch_ref(batch_ref&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
  batch_ref& operator=(batch_ref other) noexcept {
    std::swap(batch_, other.batch_);
    return *this;
  }
  ~batch_ref() {
    if (batch_ && batch_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete batch_;
  }

  explicit operator bool() const noexcept { return batch_ != nullptr; }
  batch_base& operator*() const noexcept { return *batch_; }
  batch_base* operator->() const noexcept { return batch_; }

  /// Nobody else holds the batch, so it may be cleared and written again.
  bool unique() const noexcept {
    return batch_->references_.load(std::memory_order_acquire) == 1;
  }

private:
  void retain() const noexcept {
    if (batch_)
      batch_->references_.fetch_add(1, std::memory_order_relaxed);
  }

  batch_base* batch_ = nullptr;
};

/// What a batch can hold.
template <class T>
concept batch_value = std::default_initializable<T> && std::copyable<T>;

/// Of batches whose records have no weir::text.
struct no_texts {
  void clear() noexcept {}
};

/// Whether a batch finds all weir::text in a T, or there is none; true, or an error that
/// says where it might be hidden.
template <class T>
constexpr bool check_texts() {
  if constexpr (holds_text<T>)
    return check_record<T>();
  else
    return true;
}

/// Values side by side, and the memory of their texts. Values behind the size are not
/// destroyed but assigned to, so that strings keep their memory.
template <class T>
class batch : public batch_base {
  static_assert(batch_value<T>);
  static_assert(check_texts<T>());

public:
  using value_type = T;

  batch() : values_(std::make_unique_for_overwrite<T[]>(batch_records)) {}

  std::size_t bytes() const final { return bytes_of(values(), size_); }
  void clear() noexcept final {
    size_ = 0;
    texts_.clear();
  }
  /// The first `records` values were written.
  void set_size(std::size_t records) noexcept { size_ = records; }

  T* values() noexcept { return values_.get(); }
  const T* values() const noexcept { return values_.get(); }
  /// Copies the texts of one of its values into the batch.
  void take_texts(T& value) requires holds_text<T> { copy_texts(value, texts_); }

private:
  std::unique_ptr<T[]> values_;
  [[no_unique_address]] std::conditional_t<holds_text<T>, text_arena, no_texts> texts_;
};

/// Values side by side, with columns beside them: the hashes of their keys, the times at
/// which they happened.
template <class T, bool Hashed, bool Timed>
class columned_batch final : public batch<T> {
public:
  columned_batch() {
    if constexpr (Hashed)
      hashes_ = std::make_unique_for_overwrite<std::uint64_t[]>(batch_records);
    if constexpr (Timed)
      times_ = std::make_unique_for_overwrite<event_time[]>(batch_records);
  }

  // Requires: the batch has the column.
  std::uint64_t* hashes() noexcept { return hashes_.get(); }
  const std::uint64_t* hashes() const noexcept { return hashes_.get(); }
  event_time* times() noexcept { return times_.get(); }
  const event_time* times() const noexcept { return times_.get(); }

private:
  std::unique_ptr<std::uint64_t[]> hashes_;
  std::unique_ptr<event_time[]> times_;
};

namespace detail {
template <class T, bool Hashed, bool Timed>
using batch_with =
    std::conditional_t<Hashed || Timed, columned_batch<T, Hashed, Timed>, batch<T>>;
} // namespace detail

/// The batch in which records travel to wherever.
template <class T, bool Timed>
using stream_batch = detail::batch_with<T, false, Timed>;

/// The batch in which records travel to the task of their key. A hash that costs a
/// multiplication or two is cheaper to compute again than to carry.
template <class T, class Key, bool Timed>
using keyed_batch = detail::batch_with<T, !cheap_to_hash<Key>, Timed>;

/// Which columns a batch has.
template <class Batch>
struct has_columns {
  static constexpr bool hashed = false;
  static constexpr bool timed = false;
};
template <class T, bool Hashed, bool Timed>
struct has_columns<columned_batch<T, Hashed, Timed>> {
  static constexpr bool hashed = Hashed;
  static constexpr bool timed = Timed;
};

/// Fills batches, one after the other.
template <class Batch>
class batch_writer {
public:
  using value_type = typename Batch::value_type;

  /// Requires: none is open, and `empty` is null or a Batch.
  void open(batch_ref empty) {
    batch_ = empty ? std::move(empty) : batch_ref(std::make_unique<Batch>());
    next_ = typed().values();
    end_ = next_ + batch_records;
  }

  /// True once the batch is full. Requires: it was not.
  template <class Time>
  bool push(const value_type& value, Time time, [[maybe_unused]] std::uint64_t hash) {
    if constexpr (has_columns<Batch>::hashed)
      typed().hashes()[next_ - typed().values()] = hash;
    if constexpr (has_columns<Batch>::timed)
      typed().times()[next_ - typed().values()] = time;
    *next_ = value;
    if constexpr (holds_text<value_type>)
      typed().take_texts(*next_);
    return ++next_ == end_;
  }

  bool empty() const noexcept { return next_ == end_ - batch_records; }

  /// Ends the batch and gives it away.
  batch_ref close() {
    typed().set_size(batch_records - static_cast<std::size_t>(end_ - next_));
    return std::move(batch_);
  }

private:
  Batch& typed() const noexcept { return static_cast<Batch&>(*batch_); }

  batch_ref batch_;
  value_type* next_ = nullptr; // where the next value goes
  value_type* end_ = nullptr;
};

} // namespace weir
