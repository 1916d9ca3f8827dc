#include "state/rocksdb/key_filters.hpp"

#include <utility>

namespace weir {

namespace {

// One key in a hundred that a table does not have is looked for in it all the same.
constexpr double bits_per_key = 10;

class filters_when_read final : public rocksdb::FilterPolicy {
public:
  explicit filters_when_read(std::shared_ptr<const key_reads> reads)
      : reads_(std::move(reads)) {}

  // Both those of the built-in one, so that whoever has that reads the tables, too.
  const char* Name() const override { return CompatibilityName(); }
  const char* CompatibilityName() const override { return bloom_->CompatibilityName(); }

  rocksdb::FilterBitsBuilder*
  GetBuilderWithContext(const rocksdb::FilterBuildingContext& context) const override {
    return reads_->begun() ? bloom_->GetBuilderWithContext(context) : nullptr;
  }
  rocksdb::FilterBitsReader*
  GetFilterBitsReader(const rocksdb::Slice& contents) const override {
    return bloom_->GetFilterBitsReader(contents);
  }

private:
  std::shared_ptr<const key_reads> reads_;
  std::unique_ptr<const rocksdb::FilterPolicy> bloom_{
      rocksdb::NewBloomFilterPolicy(bits_per_key)};
};

} // namespace

std::shared_ptr<const rocksdb::FilterPolicy>
key_filters(std::shared_ptr<const key_reads> reads) {
  if (!reads)
    return nullptr;
  return std::make_shared<filters_when_read>(std::move(reads));
}

} // namespace weir
