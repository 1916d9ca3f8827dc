// A rocksdb backend whose subtasks are cut and joined again: it reads what each of them
// had, links every file and writes none.
#include "serialization/capnp/keyed_file_format.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"
#include "state/storage/local_files.hpp"
#include "tests/state/disk_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace weir::test::test_rescaled_backend {

namespace {

constexpr std::uint32_t max_parallelism = 128;

using rows = std::map<std::uint64_t, std::uint64_t>;

key_group group_of(std::uint64_t number) {
  return static_cast<key_group>(number % max_parallelism);
}

struct one_subtask {
  std::unique_ptr<backend> state;
  rows expected;
  keyed_handle saved = {};
};

// The subtasks of one operator, and what each should have.
struct rescaled_fixture : scratch_directory {
  rescaled_fixture() : shared(make("shared")) { start(1); }

  void start(std::uint32_t parallelism) {
    for (std::uint32_t i = 0; i < parallelism; ++i)
      subtasks.push_back({open_rocksdb_backend(next_directory()), {}});
  }

  fs::path next_directory() { return make("db-" + std::to_string(directories++)); }
  auto parallelism() const { return static_cast<std::uint32_t>(subtasks.size()); }

  void ingest(std::size_t changes, bool whole = false) {
    for (std::uint32_t i = 0; i < parallelism(); ++i) {
      one_subtask& subtask = subtasks[i];
      encoded_run run(std::nullopt, max_parallelism);
      for (const auto& [number, value] : changes_for(i, changes, whole)) {
        const std::string key = key_of(number);
        if (!value) {
          run.part_of(group_of(number)).append_removed(key);
          subtask.expected.erase(number);
          continue;
        }
        std::byte* row =
            run.part_of(group_of(number)).append({key.size(), sizeof *value});
        std::memcpy(row, key.data(), key.size());
        std::memcpy(row + key.size(), &*value, sizeof *value);
        subtask.expected[number] = *value;
      }
      if (whole)
        run.set_whole();
      subtask.state->ingest(run);
    }
  }

  std::map<std::uint64_t, std::optional<std::uint64_t>>
  changes_for(std::uint32_t subtask, std::size_t count, bool whole) {
    std::map<std::uint64_t, std::optional<std::uint64_t>> changes;
    if (whole)
      for (const auto& [number, value] : subtasks[subtask].expected)
        changes[number] = random();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = random() % 1000;
      if (subtask_of(group_of(number), parallelism(), max_parallelism) == subtask) {
        const bool removed = !whole && random() % 4 == 0;
        changes[number] = removed ? std::nullopt : std::optional(random());
      }
    }
    return changes;
  }

  static std::string key_of(std::uint64_t number) {
    std::string key(10, '\0');
    key[1] = static_cast<char>(group_of(number));
    for (std::size_t i = 0; i < 8; ++i)
      key[9 - i] = static_cast<char>(number >> (8 * i));
    return key;
  }

  void snapshot() {
    checkpoint = make("chk-" + std::to_string(checkpoints++));
    for (std::uint32_t i = 0; i < parallelism(); ++i)
      subtasks[i].saved = subtasks[i].state->snapshot(
          checkpoint, shared, "counts-" + std::to_string(i) + ".keyed");
  }

  void rescale(std::uint32_t to) {
    const auto before = std::exchange(subtasks, {});
    const auto was = static_cast<std::uint32_t>(before.size());
    for (std::uint32_t i = 0; i < to; ++i) {
      const auto own = key_groups_of(i, to, max_parallelism);
      keyed_origin origin{checkpoint, shared, {}};
      rows expected;
      for (std::uint32_t j = 0; j < was; ++j) {
        const auto theirs = key_groups_of(j, was, max_parallelism);
        const key_group_range both{std::max(own.first, theirs.first),
                                   std::min(own.last, theirs.last)};
        if (both.first > both.last)
          continue;
        origin.sources.push_back({before[j].saved, both});
        for (const auto& row : before[j].expected)
          if (both.has(group_of(row.first)))
            expected.insert(row);
      }
      subtasks.push_back(
          {open_rocksdb_backend(next_directory(), origin), std::move(expected)});
    }
  }

  void check_rows() {
    for (const one_subtask& subtask : subtasks) {
      rows found;
      const auto cursor = subtask.state->scan();
      for (bool more = true; more;) {
        encoded_rows out(std::nullopt);
        more = cursor->read(out, 7);
        BOOST_REQUIRE(out.rows() <= 7U);
        for (std::size_t row = 0; row < out.rows(); ++row) {
          std::uint64_t number = 0;
          for (std::size_t byte = 2; byte < 10; ++byte)
            number = number << 8 | std::to_integer<std::uint64_t>(out.key(row)[byte]);
          std::memcpy(&found[number], out.value(row).data(), sizeof found[number]);
        }
      }
      BOOST_REQUIRE((found == subtask.expected));
    }
  }

  std::size_t databases(std::uint32_t subtask) const {
    return decode_keyed_file(read_file(checkpoint / subtasks[subtask].saved.file.name,
                                       failure::job_failed),
                             "k")
        .databases.size();
  }

  std::mt19937_64 random{1};
  fs::path shared;
  fs::path checkpoint;
  std::vector<one_subtask> subtasks;
  int directories = 0;
  int checkpoints = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rescaled_backend, rescaled_fixture)

BOOST_AUTO_TEST_CASE(subtasks_are_cut_and_joined_and_no_file_is_written_anew) {
  ingest(3000);
  ingest(300);
  snapshot();
  const auto before = tree(shared);
  for (const std::uint32_t to : {2U, 3U, 2U, 5U, 1U}) {
    rescale(to);
    check_rows();
    snapshot();
    BOOST_TEST((tree(shared) == before));
  }
}

BOOST_AUTO_TEST_CASE(rows_that_are_written_later_go_where_older_versions_of_them_are) {
  ingest(2000);
  snapshot();
  for (const std::uint32_t to : {2U, 3U, 2U}) {
    rescale(to);
    for (int i = 0; i < 12; ++i) // compactions, too
      ingest(200);
    check_rows();
    snapshot();
    rescale(to);
    check_rows();
    snapshot();
  }
}

BOOST_AUTO_TEST_CASE(a_whole_run_makes_one_database_of_all) {
  ingest(2000);
  snapshot();
  rescale(3);
  snapshot();
  rescale(1);
  snapshot();
  BOOST_TEST(databases(0) == 3U);
  ingest(100, true);
  check_rows();
  snapshot();
  BOOST_TEST(databases(0) == 1U);
  rescale(2);
  check_rows();
}

BOOST_AUTO_TEST_CASE(a_subtask_that_never_had_a_row_is_joined_with_others) {
  subtasks.clear();
  start(4);
  ingest(3); // most subtasks have none
  snapshot();
  for (const std::uint32_t to : {3U, 8U, 1U}) {
    rescale(to);
    check_rows();
    ingest(20);
    check_rows();
    snapshot();
  }
}

BOOST_AUTO_TEST_CASE(random_histories_agree_with_a_map) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    random.seed(seed);
    for (int step = 0; step < 60; ++step) {
      const auto choice = random() % 12;
      if (choice < 8) {
        ingest(random() % 300, choice == 0);
      } else if (choice < 10) {
        snapshot();
        rescale(parallelism());
      } else {
        snapshot();
        rescale(static_cast<std::uint32_t>(random() % 6) + 1);
      }
      if (choice >= 7)
        check_rows();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_rescaled_backend
