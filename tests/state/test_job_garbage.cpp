#include "state/inspect/job_garbage.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace weir::test::test_job_garbage {

namespace {

const std::string no_ones = shared_name("of no checkpoint");

/// A job with chk-1 and chk-2 that does not run, and litter of every kind in it.
struct garbage_fixture : scratch_directory {
  garbage_fixture() { make_job({}); }

  void make_job(const fs::path& data_root) {
    fs::remove_all(path() / "root");
    checkpoint_directory job(path() / "root", "job", data_root);
    complete_checkpoint(job, 1, "a");
    complete_checkpoint(job, 2, "b");
    place = job.path();
    data = data_root.empty() ? place : data_root / "job";
  }

  void litter() const {
    fs::create_directories(data / "chk-7/deep");
    write(data / "chk-7/counts-0.keyed", "12345");
    write(data / "chk-7/deep/x", "1");
    write(data / "chk-1/lost-3.operator", "123");
    write(data / "shared" / no_ones, "12");
    fs::create_directories(data / "work/attempt-1-x/db");
    write(data / "work/attempt-1-x/db/000001.log", "1234");
  }

  std::map<std::string, std::uint64_t> found(const fs::path& moved_to = {}) const {
    std::map<std::string, std::uint64_t> all;
    for (const garbage& each : swept_job(place, moved_to, false).find().found)
      all[std::string(name_of(each.kind)) + " " + each.path.filename().string()] =
          each.bytes;
    return all;
  }

  void refused(const fs::path& what, std::initializer_list<std::string_view> parts,
               const fs::path& moved_to = {}) const {
    const auto before = tree(path());
    for (const bool locked : {false, true})
      check_error(
          [&] {
            swept_job{what, moved_to, locked};
          },
          failure::restore_refused, parts);
    BOOST_TEST((tree(path()) == before));
  }

  fs::path place;
  fs::path data;
};

const std::map<std::string, std::uint64_t>& all_litter() {
  static const std::map<std::string, std::uint64_t> all{
      {"incomplete_checkpoint chk-7", 6},
      {"unreferenced_file lost-3.operator", 3},
      {"shared_file " + no_ones, 2},
      {"work attempt-1-x", 4}};
  return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(garbage_of_jobs, garbage_fixture)

BOOST_AUTO_TEST_CASE(what_checkpoints_refer_to_is_none) {
  BOOST_TEST(found().empty());
}

BOOST_AUTO_TEST_CASE(every_kind_is_found_with_its_bytes) {
  litter();
  BOOST_TEST((found() == all_litter()));
  BOOST_TEST(swept_job(place, {}, false).find().bytes == 15U);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_that_and_nothing_else) {
  const auto before = tree(place);
  litter();
  {
    const swept_job job(place, {}, true);
    for (const garbage& each : job.find().found)
      BOOST_TEST(remove_garbage(each));
  }
  BOOST_TEST(found().empty());
  auto after = tree(place);
  after.erase("work"); // of the lock
  after.erase("work/lock");
  for (const auto& [name, content] : before)
    if (!name.starts_with("work"))
      BOOST_TEST(after.at(name) == content, name);
}

BOOST_AUTO_TEST_CASE(a_second_name_in_a_checkpoint_takes_no_less_space) {
  fs::create_directories(place / "work/attempt-1-x");
  fs::create_hard_link(place / "shared" / shared_name("a"),
                       place / "work/attempt-1-x/000001.sst");
  const job_garbage all = swept_job(place, {}, false).find();
  BOOST_TEST_REQUIRE(all.found.size() == 1U);
  BOOST_TEST(all.found[0].bytes == 1U);
  BOOST_TEST(all.bytes == 0U);
}

BOOST_AUTO_TEST_CASE(shared_files_stay_while_a_checkpoint_cannot_be_read) {
  litter();
  flip_byte(place / "chk-2/_metadata", 60);
  const job_garbage all = swept_job(place, {}, false).find();
  BOOST_TEST_REQUIRE(all.unreadable.has_value());
  BOOST_TEST(*all.unreadable == place / "chk-2/_metadata");
  for (const garbage& each : all.found)
    BOOST_TEST((each.kind != garbage_kind::shared_file));
  BOOST_TEST(all.found.size() == 3U);
}

BOOST_AUTO_TEST_CASE(links_savepoints_and_what_weir_does_not_name_are_left_alone) {
  fs::create_directories(place / "savepoint-abcdef-012345678901");
  fs::create_directories(place / "work/mine");
  fs::create_directories(path() / "elsewhere");
  write(place / "notes.txt", "mine");
  write(place / "shared/notes.txt", "mine");
  write(place / "chk-1/notes.txt", "mine");
  fs::create_directory_symlink(path() / "elsewhere", place / "chk-9");
  fs::create_directory_symlink(path() / "elsewhere", place / "work/attempt-9-x");
  fs::create_symlink(path() / "elsewhere", place / "shared" / no_ones);
  BOOST_TEST(found().empty());
}

BOOST_AUTO_TEST_CASE(files_that_lie_apart_are_looked_at_there) {
  make_job(path() / "data");
  litter();
  BOOST_TEST((found() == all_litter()));
  fs::rename(path() / "data", path() / "moved");
  refused(place, {"data"});
  BOOST_TEST((found(path() / "moved") == all_litter()));
  refused(path() / "moved/job", {"has the files of the checkpoints in", place.string()});
  write(path() / "moved/job/_owner", "/another/job\n");
  refused(place, {"/another/job"}, path() / "moved");
}

BOOST_AUTO_TEST_CASE(what_is_no_job_directory_is_refused) {
  refused(path() / "nowhere", {"does not exist", "; check the path"});
  refused(path() / "root", {"no chk-N in it"});
  refused(place / "chk-1", {"it is a checkpoint", "; name the directory of its job"});
  refused(place / "chk-1/_metadata", {"it is no directory"});
}

BOOST_AUTO_TEST_CASE(a_running_job_keeps_what_it_has) {
  const job_lock running(place);
  for (const bool locked : {false, true})
    check_error(
        [&] {
          swept_job{place, {}, locked};
        },
        failure::restore_refused, {"in use", "; stop that job first"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_job_garbage
