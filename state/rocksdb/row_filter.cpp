#include "state/rocksdb/row_filter.hpp"

#include "state/row_expiry.hpp"
#include "state/row_key.hpp"

#include <span>

namespace weir {

namespace {

std::span<const std::byte> bytes_of(const rocksdb::Slice& slice) {
  return std::as_bytes(std::span(slice.data(), slice.size()));
}

class rows_that_count final : public rocksdb::CompactionFilter {
public:
  rows_that_count(key_group_range groups, processing_time now)
      : groups_(groups), now_(now) {}

  const char* Name() const override { return "weir.rows_that_count"; }

  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice& value, std::string*,
              bool*) const override {
    if (key.size() < sizeof(key_group))
      return false;
    return !groups_.has(group_of_row(bytes_of(key))) || expired(value);
  }

private:
  bool expired(const rocksdb::Slice& value) const {
    if (now_ == processing_time::min())
      return false;
    const auto until = row_expiry(bytes_of(value));
    return until && *until <= now_;
  }

  key_group_range groups_;
  processing_time now_; // min: no row expires
};

class row_filter_factory final : public rocksdb::CompactionFilterFactory {
public:
  row_filter_factory(key_group_range groups, std::shared_ptr<const expiry_clock> clock)
      : groups_(groups), clock_(std::move(clock)) {}

  const char* Name() const override { return "weir.rows_that_count"; }

  std::unique_ptr<rocksdb::CompactionFilter>
  CreateCompactionFilter(const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<rows_that_count>(groups_, clock_ ? clock_->now()
                                                             : processing_time::min());
  }

private:
  key_group_range groups_;
  std::shared_ptr<const expiry_clock> clock_;
};

} // namespace

std::shared_ptr<rocksdb::CompactionFilterFactory>
row_filter(key_group_range groups, std::shared_ptr<const expiry_clock> clock) {
  if (groups == key_group_range{} && !clock)
    return nullptr;
  return std::make_shared<row_filter_factory>(groups, std::move(clock));
}

} // namespace weir
