// What compactions of the rocksdb backend leave out.
#include "state/rocksdb/rocksdb_backend.hpp"
#include "tests/state/disk_fixture.hpp"

#include <cstring>

namespace weir::test::test_row_filter {

namespace {

std::string key_of(key_group group) {
  std::string key(10, '\0');
  key[1] = static_cast<char>(group);
  return key;
}

// As the rows of states by name begin; the rest does not matter here.
std::string value_until(std::int64_t microseconds) {
  std::string value{"\1\1", 2};
  value.append(reinterpret_cast<const char*>(&microseconds), sizeof microseconds);
  return value;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(row_filter, scratch_directory)

BOOST_AUTO_TEST_CASE(rows_that_have_expired_are_left_out_by_compactions) {
  constexpr std::int64_t late = 1'000;
  const auto old_key = key_of(7);
  const auto young_key = key_of(8);
  for (const bool rows_expire : {false, true}) {
    const auto expiring = open_rocksdb_backend(
        make("expiring-" + std::to_string(rows_expire)), {.rows_expire = rows_expire});
    expiring->expire(processing_time(processing_time::duration(late)));
    // The first runs go to a level each; what is in later ones is compacted soon.
    constexpr int old_run = 10;
    std::size_t rows_left = 2;
    for (int run = 0; run < 200 && (run <= old_run || rows_left == 2); ++run) {
      encoded_run changes(std::nullopt, 128);
      for (const auto& [key, until] : {std::pair(old_key, late), {young_key, late + 1}}) {
        if (key == old_key && run != old_run)
          continue;
        const std::string value = value_until(until);
        std::byte* row = changes.part_of(static_cast<key_group>(key[1]))
                             .append({key.size(), value.size()});
        std::memcpy(row, key.data(), key.size());
        std::memcpy(row + key.size(), value.data(), value.size());
      }
      expiring->ingest(changes);
      encoded_rows read(std::nullopt);
      expiring->scan()->read(read, 10);
      rows_left = read.rows();
    }
    BOOST_TEST(rows_left == (rows_expire ? 1U : 2U));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_row_filter
