#include "state/remove_checkpoint.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace weir::test::test_remove_checkpoint {

namespace {

/// What a job has left: chk-1 and chk-3 share a file.
struct removal_fixture : scratch_directory {
  removal_fixture() {
    job.emplace(path() / "root", "job");
    complete_checkpoint(*job, 1, "a");
    complete_checkpoint(*job, 2, "b");
    complete_checkpoint(*job, 3, "a");
    place = job->path();
    job.reset();
  }

  fs::path chk(std::uint64_t id) const { return place / ("chk-" + std::to_string(id)); }
  bool has_shared(const std::string& text) const {
    return fs::exists(place / "shared" / shared_name(text));
  }
  void refused(const fs::path& what, std::initializer_list<std::string_view> parts) {
    const auto before = tree(path());
    check_error([&] { claimed_checkpoint{what}; }, failure::restore_refused, parts);
    BOOST_TEST((tree(path()) == before));
  }

  std::optional<checkpoint_directory> job;
  fs::path place;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remove_checkpoint, removal_fixture)

BOOST_AUTO_TEST_CASE(a_checkpoint_goes_with_the_files_that_no_other_one_names) {
  const removal first = claimed_checkpoint(chk(1)).remove();
  BOOST_TEST(first.removed);
  BOOST_TEST(!fs::exists(chk(1)));
  BOOST_TEST(has_shared("a"));
  claimed_checkpoint(chk(2) / "_metadata").remove();
  BOOST_TEST(!has_shared("b"));
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(chk(3))));
  BOOST_TEST(!fs::exists(place / "work"));
}

BOOST_AUTO_TEST_CASE(the_last_checkpoint_takes_the_job_directory_along) {
  fs::create_directories(place / "work/attempt-1/counts-0");
  write(place / "work/lock", "");
  write(place / "shared" / shared_name("of a checkpoint under way"), "x");
  for (const std::uint64_t id : {1U, 2U, 3U})
    claimed_checkpoint(chk(id)).remove();
  BOOST_TEST(!fs::exists(place));
}

BOOST_AUTO_TEST_CASE(what_is_not_weirs_stays) {
  fs::create_directories(place / "work/mine");
  write(place / "shared/notes.txt", "mine");
  for (const std::uint64_t id : {1U, 2U, 3U})
    claimed_checkpoint(chk(id)).remove();
  BOOST_TEST(fs::exists(place / "work/mine"));
  BOOST_TEST(fs::exists(place / "shared/notes.txt"));
  BOOST_TEST(!fs::exists(place / "work/lock"));
}

BOOST_AUTO_TEST_CASE(an_incomplete_one_goes_and_no_shared_file) {
  fs::remove(chk(2) / "_metadata");
  claimed_checkpoint(chk(2)).remove();
  BOOST_TEST(!fs::exists(chk(2)));
  BOOST_TEST(has_shared("b"));
}

BOOST_AUTO_TEST_CASE(no_shared_file_goes_while_another_checkpoint_cannot_be_read) {
  flip_byte(chk(3) / "_metadata", 60);
  const removal done = claimed_checkpoint(chk(2)).remove();
  BOOST_TEST(done.removed);
  BOOST_TEST(done.shared_kept);
  BOOST_TEST(has_shared("b"));
}

BOOST_AUTO_TEST_CASE(a_file_that_another_job_has_linked_goes_here_and_stays_there) {
  fs::create_directory(path() / "other");
  fs::create_hard_link(place / "shared" / shared_name("b"), path() / "other/b");
  claimed_checkpoint(chk(2)).remove();
  BOOST_TEST(!has_shared("b"));
  BOOST_TEST(content(path() / "other/b") == "b");
}

BOOST_AUTO_TEST_CASE(a_running_jobs_is_refused) {
  const checkpoint_directory running(path() / "root", "job");
  BOOST_TEST(is_in_use(place));
  refused(chk(1), {place.string(), "in use by a running job", "stop that job"});
}

BOOST_AUTO_TEST_CASE(nobody_else_has_it_meanwhile) {
  const claimed_checkpoint first(chk(1));
  refused(chk(2), {"in use"});
  check_error([&] { checkpoint_directory(path() / "root", "job"); },
              failure::restore_refused, {"in use"});
}

BOOST_AUTO_TEST_CASE(what_is_no_checkpoint_is_refused) {
  refused(place, {"checkpoints of a job", "chk-N"});
  refused(place / "shared", {"not the directory of a checkpoint"});
  refused(place / "chk-9", {"does not exist"});
  refused(chk(1) / "counts-0.keyed", {"not the directory of a checkpoint"});
  fs::create_directory_symlink(chk(1), place / "chk-5");
  refused(place / "chk-5", {"not the directory of a checkpoint"});
  refused("", {"does not exist"});
}

BOOST_AUTO_TEST_CASE(a_claimed_checkpoint_goes_with_the_last_own_one_that_is_kept) {
  checkpoint_directory own(path() / "root", "own");
  own.claim(chk(3));
  complete_checkpoint(own, 4, "c");
  own.prune(2, {});
  BOOST_TEST(fs::exists(chk(3) / "_metadata"));
  own.prune(std::numeric_limits<std::size_t>::max(), {}); // as an attempt does that ends
  BOOST_TEST(fs::exists(chk(3) / "_metadata"));
  complete_checkpoint(own, 5, "d");
  own.prune(2, {});
  BOOST_TEST(!fs::exists(chk(3)));
  BOOST_TEST(fs::exists(chk(1) / "_metadata"));
  BOOST_TEST(fs::exists(chk(2) / "_metadata"));
  BOOST_TEST(has_shared("a")); // chk-1 names it
  BOOST_TEST(!is_in_use(place));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_remove_checkpoint
