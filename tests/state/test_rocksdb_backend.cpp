#include "serialization/capnp/keyed_file_format.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"
#include "state/storage/local_files.hpp"
#include "tests/state/disk_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace weir::test::test_rocksdb_backend {

namespace {
using rows = std::map<std::uint64_t, std::uint64_t>;

constexpr std::size_t key_bytes = 10;

std::string key_of(std::uint64_t number) {
  std::string key(key_bytes, '\0');
  key[1] = static_cast<char>(number % 128); // key group
  for (std::size_t i = 0; i < 8; ++i)
    key[9 - i] = static_cast<char>(number >> (8 * i));
  return key;
}

encoded_run run_of(const rows& content, std::mt19937_64& random) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> shuffled(content.begin(),
                                                                content.end());
  std::ranges::shuffle(shuffled, random);
  encoded_run run(row_sizes{key_bytes, 8}, 128);
  for (const auto& [key, value] : shuffled) {
    std::byte* row = run.part_of(static_cast<key_group>(key % 128)).append();
    std::memcpy(row, key_of(key).data(), key_bytes);
    std::memcpy(row + key_bytes, &value, sizeof value);
  }
  return run;
}

ino_t inode(const fs::path& path) {
  struct stat info {};
  BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_ino;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

struct taken_snapshot {
  fs::path directory;
  keyed_handle handle;
  rows expected;
};

// One job's directories, with a backend and what it should contain.
struct backend_fixture : scratch_directory {
  backend_fixture() : shared(make("shared")) { start_empty(); }

  void start_empty() {
    current.reset();
    expected.clear();
    directory = make("db-" + std::to_string(databases++));
    current = open_rocksdb_backend(directory);
  }

  void ingest(const rows& changes) {
    current->ingest(run_of(changes, random));
    for (const auto& [key, value] : changes)
      expected[key] = value;
  }

  void ingest_whole(const rows& content) {
    encoded_run run = run_of(content, random);
    run.set_whole();
    current->ingest(run);
    expected = content;
  }

  taken_snapshot snapshot() {
    const fs::path target = make("chk-" + std::to_string(checkpoints++));
    return {target, current->snapshot(target, shared, "counts-0.keyed"), expected};
  }

  void restore(const taken_snapshot& from) {
    current.reset();
    directory = make("db-" + std::to_string(databases++));
    current = open_rocksdb_backend(
        directory, {from.directory, shared, {{from.handle, key_group_range{}}}});
    expected = from.expected;
  }

  keyed_database only_database(const taken_snapshot& of) {
    auto keyed = decode_keyed_file(
        read_file(of.directory / of.handle.file.name, failure::job_failed), "k");
    BOOST_REQUIRE(keyed.databases.size() == 1U);
    return std::move(keyed.databases[0]);
  }

  rows scan(std::size_t rows_max = 100) {
    rows result;
    const auto cursor = current->scan();
    std::string last;
    for (bool more = true; more;) {
      encoded_rows out(row_sizes{key_bytes, 8});
      more = cursor->read(out, rows_max);
      BOOST_REQUIRE(out.rows() <= rows_max);
      for (std::size_t i = 0; i < out.rows(); ++i) {
        std::string key(reinterpret_cast<const char*>(out.key(i).data()), key_bytes);
        BOOST_REQUIRE((last.empty() || last < key));
        last = key;
        std::uint64_t number = 0;
        for (std::size_t b = 2; b < key_bytes; ++b)
          number = number << 8 | static_cast<unsigned char>(key[b]);
        std::memcpy(&result[number], out.value(i).data(), 8);
      }
    }
    return result;
  }

  // A run that overlaps the earlier ones, so that L0 fills and compactions happen.
  rows random_changes(std::size_t count) {
    rows changes;
    for (std::size_t i = 0; i < count; ++i)
      changes[random() % 500] = random();
    return changes;
  }

  std::mt19937_64 random{1};
  fs::path shared;
  fs::path directory;
  std::unique_ptr<backend> current;
  rows expected;
  int databases = 0;
  int checkpoints = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rocksdb_backend, backend_fixture)

BOOST_AUTO_TEST_CASE(whole_runs_replace_what_was_there_and_older_snapshots_keep_theirs) {
  std::vector<taken_snapshot> taken;
  for (std::uint64_t version = 1; version <= 30; ++version) {
    if (version % 3 == 0)
      ingest({{2, 1000 + version}, {7, version}});
    else
      ingest_whole({{1, version}, {2, version}, {7, version}});
    taken.push_back(snapshot());
    BOOST_TEST(taken.back().handle.shared.size() == (version % 3 == 0 ? 2U : 1U));
    BOOST_TEST((scan() == expected));
  }
  for (const auto& snapshot : taken) {
    restore(snapshot);
    BOOST_TEST((scan() == snapshot.expected));
  }
}

BOOST_AUTO_TEST_CASE(a_whole_run_above_many_others_wins) {
  for (std::uint64_t version = 1; version <= 40; ++version)
    ingest({{1, version}, {2, version}});
  ingest_whole({{1, 50}, {2, 50}});
  BOOST_TEST((scan() == expected));
  ingest({{2, 51}});
  ingest_whole({{1, 52}, {2, 52}});
  restore(snapshot());
  BOOST_TEST((scan() == expected));
}

BOOST_AUTO_TEST_CASE(an_empty_database_scans_nothing_and_an_empty_run_changes_nothing) {
  ingest({});
  BOOST_TEST(scan().empty());
  restore(snapshot());
  BOOST_TEST(scan().empty());
}

BOOST_AUTO_TEST_CASE(the_newest_version_of_a_row_wins) {
  ingest({{1, 10}, {2, 20}});
  ingest({{2, 21}, {3, 30}});
  BOOST_TEST((scan() == rows{{1, 10}, {2, 21}, {3, 30}}));
  restore(snapshot());
  BOOST_TEST((scan(1) == rows{{1, 10}, {2, 21}, {3, 30}}));
}

BOOST_AUTO_TEST_CASE(a_snapshot_does_not_change_with_later_ingests_and_compactions) {
  std::vector<taken_snapshot> taken;
  for (int i = 0; i < 24; ++i) { // the 21st waits for a compaction
    ingest(random_changes(100));
    taken.push_back(snapshot());
  }
  // Compactions did happen: otherwise the newest would refer to a file of each.
  BOOST_TEST(taken.back().handle.shared.size() < 24U);
  for (const auto& old : taken) {
    restore(old);
    BOOST_REQUIRE((scan() == old.expected));
  }
}

BOOST_AUTO_TEST_CASE(runs_do_not_pile_up_however_fast_they_come) {
  rows all;
  for (std::uint64_t number = 0; number < 5000; ++number)
    all[number] = number;
  ingest(all);
  for (int i = 0; i < 50; ++i) {
    ingest(all);
    if (i % 10 == 9)
      BOOST_TEST(snapshot().handle.shared.size() <= 24U);
  }
  BOOST_TEST((scan() == expected));
}

BOOST_AUTO_TEST_CASE(random_histories_agree_with_a_map) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_MESSAGE("WEIR_SEED=" << seed);
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    random.seed(seed);
    std::vector<taken_snapshot> taken;
    for (int step = 0; step < 40; ++step) {
      const auto choice = random() % 10;
      if (choice < 5)
        ingest(random_changes(random() % 200));
      else if (choice < 9)
        taken.push_back(snapshot());
      else if (!taken.empty())
        restore(taken[random() % taken.size()]);
      if (choice == 9)
        BOOST_REQUIRE((scan() == expected));
    }
    for (const auto& old : taken) {
      restore(old);
      BOOST_REQUIRE((scan() == old.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_handle_describes_the_files) {
  ingest(random_changes(50));
  const auto taken = snapshot();
  const auto keyed =
      measure_file(taken.directory / "counts-0.keyed", failure::job_failed);
  BOOST_TEST(taken.handle.file.name == "counts-0.keyed");
  BOOST_TEST(taken.handle.file.size == keyed.size);
  BOOST_TEST((taken.handle.file.sum == keyed.sum));
  BOOST_REQUIRE(taken.handle.shared.size() == 1U);
  const file_handle& file = taken.handle.shared[0];
  const auto measured = measure_file(shared / file.name, failure::job_failed);
  BOOST_TEST(file.name == measured.sum.hex() + ".sst");
  BOOST_TEST(file.size == measured.size);
  BOOST_TEST((file.sum == measured.sum));
}

BOOST_AUTO_TEST_CASE(shared_files_are_hard_links_of_the_live_ones) {
  ingest(random_changes(50));
  const auto taken = snapshot();
  const auto keyed = only_database(taken);
  BOOST_REQUIRE(keyed.tables.size() == 1U);
  const fs::path name = shared / keyed.tables[0].shared;
  BOOST_TEST(fs::hard_link_count(name) == 2U);
  BOOST_TEST(inode(name) == inode(directory / "0" / keyed.tables[0].local));
  restore(taken);
  BOOST_TEST(inode(name) == inode(directory / "0" / keyed.tables[0].local));
}

BOOST_AUTO_TEST_CASE(two_snapshots_share_what_did_not_change) {
  ingest(random_changes(50));
  const auto first = snapshot();
  ingest(random_changes(50));
  const auto second = snapshot();
  BOOST_REQUIRE(second.handle.shared.size() == 2U);
  BOOST_TEST(std::ranges::count(second.handle.shared, first.handle.shared[0]) == 1);
  BOOST_TEST(tree(shared).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_restored_database_shares_what_it_came_from) {
  ingest(random_changes(50));
  const auto first = snapshot();
  restore(first);
  BOOST_TEST((snapshot().handle.shared == first.handle.shared));
  BOOST_TEST(tree(shared).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_shared_name_that_was_pruned_comes_back) {
  ingest(random_changes(50));
  const auto abandoned = snapshot();
  fs::remove(shared / abandoned.handle.shared[0].name);
  const auto next = snapshot();
  BOOST_TEST(fs::exists(shared / next.handle.shared[0].name));
}

BOOST_AUTO_TEST_CASE(nothing_of_a_checkpoint_changes_while_a_restored_database_works) {
  ingest(random_changes(300));
  const auto taken = snapshot();
  const auto before = tree(shared);
  restore(taken);
  for (int i = 0; i < 20; ++i)
    ingest(random_changes(300));
  const auto after = tree(shared);
  BOOST_TEST((before == after));
}

BOOST_AUTO_TEST_CASE(rows_of_any_size_come_back_in_the_order_of_their_keys) {
  encoded_run run(std::nullopt, 128);
  const std::vector<std::pair<std::string, std::string>> content{
      {"b", ""}, {"a", std::string(100'000, 'v')}, {"", "x"}, {"ab", "y"}};
  for (const auto& [key, value] : content) {
    std::byte* row = run.part_of(0).append({key.size() + 2, value.size()});
    std::memcpy(row, "\0\0", 2);
    std::memcpy(row + 2, key.data(), key.size());
    std::memcpy(row + 2 + key.size(), value.data(), value.size());
  }
  current->ingest(run);
  restore(snapshot());
  encoded_rows out(std::nullopt);
  BOOST_TEST(!current->scan()->read(out, 10));
  BOOST_REQUIRE(out.rows() == 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [key, value] = content[std::array{2, 1, 3, 0}[i]];
    BOOST_TEST(out.key(i).size() == key.size() + 2);
    BOOST_TEST(std::memcmp(out.key(i).data() + 2, key.data(), key.size()) == 0);
    BOOST_TEST(out.value(i).size() == value.size());
    BOOST_TEST(std::memcmp(out.value(i).data(), value.data(), value.size()) == 0);
  }
}

BOOST_AUTO_TEST_CASE(rows_of_another_size_are_refused) {
  ingest({{1, 10}});
  restore(snapshot());
  const auto cursor = current->scan();
  encoded_rows other_value(row_sizes{key_bytes, 4});
  check_error([&] { cursor->read(other_value, 10); }, failure::restore_refused,
              {"10 + 8", "10 + 4"});
  encoded_rows other_key(row_sizes{key_bytes + 1, 7});
  check_error([&] { cursor->read(other_key, 10); }, failure::restore_refused, {"11 + 7"});
}

BOOST_AUTO_TEST_CASE(a_corrupt_keyed_file_is_refused) {
  ingest({{1, 10}});
  const auto taken = snapshot();
  const fs::path keyed = taken.directory / taken.handle.file.name;
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{30}, fs::file_size(keyed) - 1}) {
    flip_byte(keyed, at);
    check_error([&] { restore(taken); }, failure::restore_refused,
                {keyed.string(), "checksum"});
    flip_byte(keyed, at);
  }
  BOOST_CHECK_NO_THROW(restore(taken));
}

BOOST_AUTO_TEST_CASE(a_keyed_file_that_contradicts_the_metadata_is_refused) {
  ingest({{1, 10}});
  auto taken = snapshot();
  taken.handle.shared.clear();
  check_error([&] { restore(taken); }, failure::restore_refused, {"contradicts"});
}

BOOST_AUTO_TEST_CASE(a_missing_or_cut_shared_file_is_refused) {
  ingest({{1, 10}});
  const auto taken = snapshot();
  const fs::path file = shared / taken.handle.shared[0].name;
  const std::string whole = content(file);
  fs::remove(file);
  check_error([&] { restore(taken); }, failure::restore_refused,
              {file.string(), "No such file"});
  write(file, whole.substr(0, whole.size() - 1));
  check_error([&] { restore(taken); }, failure::restore_refused, {"another checkpoint"});
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_gone_ends_the_snapshot_with_its_name) {
  ingest({{1, 10}});
  check_error([&] { current->snapshot(path() / "gone", shared, "k.keyed"); },
              failure::job_failed, {(path() / "gone").string()});
  BOOST_CHECK_NO_THROW(snapshot());
}

BOOST_AUTO_TEST_CASE(a_closed_backend_leaves_no_descriptor_open) {
  ingest({{1, 10}});
  const auto taken = snapshot();
  current.reset();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 3; ++i) {
    restore(taken);
    scan();
    ingest({{2, 20}});
    snapshot();
    current.reset();
  }
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_rocksdb_backend
