#include "state/copy_checkpoint.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_copy_checkpoint {

namespace {

struct copy_fixture : scratch_directory {
  copy_fixture() : job(path(), "job") {
    complete_checkpoint(job, 1, "a");
    complete_checkpoint(job, 2, "b");
  }

  fs::path chk(std::uint64_t id) const { return job.checkpoint_path({id}); }
  fs::path copy(std::uint64_t id) const {
    return copy_checkpoint(locate_checkpoint(chk(id)), path() / "far/away");
  }

  checkpoint_directory job;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(copy_checkpoint_, copy_fixture)

BOOST_AUTO_TEST_CASE(a_copy_is_all_there_is_of_a_checkpoint_and_nothing_else) {
  const fs::path to = copy(1);
  BOOST_TEST(to == path() / "far/away/job/chk-1");
  BOOST_TEST((tree(to) == tree(chk(1))));
  const fs::path place = to.parent_path();
  BOOST_TEST(tree(place / "shared").size() == 1u);
  BOOST_TEST(!fs::exists(place / "work"));
  fs::remove_all(job.path());
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(to)));
  BOOST_TEST(fs::hard_link_count(place / "shared" / shared_name("a")) == 1u);
}

BOOST_AUTO_TEST_CASE(a_second_one_goes_beside_the_first) {
  complete_checkpoint(job, 3, "a");
  copy(1);
  copy(2);
  const fs::path third = copy(3);
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(third)));
  BOOST_TEST(tree(third.parent_path() / "shared").size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_target_that_exists_is_refused) {
  copy(1);
  const auto before = tree(path());
  check_error([&] { copy(1); }, failure::usage, {"chk-1", "exists", "another directory"});
  check_error([&] { copy_checkpoint(locate_checkpoint(chk(1)), path()); }, failure::usage,
              {"exists"});
  BOOST_TEST((tree(path()) == before));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_leaves_nothing_of_the_copy) {
  for (const fs::path& file :
       {chk(1) / "counts-0.operator", job.shared_path() / shared_name("a")}) {
    const auto found = locate_checkpoint(chk(1));
    flip_byte(file, 0);
    check_error([&] { copy_checkpoint(found, path() / "far"); }, failure::restore_refused,
                {file.string(), "checksum"});
    BOOST_TEST(!fs::exists(path() / "far"));
    flip_byte(file, 0);
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_shared_file_of_an_earlier_copy_is_no_part_of_one) {
  complete_checkpoint(job, 3, "a");
  const fs::path shared = copy(1).parent_path() / "shared" / shared_name("a");
  flip_byte(shared, 0);
  check_error([&] { copy(3); }, failure::restore_refused, {shared.string()});
  BOOST_TEST(!fs::exists(path() / "far/away/job/chk-3"));
  BOOST_TEST(fs::exists(path() / "far/away/job/chk-1"));
}

BOOST_AUTO_TEST_CASE(a_running_jobs_directory_is_refused) {
  const checkpoint_directory running(path() / "far/away", "job");
  check_error([&] { copy(1); }, failure::restore_refused, {"in use"});
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_made_is_refused) {
  write(path() / "file", "x");
  check_error([&] { copy_checkpoint(locate_checkpoint(chk(1)), path() / "file/below"); },
              failure::usage, {"file/below", "Not a directory"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_copy_checkpoint
