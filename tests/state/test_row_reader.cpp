// Rows of a rocksdb backend that are read by key, also while it is written to.
#include "state/rocksdb/rocksdb_backend.hpp"
#include "tests/state/disk_fixture.hpp"

#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace weir::test::test_row_reader {

namespace {

constexpr std::uint32_t groups = 128;
constexpr std::size_t key_bytes = 10;
constexpr row_sizes sizes_of_all{key_bytes, sizeof(std::uint64_t)};

using rows = std::map<std::uint64_t, std::uint64_t>;
using changes = std::map<std::uint64_t, std::optional<std::uint64_t>>; // none: removed

key_group group_of(std::uint64_t number) {
  return static_cast<key_group>(number % groups);
}

std::string key_of(std::uint64_t number) {
  std::string key(key_bytes, '\0');
  key[1] = static_cast<char>(group_of(number));
  for (std::size_t i = 0; i < 8; ++i)
    key[9 - i] = static_cast<char>(number >> (8 * i));
  return key;
}

std::uint64_t number_of(std::span<const std::byte> key) {
  std::uint64_t number = 0;
  for (const std::byte byte : key.subspan(2))
    number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return number;
}

void append(encoded_rows& out, std::string_view key, std::string_view value) {
  std::byte* row = out.append({key.size(), value.size()});
  std::memcpy(row, key.data(), key.size());
  std::memcpy(row + key.size(), value.data(), value.size());
}

encoded_run run_of(const changes& content, const row_shape& shape) {
  encoded_run run(shape, groups);
  for (const auto& [number, value] : content) {
    encoded_rows& part = run.part_of(group_of(number));
    if (value)
      append(part, key_of(number),
             {reinterpret_cast<const char*>(&*value), sizeof *value});
    else
      part.append_removed(key_of(number));
  }
  return run;
}

encoded_rows keys_of(const std::vector<std::uint64_t>& numbers, bool shaped = false) {
  encoded_rows keys(shaped ? row_shape({key_bytes, 0}) : std::nullopt);
  for (const std::uint64_t number : numbers)
    append(keys, key_of(number), "");
  return keys;
}

rows content_of(const encoded_rows& found) {
  rows content;
  for (std::size_t row = 0; row < found.rows(); ++row) {
    std::uint64_t value = 0;
    BOOST_REQUIRE(found.value(row).size() == sizeof value);
    std::memcpy(&value, found.value(row).data(), sizeof value);
    BOOST_REQUIRE(content.emplace(number_of(found.key(row)), value).second);
  }
  return content;
}

struct reader_fixture : scratch_directory {
  reader_fixture() : scratch_directory(fast_place()), shared(make("shared")) { open(); }

  void open(const rocksdb_settings& settings = {}) {
    reader.reset();
    state = open_rocksdb_backend(next_directory(), settings);
    reader = state->reader();
  }

  void ingest(const changes& content, bool whole = false,
              const row_shape& shape = std::nullopt) {
    encoded_run run = run_of(content, shape);
    if (whole)
      run.set_whole();
    state->ingest(run);
  }

  rows read(const std::vector<std::uint64_t>& numbers) {
    encoded_rows found(std::nullopt);
    BOOST_REQUIRE(reader->read(keys_of(numbers), found));
    return content_of(found);
  }

  /// The subtask is that of a job in which others have the groups that it gives up.
  void restore(std::vector<key_group_range> kept = {{}},
               const rocksdb_settings& settings = {}) {
    const fs::path checkpoint = make("chk-" + std::to_string(directories++));
    const auto handle = state->snapshot(checkpoint, shared, "counts-0.keyed");
    keyed_origin origin{checkpoint, shared, {}};
    for (const key_group_range& each : kept)
      origin.sources.push_back({handle, each});
    reader.reset();
    state = open_rocksdb_backend(next_directory(), origin, settings);
    reader = state->reader();
  }

  fs::path next_directory() { return make("db-" + std::to_string(directories++)); }

  int directories = 0;
  fs::path shared;
  std::unique_ptr<backend> state;
  std::shared_ptr<row_reader> reader;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rows_by_key, reader_fixture)

BOOST_AUTO_TEST_CASE(a_row_is_found_once_and_in_its_newest_version) {
  BOOST_TEST(read({1}).empty());
  ingest({{1, 10}, {2, 20}, {300, 30}});
  ingest({{2, 21}});
  BOOST_TEST((read({300, 2, 7, 2, 1, 300}) == rows{{1, 10}, {2, 21}, {300, 30}}));
  BOOST_TEST((read({2}) == rows{{2, 21}}));
  BOOST_TEST(read({7, 301}).empty());
  BOOST_TEST(read({}).empty());
}

BOOST_AUTO_TEST_CASE(a_row_that_was_removed_is_not_found_until_it_comes_back) {
  ingest({{1, 10}, {2, 20}});
  ingest({{1, std::nullopt}});
  BOOST_TEST((read({1, 2}) == rows{{2, 20}}));
  ingest({{1, 11}});
  BOOST_TEST((read({1, 2}) == rows{{1, 11}, {2, 20}}));
}

BOOST_AUTO_TEST_CASE(rows_of_one_shape_are_found_by_keys_of_one_shape) {
  ingest({{1, 10}, {2, 20}}, false, sizes_of_all);
  encoded_rows found(sizes_of_all);
  BOOST_REQUIRE(reader->read(keys_of({2, 1, 3, 2}, true), found));
  BOOST_TEST((content_of(found) == rows{{1, 10}, {2, 20}}));
}

BOOST_AUTO_TEST_CASE(what_was_found_before_stays) {
  ingest({{1, 10}, {2, 20}});
  encoded_rows found(std::nullopt);
  BOOST_REQUIRE(reader->read(keys_of({1}), found));
  BOOST_REQUIRE(reader->read(keys_of({2}), found));
  BOOST_TEST((content_of(found) == rows{{1, 10}, {2, 20}}));
}

BOOST_AUTO_TEST_CASE(a_whole_run_leaves_nothing_else_to_find) {
  ingest({{1, 10}, {2, 20}});
  ingest({{2, 21}, {3, 30}}, true);
  BOOST_TEST((read({1, 2, 3}) == rows{{2, 21}, {3, 30}}));
}

BOOST_AUTO_TEST_CASE(rows_of_every_database_are_found_and_none_of_other_subtasks) {
  changes all;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    all[number] = number + 1;
    numbers.push_back(number);
  }
  ingest(all);
  const std::vector<key_group_range> kept{{3, 40}, {90, 127}};
  restore(kept);
  ingest({{0, 7}, {40, 8}, {60, 9}}); // those of 0 and 60 go to databases of their own
  rows expected;
  for (const auto& [number, value] : all)
    if (kept[0].has(group_of(number)) || kept[1].has(group_of(number)))
      expected[number] = *value;
  expected[0] = 7;
  expected[40] = 8;
  expected[60] = 9;
  BOOST_TEST((read(numbers) == expected));
}

BOOST_AUTO_TEST_CASE(a_row_that_has_expired_is_found) {
  open({.rows_expire = true});
  state->expire(processing_time(std::chrono::microseconds(1000)));
  const std::int64_t until = 10;
  std::string value{"\1\1", 2};
  value.append(reinterpret_cast<const char*>(&until), sizeof until);
  encoded_run run(std::nullopt, groups);
  append(run.part_of(0), key_of(0), value);
  state->ingest(run);
  encoded_rows found(std::nullopt);
  BOOST_REQUIRE(reader->read(keys_of({0}), found));
  BOOST_TEST(found.rows() == 1U);
}

BOOST_AUTO_TEST_CASE(large_values_are_all_found_a_few_at_a_time) {
  constexpr std::size_t large = std::size_t{5} << 19;
  std::vector<std::uint64_t> numbers;
  encoded_run run(std::nullopt, groups);
  for (std::uint64_t number = 0; number < 12; ++number) {
    append(run.part_of(group_of(number)), key_of(number),
           std::string(large + number, static_cast<char>('a' + number)));
    numbers.push_back(number);
  }
  state->ingest(run);
  encoded_rows found(std::nullopt);
  BOOST_REQUIRE(reader->read(keys_of(numbers), found));
  BOOST_REQUIRE(found.rows() == numbers.size());
  for (std::size_t row = 0; row < found.rows(); ++row) {
    const std::uint64_t number = number_of(found.key(row));
    BOOST_TEST(found.value(row).size() == large + number);
    BOOST_TEST((found.value(row).back() == static_cast<std::byte>('a' + number)));
  }
}

BOOST_AUTO_TEST_CASE(rows_of_another_size_are_refused) {
  ingest({{1, 10}});
  encoded_rows other_value(row_sizes{key_bytes, 4});
  check_error([&] { reader->read(keys_of({1}), other_value); }, failure::restore_refused,
              {"10 + 8", "10 + 4"});
}

BOOST_AUTO_TEST_CASE(nobody_may_believe_a_reader_whose_backend_is_gone) {
  ingest({{1, 10}});
  state.reset();
  encoded_rows found(std::nullopt);
  BOOST_TEST(!reader->read(keys_of({1}), found));
  BOOST_TEST(found.empty());
}

BOOST_AUTO_TEST_CASE(filters_are_written_only_for_who_reads_by_key) {
  changes content;
  for (std::uint64_t number = 0; number < 1000; ++number)
    content[number] = number;
  const auto bytes_of_a_run = [&](bool read) {
    state = open_rocksdb_backend(next_directory());
    if (read)
      state->reader();
    ingest(content);
    const fs::path checkpoint = make("chk-" + std::to_string(directories++));
    return state->snapshot(checkpoint, shared, "counts-0.keyed").shared.at(0).size;
  };
  BOOST_TEST(bytes_of_a_run(false) + 1000 < bytes_of_a_run(true));
}

BOOST_AUTO_TEST_CASE(rows_are_found_while_others_come_in) {
  constexpr std::uint64_t rows_in_all = 300;
  changes content;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; number < rows_in_all; ++number) {
    content[number] = 0;
    numbers.push_back(number);
  }
  ingest(content);
  bool consistent = true;
  std::uint64_t reads = 0;
  std::thread reading([&] {
    std::vector<std::uint64_t> last(rows_in_all);
    for (encoded_rows found(std::nullopt); reader->read(keys_of(numbers), found);
         found = encoded_rows(std::nullopt), ++reads) {
      consistent &= found.rows() == rows_in_all;
      for (std::size_t row = 0; row < found.rows(); ++row) {
        std::uint64_t value = 0;
        std::memcpy(&value, found.value(row).data(), sizeof value);
        std::uint64_t& before = last[number_of(found.key(row))];
        consistent &= before <= value;
        before = value;
      }
    }
  });
  for (std::uint64_t version = 1; version <= 60; ++version) {
    const bool whole = version % 10 == 0;
    changes newer;
    for (std::uint64_t number = version % 3; number < rows_in_all;
         number += whole ? 1 : 3)
      newer[number] = version;
    if (whole)
      for (const std::uint64_t number : numbers)
        newer[number] = version;
    ingest(newer, whole);
  }
  state.reset();
  reading.join();
  BOOST_TEST(consistent);
  BOOST_TEST_MESSAGE(reads << " reads");
}

BOOST_AUTO_TEST_CASE(random_histories_agree_with_a_map) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_MESSAGE("WEIR_SEED=" << seed);
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    std::mt19937_64 random(seed);
    rows expected;
    for (int step = 0; step < 80; ++step) {
      const bool whole = random() % 16 == 0;
      changes content;
      if (whole)
        for (const auto& row : expected)
          content[row.first] = random();
      for (auto i = random() % 200; i > 0; --i)
        content[random() % 1000] =
            !whole && random() % 4 == 0 ? std::nullopt : std::optional(random());
      ingest(content, whole);
      for (const auto& [number, value] : content)
        if (value)
          expected[number] = *value;
        else
          expected.erase(number);
      if (random() % 8 == 0)
        restore({{0, 63}, {64, last_key_group}},
                {.cache_bytes = random() % 2 * (std::uint64_t{64} << 10)});
      std::vector<std::uint64_t> asked;
      rows wanted;
      for (auto i = random() % 300; i > 0; --i) {
        asked.push_back(random() % 1100);
        if (const auto row = expected.find(asked.back()); row != expected.end())
          wanted.insert(*row);
      }
      BOOST_REQUIRE((read(asked) == wanted));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_row_reader
