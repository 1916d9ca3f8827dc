#include "state/full/full_backend.hpp"
#include "state/storage/local_files.hpp"
#include "tests/state/row_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

namespace weir::test::test_full_backend {

namespace {

enum class where { filesystem, memory };

constexpr std::uint32_t max_parallelism = 128;

// What a run does to rows: a value, or none where the row is removed.
using row_changes = std::map<std::string, std::optional<std::string>>;

row_changes changes_of(const row_map& rows) {
  return {rows.begin(), rows.end()};
}

encoded_run run_of(const row_changes& changes, std::mt19937_64& random) {
  std::vector<row_changes::value_type> shuffled(changes.begin(), changes.end());
  std::vector<std::size_t> order(shuffled.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::ranges::shuffle(order, random);
  encoded_run run(std::nullopt, max_parallelism);
  for (const std::size_t i : order) {
    const auto& [key, value] = shuffled[i];
    encoded_rows& part = run.part_of(group_of_key(bytes_of(key)));
    if (!value) {
      part.append_removed(key);
      continue;
    }
    std::byte* const out = part.append({key.size(), value->size()});
    std::memcpy(out, key.data(), key.size());
    std::memcpy(out + key.size(), value->data(), value->size());
  }
  return run;
}

row_map scan(backend& of, std::size_t rows_max = 100) {
  row_map rows;
  const auto cursor = of.scan();
  for (bool more = true; more;) {
    encoded_rows out(std::nullopt);
    more = cursor->read(out, rows_max);
    BOOST_REQUIRE(out.rows() <= rows_max);
    for (std::size_t i = 0; i < out.rows(); ++i) {
      const std::string key = text_of(out.key(i));
      BOOST_REQUIRE((rows.empty() || rows.rbegin()->first < key));
      rows[key] = text_of(out.value(i));
    }
  }
  return rows;
}

struct taken_snapshot {
  fs::path directory;
  keyed_handle handle;
  row_map expected;
};

// One job's directories, with a backend and what it should contain.
struct backend_fixture : scratch_directory {
  backend_fixture() : shared(make("shared")) { start_empty(where::filesystem); }

  void start_empty(where kind) {
    work = make("work-" + std::to_string(backends++));
    current = kind == where::filesystem ? open_filesystem_backend(settings, work)
                                        : open_memory_backend(settings);
    expected.clear();
  }

  void restore(where kind, const keyed_origin& origin) {
    work = make("work-" + std::to_string(backends++));
    current = kind == where::filesystem ? open_filesystem_backend(settings, work, origin)
                                        : open_memory_backend(settings, origin);
  }

  void restore(where kind, const taken_snapshot& from) {
    restore(kind, keyed_origin{from.directory, shared, {{from.handle, every_key_group}}});
    expected = from.expected;
  }

  void ingest(const row_changes& changes) {
    current->ingest(run_of(changes, random));
    for (const auto& [key, value] : changes)
      if (value)
        expected[key] = *value;
      else
        expected.erase(key);
  }

  void ingest_whole(const row_map& rows) {
    encoded_run run = run_of(changes_of(rows), random);
    run.set_whole();
    current->ingest(run);
    if (!rows.empty())
      expected = rows;
  }

  taken_snapshot snapshot() {
    const fs::path target = make("chk-" + std::to_string(++checkpoints));
    return {target, current->snapshot(target, shared, "counts-0.keyed"), expected};
  }

  // Some rows are new, some are changed, some go, some of which were never there.
  row_changes random_changes(std::size_t count, std::size_t value_max = 40) {
    row_changes changes = changes_of(random_rows(random, count, value_max));
    for (auto& [key, value] : changes)
      if (random() % 3 == 0)
        value.reset();
    for (const auto& [key, value] : expected)
      if (random() % 10 == 0)
        changes[key].reset();
    return changes;
  }

  void begin_at_random() {
    const char* given = std::getenv("WEIR_SEED");
    seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    BOOST_TEST_MESSAGE("WEIR_SEED=" << seed);
    random.seed(seed);
  }

  where random_kind() { return random() % 2 == 0 ? where::filesystem : where::memory; }

  std::mt19937_64 random{1};
  std::uint64_t seed = 1;
  full_settings settings;
  fs::path shared;
  fs::path work;
  std::unique_ptr<backend> current;
  row_map expected;
  int backends = 0;
  int checkpoints = 0;
};

const row_map few{{row_key(0, "ann"), "1"}, {row_key(3, "bob"), "2"}};

} // namespace

BOOST_FIXTURE_TEST_SUITE(full_backend, backend_fixture)

BOOST_AUTO_TEST_CASE(an_empty_one_has_no_rows_and_an_empty_run_changes_nothing) {
  for (const where kind : {where::filesystem, where::memory}) {
    start_empty(kind);
    ingest({});
    BOOST_TEST(scan(*current).empty());
    restore(kind, snapshot());
    BOOST_TEST(scan(*current).empty());
    ingest(changes_of(few));
    ingest({});
    ingest_whole({});
    BOOST_TEST((scan(*current) == few));
  }
}

BOOST_AUTO_TEST_CASE(the_newest_version_of_a_row_wins_and_removed_rows_are_gone) {
  for (const where kind : {where::filesystem, where::memory}) {
    start_empty(kind);
    ingest(changes_of(few));
    ingest({{row_key(0, "ann"), "10"}, {row_key(1, "new"), ""}});
    ingest({{row_key(3, "bob"), std::nullopt}, {row_key(9, "no"), std::nullopt}});
    BOOST_TEST((scan(*current, 1) ==
                row_map{{row_key(0, "ann"), "10"}, {row_key(1, "new"), ""}}));
    ingest({{row_key(0, "ann"), std::nullopt}, {row_key(1, "new"), std::nullopt}});
    restore(kind, snapshot());
    BOOST_TEST(scan(*current).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_whole_run_replaces_all_rows) {
  for (const where kind : {where::filesystem, where::memory}) {
    start_empty(kind);
    ingest(random_changes(300));
    ingest_whole(few);
    BOOST_TEST((scan(*current) == few));
  }
}

BOOST_AUTO_TEST_CASE(random_histories_agree_with_a_map) {
  begin_at_random();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    std::vector<taken_snapshot> taken;
    for (int step = 0; step < 120; ++step) {
      settings.compress = random() % 2 == 0;
      const auto choice = random() % 20;
      if (choice < 9)
        ingest(random_changes(random() % 300));
      else if (choice < 11)
        ingest_whole(random_rows(random, random() % 300, 40));
      else if (choice < 16)
        taken.push_back(snapshot());
      else if (choice < 17)
        start_empty(random_kind());
      else if (!taken.empty())
        restore(random_kind(), taken[random() % taken.size()]);
      if (step % 5 == 0)
        BOOST_REQUIRE((scan(*current) == expected));
    }
    for (const auto& old : taken) {
      restore(random_kind(), old);
      BOOST_REQUIRE((scan(*current) == old.expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(other_numbers_of_subtasks_take_over_the_groups_that_are_theirs) {
  begin_at_random();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    for (int round = 0; round < 8; ++round) {
      settings.compress = round % 2 == 0;
      const auto before = static_cast<std::uint32_t>(1 + random() % 5);
      const auto after = static_cast<std::uint32_t>(1 + random() % 7);
      const row_map all = random_rows(random, 2000, 100);
      const fs::path checkpoint = make("chk-" + std::to_string(++checkpoints));
      std::vector<keyed_source> sources;
      for (std::uint32_t i = 0; i < before; ++i) {
        const auto groups = key_groups_of(i, before, max_parallelism);
        start_empty(random_kind());
        ingest(changes_of(within(all, groups)));
        const std::string name = "counts-" + std::to_string(i) + ".keyed";
        sources.push_back({current->snapshot(checkpoint, shared, name), groups});
      }
      const auto content_before = tree(checkpoint);
      for (std::uint32_t i = 0; i < after; ++i) {
        const auto wanted = key_groups_of(i, after, max_parallelism);
        keyed_origin origin{checkpoint, shared, {}};
        for (keyed_source source : sources) {
          source.groups.first = std::max(source.groups.first, wanted.first);
          source.groups.last = std::min(source.groups.last, wanted.last);
          if (source.groups.first <= source.groups.last)
            origin.sources.push_back(source);
        }
        std::ranges::shuffle(origin.sources, random);
        restore(random_kind(), origin);
        expected = within(all, wanted);
        BOOST_REQUIRE((scan(*current) == expected));
        row_changes changes = random_changes(200);
        std::erase_if(changes, [&](const auto& change) {
          const key_group group = group_of_key(bytes_of(change.first));
          return group < wanted.first || group > wanted.last;
        });
        ingest(changes);
        BOOST_REQUIRE((scan(*current) == expected));
      }
      BOOST_TEST((tree(checkpoint) == content_before));
    }
  }
}

BOOST_AUTO_TEST_CASE(no_source_is_no_rows) {
  restore(where::filesystem, keyed_origin{make("chk-0"), shared, {}});
  BOOST_TEST(scan(*current).empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_a_checkpoint_is_a_link_and_stays_as_it_is) {
  ingest(random_changes(300));
  const auto taken = snapshot();
  const fs::path file = taken.directory / "counts-0.keyed";
  const auto measured = measure_file(file, failure::job_failed);
  BOOST_TEST(taken.handle.file.name == "counts-0.keyed");
  BOOST_TEST(taken.handle.file.size == measured.size);
  BOOST_TEST((taken.handle.file.sum == measured.sum));
  BOOST_TEST(!taken.handle.file.content.has_value());
  BOOST_TEST(taken.handle.shared.empty());
  BOOST_TEST(fs::hard_link_count(file) == 2U);
  BOOST_TEST((snapshot().handle == taken.handle)); // nothing is written anew
  restore(where::filesystem, taken);
  BOOST_TEST(fs::hard_link_count(file) == 4U); // two checkpoints, two work directories
  BOOST_TEST((snapshot().handle == taken.handle));
  ingest(random_changes(300));
  BOOST_TEST(tree(work).size() == 1U);
  BOOST_TEST((measure_file(file, failure::job_failed).sum == measured.sum));
}

BOOST_AUTO_TEST_CASE(a_file_that_an_abandoned_checkpoint_left_is_replaced) {
  ingest(changes_of(few));
  const fs::path target = make("chk-1");
  write(target / "counts-0.keyed", "stale");
  const keyed_handle handle = current->snapshot(target, shared, "counts-0.keyed");
  BOOST_TEST(fs::file_size(target / "counts-0.keyed") == handle.file.size);
}

BOOST_AUTO_TEST_CASE(what_stands_where_the_next_file_goes_is_not_written_through) {
  ingest(changes_of(few));
  write(path() / "precious", "kept");
  fs::create_hard_link(path() / "precious", work / "rows-3");
  ingest({{row_key(1, "new"), "row"}});
  BOOST_TEST((scan(*current) == expected));
  BOOST_TEST(content(path() / "precious") == "kept");
}

BOOST_AUTO_TEST_CASE(rows_in_memory_stand_in_the_handle) {
  start_empty(where::memory);
  ingest(random_changes(300));
  const auto taken = snapshot();
  const file_handle& file = taken.handle.file;
  BOOST_REQUIRE(file.content.has_value());
  BOOST_TEST(file.size == file.content->size());
  BOOST_TEST((file.sum == checksum_of(*file.content)));
  BOOST_TEST(fs::is_empty(taken.directory));
  BOOST_TEST(fs::is_empty(shared));
}

BOOST_AUTO_TEST_CASE(more_rows_in_memory_than_allowed_end_the_job_at_a_checkpoint) {
  settings.memory_size_max = 10'000;
  start_empty(where::memory);
  ingest({{row_key(1, "a"), std::string(9'000, 'a')}});
  const auto small = snapshot();
  ingest({{row_key(1, "b"), std::string(1'000, 'b')}});
  check_error([&] { snapshot(); }, failure::job_failed,
              {"'counts-0.keyed'", "state.backend.memory.max-size", "10000", "raise it",
               "state.backend.type: rocksdb"});
  ingest({{row_key(1, "a"), std::nullopt}});
  BOOST_TEST(snapshot().handle.file.size < 2'000U);
  BOOST_TEST(full_settings{}.memory_size_max == 5U * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(a_scan_goes_on_with_what_was_there_when_it_began) {
  for (const where kind : {where::filesystem, where::memory}) {
    start_empty(kind);
    ingest(changes_of(few));
    const auto cursor = current->scan();
    ingest_whole({{row_key(7, "other"), "row"}});
    encoded_rows rows(std::nullopt);
    BOOST_TEST(!cursor->read(rows, 10));
    BOOST_TEST(rows.rows() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(rows_of_another_size_than_declared_are_refused) {
  ingest(changes_of(few));
  encoded_rows wrong(row_sizes{5, 8});
  check_error([&] { current->scan()->read(wrong, 10); }, failure::restore_refused,
              {"5 + 1 bytes", "declares 5 + 8", "use the job that wrote it"});
}

BOOST_AUTO_TEST_CASE(damaged_foreign_and_missing_files_are_refused) {
  ingest(random_changes(300));
  const auto taken = snapshot();
  const fs::path file = taken.directory / "counts-0.keyed";
  for (const where kind : {where::filesystem, where::memory}) {
    const auto refused = [&](const std::string& content, const std::string& reason) {
      fs::remove(file); // the others that have this content keep it
      if (!content.empty())
        write(file, content);
      check_error(
          [&] {
            restore(kind, taken);
            scan(*current);
          },
          failure::restore_refused, {file.string(), reason});
    };
    const std::string sound = content(work.parent_path() / "work-0" / "rows-2");
    std::string damaged = sound;
    damaged[damaged.size() / 2] ^= 1;
    refused(damaged, "");
    refused(sound.substr(1), "bytes");
    refused("WEIRKEYD" + sound.substr(8), "is not a row file");
    refused("", "No such file");
  }
}

BOOST_AUTO_TEST_CASE(a_base_that_is_damaged_under_a_running_job_fails_the_job) {
  ingest(random_changes(300));
  flip_byte(work / "rows-2", 200);
  check_error([&] { ingest(changes_of(few)); }, failure::job_failed,
              {"rows-2", "is damaged", "check the disk"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_full_backend
