#include "state/page_supplier.hpp"

#include <algorithm>
#include <chrono>

namespace weir {

namespace {

// Who has taken much will take more: up to 32 MB are kept ready.
constexpr std::size_t ready_min = 2;
constexpr std::size_t ready_max = 16;
constexpr std::chrono::seconds patience{1};

} // namespace

page_supplier::page_supplier() {
  ready_.reserve(ready_max);
  thread_ = std::thread([this] { supply(); });
}

page_supplier::~page_supplier() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  taken_or_over_.notify_one();
  thread_.join();
}

std::optional<memory_chunk> page_supplier::take() {
  std::optional<memory_chunk> chunk;
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    if (!ready_.empty()) {
      ++taken_;
      chunk.emplace(std::move(ready_.back()));
      ready_.pop_back();
    }
  }
  taken_or_over_.notify_one();
  return chunk;
}

std::size_t page_supplier::wanted() const noexcept {
  // Nothing before a first table has grown large.
  return asked_ ? std::clamp(taken_ / 4, ready_min, ready_max) : 0;
}

void page_supplier::supply() {
  std::unique_lock lock(mutex_);
  const auto due = [this] { return over_ || ready_.size() < wanted(); };
  while (true) {
    if (!asked_) {
      taken_or_over_.wait(lock, due);
    } else if (!taken_or_over_.wait_for(lock, patience, due)) {
      asked_ = false; // no table grows any more
      ready_.clear();
      continue;
    }
    if (over_)
      return;
    lock.unlock();
    auto chunk = memory_chunk::large();
    if (!chunk)
      return; // the tables will meet the same shortage, and report it
    lock.lock();
    ready_.push_back(std::move(*chunk));
  }
}

} // namespace weir
