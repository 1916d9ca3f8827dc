#include "state/checkpoint_catalog.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_checkpoint_catalog {

namespace {

struct catalog_fixture : scratch_directory {
  catalog_fixture() : job(path() / "root", "job") {
    for (const std::uint64_t id : {2U, 10U})
      complete_checkpoint(job, id, "a");
    job.begin({11});
  }
  checkpoint_directory job;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkpoint_catalog, catalog_fixture)

BOOST_AUTO_TEST_CASE(the_checkpoints_of_a_job_are_listed_by_number) {
  const auto jobs = list_checkpoints(job.path());
  BOOST_TEST_REQUIRE(jobs.size() == 1u);
  BOOST_TEST(jobs[0].directory == job.path());
  BOOST_TEST(jobs[0].running);
  BOOST_TEST_REQUIRE(jobs[0].checkpoints.size() == 3u);
  BOOST_TEST(jobs[0].checkpoints[0].id.value == 2u);
  BOOST_TEST(jobs[0].checkpoints[1].complete);
  BOOST_TEST(jobs[0].checkpoints[1].metadata->operators[0].name == "counts");
  BOOST_TEST(!jobs[0].checkpoints[2].complete);
}

BOOST_AUTO_TEST_CASE(the_jobs_of_a_root_are_listed_and_nothing_else_there) {
  {
    checkpoint_directory other(path() / "root", "another");
    complete_checkpoint(other, 1, "b");
  }
  make("root/project");
  write(path() / "root/file", "x");
  const auto before = tree(path());
  const auto jobs = list_checkpoints("file://" + (path() / "root").string());
  BOOST_TEST_REQUIRE(jobs.size() == 2u);
  BOOST_TEST(jobs[0].directory.filename() == "another");
  BOOST_TEST(!jobs[0].running);
  BOOST_TEST((tree(path()) == before));
}

BOOST_AUTO_TEST_CASE(savepoints_are_listed_by_number_wherever_they_are) {
  checkpoint_directory other(path() / "root", "another");
  for (const std::uint64_t id : {11U, 12U}) {
    other.begin_savepoint({id}, path() / "saved");
    checkpoint_metadata metadata;
    metadata.id = {id};
    metadata.savepoint = true;
    other.commit(metadata);
  }
  other.begin_savepoint({13}, path() / "saved");
  const auto jobs = list_checkpoints(path() / "saved");
  BOOST_TEST_REQUIRE(jobs.size() == 1u);
  BOOST_TEST(!jobs[0].running);
  BOOST_TEST_REQUIRE(jobs[0].checkpoints.size() == 3u);
  BOOST_TEST(!jobs[0].checkpoints[0].complete);
  BOOST_TEST(jobs[0].checkpoints[1].id.value == 11u);
  BOOST_TEST(jobs[0].checkpoints[2].metadata->savepoint);
  // What is abandoned goes, what is complete is nobody's to prune.
  other.abandon({13});
  other.prune(1, {});
  other.keep_only({});
  BOOST_TEST(list_checkpoints(path() / "saved")[0].checkpoints.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_damaged_one_is_listed_with_its_problem) {
  flip_byte(job.checkpoint_path({2}) / "_metadata", 60);
  const auto jobs = list_checkpoints(job.path());
  BOOST_TEST(jobs[0].checkpoints[0].complete);
  BOOST_TEST(!jobs[0].checkpoints[0].metadata.has_value());
  BOOST_TEST((jobs[0].checkpoints[0].problem.find("damaged") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_place_without_checkpoints_is_refused) {
  check_error([&] { list_checkpoints(path()); }, failure::restore_refused,
              {"no checkpoint in", path().string()});
  check_error([&] { list_checkpoints(path() / "nowhere"); }, failure::restore_refused,
              {"No such file"});
}

BOOST_AUTO_TEST_CASE(a_file_that_subtasks_share_counts_once) {
  checkpoint_metadata metadata;
  metadata.operators.push_back({"counts", 2, 128, {}, {}});
  const file_handle own{"counts-0.keyed", 10, {}};
  const file_handle shared{"a.sst", 100, {}};
  for (const std::uint32_t i : {0U, 1U})
    metadata.operators[0].subtasks.push_back({i, keyed_handle{own, {shared}}, {}});
  const checkpoint_size size = size_of(metadata);
  BOOST_TEST(size.files == 3u);
  BOOST_TEST(size.bytes == 120u);
  BOOST_TEST(size.shared_files == 1u);
  BOOST_TEST(size.shared_bytes == 100u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_catalog
