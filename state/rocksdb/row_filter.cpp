#include "state/rocksdb/row_filter.hpp"

#include "serialization/ordered_key.hpp"

#include <span>

namespace weir {

namespace {

class other_groups final : public rocksdb::CompactionFilter {
public:
  explicit other_groups(key_group_range groups) : groups_(groups) {}

  const char* Name() const override { return "weir.other_groups"; }

  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice&, std::string*,
              bool*) const override {
    key_group group = 0;
    if (key.size() < sizeof group)
      return false;
    ordered_key<key_group>::decode_into(
        group, std::as_bytes(std::span(key.data(), key.size())).data());
    return !groups_.has(group);
  }

private:
  key_group_range groups_;
};

class other_groups_factory final : public rocksdb::CompactionFilterFactory {
public:
  explicit other_groups_factory(key_group_range groups) : groups_(groups) {}

  const char* Name() const override { return "weir.other_groups"; }

  std::unique_ptr<rocksdb::CompactionFilter>
  CreateCompactionFilter(const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<other_groups>(groups_);
  }

private:
  key_group_range groups_;
};

} // namespace

std::shared_ptr<rocksdb::CompactionFilterFactory> row_filter(key_group_range groups) {
  if (groups == key_group_range{})
    return nullptr;
  return std::make_shared<other_groups_factory>(groups);
}

} // namespace weir
