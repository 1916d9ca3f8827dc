// The unit in which records travel: up to 1,024 values side by side with the hashes of
// their keys, in one reference-counted envelope. A batch has one writer, then one reader;
// the reader returns it empty with its credit, so that in steady state nothing is
// allocated.
#pragma once

#include <atomic>
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

template <class T>
class batch final : public batch_base {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  batch()
      : values_(std::make_unique_for_overwrite<T[]>(batch_records)),
        hashes_(std::make_unique_for_overwrite<std::uint64_t[]>(batch_records)) {}

  bool full() const noexcept { return size_ == batch_records; }
  /// Requires: not full.
  void push(const T& value, std::uint64_t hash) noexcept {
    values_[size_] = value;
    hashes_[size_] = hash;
    ++size_;
  }
  void clear() noexcept override { size_ = 0; }

  const T* values() const noexcept { return values_.get(); }
  const std::uint64_t* hashes() const noexcept { return hashes_.get(); }

private:
  std::unique_ptr<T[]> values_;
  std::unique_ptr<std::uint64_t[]> hashes_;
};

} // namespace weir
