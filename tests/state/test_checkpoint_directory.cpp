#include "serialization/capnp/metadata_format.hpp"
#include "state/checkpoint_directory.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/file.h>

#include <optional>

namespace weir::test::test_checkpoint_directory {

namespace {

struct job_fixture : scratch_directory {
  job_fixture() : job(std::in_place, path() / "root", "job") {}

  fs::path chk(std::uint64_t id) const { return job->checkpoint_path({id}); }
  checkpoint_metadata complete(std::uint64_t id, const std::string& shared) {
    return complete_checkpoint(*job, id, shared);
  }
  std::vector<std::uint64_t> listed() const {
    std::vector<std::uint64_t> ids;
    for (const checkpoint_id id : job->list())
      ids.push_back(id.value);
    return ids;
  }
  bool has_shared(const std::string& text) const {
    return fs::exists(job->shared_path() / shared_name(text));
  }

  std::optional<checkpoint_directory> job;
};

using ids = std::vector<std::uint64_t>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkpoint_directory_, job_fixture)

BOOST_AUTO_TEST_CASE(a_committed_checkpoint_is_listed_located_and_verified) {
  const auto metadata = complete(7, "a");
  BOOST_TEST(listed() == ids{7}, boost::test_tools::per_element());
  const auto located = locate_checkpoint(chk(7));
  BOOST_TEST(located.directory == chk(7));
  BOOST_TEST(located.shared == job->shared_path());
  BOOST_TEST((located.metadata == metadata));
  BOOST_CHECK_NO_THROW(verify_checkpoint(located));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_exists_only_once_it_is_committed) {
  job->begin({1});
  job->write_file({1}, "counts-0.operator", bytes_of("x"));
  write(chk(1) / "._metadata_temp", "what a crash before the rename leaves");
  BOOST_TEST(listed().empty());
  check_error([&] { locate_checkpoint(chk(1)); }, failure::restore_refused,
              {chk(1).string(), "not completed"});
}

BOOST_AUTO_TEST_CASE(commit_leaves_no_temporary_name) {
  complete(1, "a");
  BOOST_TEST(!fs::exists(chk(1) / "._metadata_temp"));
  BOOST_TEST(fs::exists(chk(1) / "_metadata"));
}

BOOST_AUTO_TEST_CASE(checkpoints_are_listed_by_number_and_foreign_names_are_not) {
  for (const std::uint64_t id : {10U, 9U, 100U})
    complete(id, "a");
  for (const auto* foreign : {"chk-", "chk-x", "chk-07", "chk-1x", "chk--1", "other",
                              "chk-99999999999999999999"}) {
    make("root/job/" + std::string(foreign));
    write(path() / "root/job" / foreign / "_metadata", "x");
  }
  job->begin({11});
  BOOST_TEST(listed() == (ids{9, 10, 100}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(begin_removes_what_a_dead_attempt_left) {
  job->begin({3});
  job->write_file({3}, "stale.operator", bytes_of("x"));
  job->begin({3});
  BOOST_TEST(fs::is_empty(chk(3)));
}

BOOST_AUTO_TEST_CASE(begin_never_touches_a_complete_checkpoint) {
  complete(3, "a");
  const auto before = tree(chk(3));
  BOOST_CHECK_THROW(job->begin({3}), error);
  BOOST_TEST((tree(chk(3)) == before));
}

BOOST_AUTO_TEST_CASE(an_abandoned_checkpoint_is_gone_and_a_complete_one_stays) {
  complete(1, "a");
  job->begin({2});
  job->write_file({2}, "counts-0.operator", bytes_of("x"));
  job->abandon({2});
  job->abandon({2});
  job->abandon({1});
  BOOST_TEST(!fs::exists(chk(2)));
  BOOST_TEST(listed() == ids{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(commit_refuses_to_name_a_file_that_is_not_there) {
  auto metadata = sample_checkpoint(*job, 1, "a");
  fs::remove(job->shared_path() / shared_name("a"));
  check_error([&] { job->commit(metadata); }, failure::job_failed,
              {shared_name("a"), "No such file"});
  BOOST_TEST(listed().empty());
  write(job->shared_path() / shared_name("a"), "another size");
  check_error([&] { job->commit(metadata); }, failure::job_failed, {"bytes instead of"});
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_leaves_no_checkpoint) {
  const auto metadata = sample_checkpoint(*job, 1, "a");
  make("root/job/chk-1/._metadata_temp"); // a directory where the file would go
  check_error([&] { job->commit(metadata); }, failure::job_failed, {"._metadata_temp"});
  BOOST_TEST(listed().empty());
  job->abandon({1});
  BOOST_TEST(!fs::exists(chk(1)));
}

BOOST_AUTO_TEST_CASE(prune_keeps_the_newest_and_every_file_they_name) {
  complete(1, "a");
  complete(2, "b");
  complete(3, "a");
  job->prune(1, {});
  BOOST_TEST(listed() == ids{3}, boost::test_tools::per_element());
  BOOST_TEST(has_shared("a"));
  BOOST_TEST(!has_shared("b"));
  BOOST_TEST(!fs::exists(chk(1)));
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(chk(3))));
}

BOOST_AUTO_TEST_CASE(at_the_end_those_that_are_kept_are_named) {
  complete(1, "a");
  complete(2, "b");
  complete(3, "c");
  job->keep_only({checkpoint_id{2}, checkpoint_id{9}});
  BOOST_TEST(listed() == ids{2}, boost::test_tools::per_element());
  BOOST_TEST((!has_shared("a") && has_shared("b") && !has_shared("c")));
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(chk(2))));
  job->keep_only({});
  BOOST_TEST((listed().empty() && !has_shared("b")));
  job.reset();
  BOOST_TEST(!fs::exists(path() / "root/job"));
}

BOOST_AUTO_TEST_CASE(prune_keeps_files_in_use_and_foreign_files) {
  complete(1, "a");
  complete(2, "b");
  write(job->shared_path() / "notes.txt", "mine");
  job->prune(1, {shared_name("a")});
  BOOST_TEST(has_shared("a"));
  BOOST_TEST(fs::exists(job->shared_path() / "notes.txt"));
  job->prune(1, {});
  BOOST_TEST(!has_shared("a"));
}

BOOST_AUTO_TEST_CASE(prune_leaves_a_file_that_a_database_still_has) {
  complete(1, "a");
  complete(2, "b");
  const fs::path live = job->create_work_directory({1}, "counts-0") / "000001.sst";
  fs::create_hard_link(job->shared_path() / shared_name("a"), live);
  job->prune(1, {});
  BOOST_TEST(has_shared("a"));
  fs::remove(live);
  job->prune(1, {});
  BOOST_TEST(!has_shared("a"));
}

BOOST_AUTO_TEST_CASE(prune_leaves_unfinished_checkpoints_and_removes_stale_ones) {
  complete(1, "a");
  job->begin({2});
  make("root/job/chk-3"); // left by a process that died
  job->prune(1, {});
  BOOST_TEST(fs::exists(chk(2)));
  BOOST_TEST(!fs::exists(chk(3)));
}

BOOST_AUTO_TEST_CASE(prune_with_a_damaged_kept_checkpoint_removes_no_shared_file) {
  complete(1, "a");
  complete(2, "b");
  complete(3, "c");
  flip_byte(chk(2) / "_metadata", 60);
  job->prune(2, {});
  BOOST_TEST(listed() == (ids{2, 3}), boost::test_tools::per_element());
  for (const auto* text : {"a", "b", "c"})
    BOOST_TEST(has_shared(text));
}

BOOST_AUTO_TEST_CASE(prune_of_a_directory_that_is_gone_does_not_throw) {
  complete(1, "a");
  fs::remove_all(job->path());
  BOOST_CHECK_NO_THROW(job->prune(1, {}));
}

BOOST_AUTO_TEST_CASE(work_directories_are_fresh_and_go_with_their_attempt) {
  const fs::path first = job->create_work_directory({1}, "counts-0");
  write(first / "000001.sst", "x");
  BOOST_TEST(fs::is_empty(job->create_work_directory({1}, "counts-0")));
  const fs::path second = job->create_work_directory({2}, "counts-0");
  job->remove_work_directories({1});
  BOOST_TEST(!fs::exists(first));
  BOOST_TEST(fs::exists(second));
}

BOOST_AUTO_TEST_CASE(the_work_directory_goes_with_the_job_and_checkpoints_stay) {
  complete(1, "a");
  job->create_work_directory({1}, "counts-0");
  job.reset();
  BOOST_TEST(!fs::exists(path() / "root/job/work"));
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(path() / "root/job/chk-1")));
}

BOOST_AUTO_TEST_CASE(two_jobs_cannot_use_one_directory_at_a_time) {
  check_error([&] { checkpoint_directory(path() / "root", "job"); },
              failure::restore_refused, {(path() / "root/job").string(), "in use"});
  job.reset();
  BOOST_CHECK_NO_THROW(checkpoint_directory(path() / "root", "job"));
}

BOOST_AUTO_TEST_CASE(a_directory_with_checkpoints_is_for_a_run_that_goes_on_with_them) {
  const auto taken = [&](const located_checkpoint* from, bool claimed) {
    return taken_by_others(path() / "root", "job", from, claimed).value_or("");
  };
  const auto says = [](const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
  };
  BOOST_TEST(says(taken(nullptr, false), "in use by a running job"));
  complete(1, "a");
  complete(2, "b");
  job.reset();
  const auto older = locate_checkpoint(path() / "root/job/chk-1");
  const auto newest = locate_checkpoint(path() / "root/job/chk-2");
  BOOST_TEST(says(taken(nullptr, false), "the newest of them chk-2"));
  BOOST_TEST(says(taken(&older, true), "the newest of them chk-2"));
  BOOST_TEST(says(taken(&newest, false), "--claim-mode claim"));
  BOOST_TEST(taken(&newest, true).empty());
  for (const std::string id : {"other", "", "a/b"})
    BOOST_TEST(!taken_by_others(path() / "root", id, nullptr, false).has_value());
}

BOOST_AUTO_TEST_CASE(the_lock_is_not_inherited_by_programs_the_job_starts) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (fs::read_symlink(entry.path(), gone) == job->path() / "work/lock")
      BOOST_TEST((::fcntl(std::stoi(entry.path().filename().string()), F_GETFD) &
                  FD_CLOEXEC) != 0);
  }
}

BOOST_AUTO_TEST_CASE(the_work_of_dead_jobs_is_swept_and_nothing_else) {
  complete(1, "a");
  make("root/dead/work/attempt-1/counts-0");
  write(path() / "root/dead/work/lock", "");
  make("root/dead/chk-1");
  write(path() / "root/dead/chk-1/_metadata", "x");
  make("root/foreign/work/attempt-1"); // no lock
  make("root/project/work/src");       // a lock, but not our kind of work
  write(path() / "root/project/work/lock", "");
  write(path() / "root/file", "x");
  const checkpoint_directory other(path() / "root", "other");
  BOOST_TEST(!fs::exists(path() / "root/dead/work"));
  BOOST_TEST(fs::exists(path() / "root/dead/chk-1/_metadata"));
  BOOST_TEST(fs::exists(path() / "root/foreign/work/attempt-1"));
  BOOST_TEST(fs::exists(path() / "root/project/work/src"));
  BOOST_TEST(fs::exists(path() / "root/job/work/lock")); // alive
  BOOST_TEST(tree(other.path() / "work").size() == 1U);  // its lock
}

BOOST_AUTO_TEST_CASE(what_a_dead_process_of_the_same_job_left_is_removed) {
  job.reset();
  make("root/job/work/attempt-4/counts-0");
  write(path() / "root/job/work/lock", "");
  write(path() / "root/job/shared/._0123.sst_abcdef", "half a copy");
  job.emplace(path() / "root", "job");
  BOOST_TEST(!fs::exists(path() / "root/job/work/attempt-4"));
  BOOST_TEST(fs::is_empty(job->shared_path()));
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_created_is_a_usage_error) {
  write(path() / "file", "x");
  check_error([&] { checkpoint_directory(path() / "file" / "root", "job"); },
              failure::usage,
              {"cannot create checkpoint directory", (path() / "file/root/job").string(),
               "Not a directory", "execution.checkpointing.dir"});
  check_error([&] { checkpoint_directory(path() / "file", "job"); }, failure::usage,
              {"Not a directory"});
  check_error([&] { checkpoint_directory("/proc/weir", "job"); }, failure::usage,
              {"/proc/weir/job"});
  check_error([&] { checkpoint_directory("", "job"); }, failure::usage,
              {"cannot create"});
  for (const auto* id : {"", "..", "a/b", ".job"})
    check_error([&] { checkpoint_directory(path(), id); }, failure::usage, {"job id"});
}

BOOST_AUTO_TEST_CASE(a_file_where_the_job_directory_should_be_is_a_usage_error) {
  write(path() / "root" / "taken", "x");
  check_error([&] { checkpoint_directory(path() / "root", "taken"); }, failure::usage,
              {"Not a directory"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_directory
