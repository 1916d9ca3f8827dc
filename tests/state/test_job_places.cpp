// Checkpoints whose files lie apart from their metadata.
#include "state/checkpoint_catalog.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/copy_checkpoint.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace weir::test::test_job_places {

namespace {

struct apart_fixture : scratch_directory {
  apart_fixture() { begin(); }

  void begin() { job.emplace(path() / "root", "job", path() / "data"); }
  fs::path in_root(const std::string& name) const { return path() / "root/job" / name; }
  fs::path in_data(const std::string& name) const { return path() / "data/job" / name; }
  fs::path shared(const std::string& text) const {
    return in_data("shared") / shared_name(text);
  }
  void complete(std::uint64_t id, const std::string& shared) {
    complete_checkpoint(*job, id, shared);
  }
  /// Completes them, and the job is over.
  void leave(std::initializer_list<std::pair<std::uint64_t, const char*>> checkpoints) {
    for (const auto& [id, text] : checkpoints)
      complete(id, text);
    job.reset();
  }
  void intact(const fs::path& checkpoint, const fs::path& moved_to = {}) {
    BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(checkpoint, moved_to)));
  }
  std::string taken(const fs::path& data_root, const located_checkpoint* from = nullptr) {
    return taken_by_others(path() / "root", "job", from, true, data_root).value_or("");
  }

  std::optional<checkpoint_directory> job;
};

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::vector<std::string> names(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(directory))
    found.push_back(entry.path().filename().string());
  std::ranges::sort(found);
  return found;
}

using list = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(job_places_, apart_fixture)

BOOST_AUTO_TEST_CASE(only_the_metadata_lies_in_the_job_directory) {
  complete(7, "a");
  BOOST_TEST((names(in_root("chk-7")) == list{"_metadata"}));
  BOOST_TEST((names(in_root("")) == list{"chk-7", "work"}));
  BOOST_TEST((names(in_root("work")) == list{"lock"}));
  BOOST_TEST((names(in_data("chk-7")) == list{"counts-0.keyed", "counts-0.operator"}));
  BOOST_TEST((names(in_data("")) == list{"_owner", "chk-7", "shared", "work"}));
  const auto located = locate_checkpoint(in_root(""));
  BOOST_TEST(located.metadata.data_root == (path() / "data").string());
  BOOST_TEST(located.directory == in_root("chk-7"));
  BOOST_TEST(located.data == in_data("chk-7"));
  BOOST_TEST(located.shared == job->shared_path());
  BOOST_CHECK_NO_THROW(verify_checkpoint(located));
}

BOOST_AUTO_TEST_CASE(databases_are_where_shared_files_can_be_linked) {
  const fs::path work = job->create_work_directory({1}, "counts-0");
  BOOST_TEST(work == in_data("work/attempt-1/counts-0"));
  job->remove_work_directories({1});
  BOOST_TEST((names(in_data("work")) == list{"lock"}));
}

BOOST_AUTO_TEST_CASE(the_same_root_by_another_name_is_no_place_apart) {
  job.reset();
  make("one");
  fs::create_directory_symlink(path() / "one", path() / "two");
  for (const char* same : {"one", "two", "one/../one/"}) {
    checkpoint_directory together(path() / "one", "job", path() / same);
    BOOST_TEST(together.data_root().empty());
    complete_checkpoint(together, 1, "a");
    BOOST_TEST(locate_checkpoint(together.checkpoint_path({1})).metadata.data_root == "");
    together.keep_only({});
  }
}

BOOST_AUTO_TEST_CASE(pruning_leaves_nothing_in_either_place) {
  complete(1, "a");
  complete(2, "b");
  complete(3, "a");
  job->begin({4});
  make("root/job/chk-5"); // left by a process that died
  make("data/job/chk-5");
  make("data/job/chk-6");
  job->prune(1, {});
  BOOST_TEST((names(in_root("")) == list{"chk-3", "chk-4", "work"}));
  BOOST_TEST((names(in_data("")) == list{"_owner", "chk-3", "chk-4", "shared", "work"}));
  BOOST_TEST((fs::exists(shared("a")) && !fs::exists(shared("b"))));
  intact(in_root("chk-3"));
  job->abandon({4});
  job->keep_only({});
  job.reset();
  BOOST_TEST(fs::is_empty(path() / "root"));
  BOOST_TEST(fs::is_empty(path() / "data"));
}

BOOST_AUTO_TEST_CASE(nothing_goes_while_nobody_can_tell_what_checkpoints_there_are) {
  complete(1, "a");
  const auto before = tree(in_data(""));
  fs::rename(in_root(""), path() / "elsewhere");
  job->prune(1, {});
  BOOST_TEST((tree(in_data("")) == before));
}

BOOST_AUTO_TEST_CASE(a_savepoint_is_all_in_its_directory) {
  job->begin_savepoint({1}, path() / "saved");
  BOOST_TEST(job->data_path({1}) == job->checkpoint_path({1}));
  const auto file = job->write_file({1}, "counts-0.operator", bytes_of("x"));
  checkpoint_metadata metadata;
  metadata.id = {1};
  metadata.job_id = "job";
  metadata.savepoint = true;
  metadata.operators.push_back({"counts", 1, 128, {}, {}});
  metadata.operators[0].subtasks.push_back({0, {}, file});
  job->commit(metadata);
  const auto located = locate_checkpoint(job->checkpoint_path({1}));
  BOOST_TEST((located.metadata == metadata));
  BOOST_TEST(located.data == located.directory);
  fs::remove_all(path() / "data");
  BOOST_CHECK_NO_THROW(verify_checkpoint(located));
}

BOOST_AUTO_TEST_CASE(both_places_are_locked) {
  const auto refused = [&](const char* root, const char* data) {
    check_error([&] { checkpoint_directory(path() / root, "job", path() / data); },
                failure::restore_refused, {"in use"});
  };
  refused("root", "other");
  refused("other", "data");
  BOOST_TEST(fs::is_empty(path() / "other"));
  BOOST_TEST(says(taken(path() / "data"), "in use"));
}

BOOST_AUTO_TEST_CASE(dead_jobs_are_swept_in_both_places) {
  for (const char* work : {"root/dead/work", "data/dead/work"}) {
    make(work);
    write(path() / work / "lock", "");
    fs::create_directory(path() / work / "attempt-1");
  }
  write(path() / "data/dead/_owner", (path() / "root/dead\n").string());
  const checkpoint_directory other(path() / "root", "other", path() / "data");
  BOOST_TEST(!fs::exists(path() / "root/dead/work"));
  BOOST_TEST(!fs::exists(path() / "data/dead/work"));
  BOOST_TEST(fs::exists(path() / "data/dead/_owner"));
  BOOST_TEST(fs::exists(in_data("work/lock")));
}

BOOST_AUTO_TEST_CASE(nobody_writes_among_the_files_of_others) {
  leave({{1, "a"}});
  const auto before = tree(path());
  const auto refused = [&](const char* root, const char* data, std::string_view part) {
    check_error([&] { checkpoint_directory(path() / root, "job", path() / data); },
                failure::restore_refused, {part, "choose another job id"});
    BOOST_TEST(says(
        taken_by_others(path() / root, "job", nullptr, true, path() / data).value_or(""),
        part));
  };
  refused("another", "data", in_root("").parent_path().string());
  refused("data", "another", "has the files of the checkpoints in");
  refused("data", "data", "has the files of the checkpoints in");
  refused("another", "root", "has checkpoints of its own");
  fs::remove(path() / "another");
  BOOST_TEST((tree(path()) == before));
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_in_both_directories_or_in_neither) {
  leave({{1, "a"}});
  const auto newest = locate_checkpoint(in_root("chk-1"));
  BOOST_TEST(taken(path() / "data", &newest).empty());
  BOOST_TEST(says(taken(path() / "other", &newest), "execution.checkpointing.data-dir"));
  BOOST_TEST(says(taken({}, &newest), "execution.checkpointing.data-dir"));
  fs::rename(path() / "data", path() / "moved");
  const auto moved = locate_checkpoint(in_root("chk-1"), path() / "moved");
  BOOST_TEST(taken(path() / "moved", &moved).empty());
}

BOOST_AUTO_TEST_CASE(a_data_root_that_has_moved_is_found_where_one_says) {
  leave({{1, "a"}, {2, "b"}});
  fs::rename(path() / "data", path() / "moved");
  const auto located = locate_checkpoint(in_root(""));
  check_error([&] { verify_checkpoint(located); }, failure::restore_refused,
              {in_data("").parent_path().string(), "does not exist", "mount it",
               "execution.state-recovery.data-dir", "--data-dir"});
  BOOST_TEST(damaged_files(located).size() == 1U);
  intact(in_root(""), "file://" + (path() / "moved").string());
  flip_byte(path() / "moved/job/chk-2/counts-0.keyed", 0);
  check_error(
      [&] { verify_checkpoint(locate_checkpoint(in_root(""), path() / "moved")); },
      failure::restore_refused,
      {"moved/job/chk-2/counts-0.keyed", "checksum", "root/job/chk-1", "newest intact"});
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named_where_it_should_be) {
  leave({{1, "a"}});
  fs::remove(shared("a"));
  check_error([&] { verify_checkpoint(locate_checkpoint(in_root("chk-1"))); },
              failure::restore_refused,
              {"1 of its files is missing", in_data("").parent_path().string()});
}

BOOST_AUTO_TEST_CASE(files_are_no_checkpoint) {
  leave({{1, "a"}});
  for (const fs::path& data : {in_data("chk-1"), path() / "data/job"}) {
    check_error([&] { locate_checkpoint(data); }, failure::restore_refused,
                {(path() / "root/job").string(), "_metadata"});
    check_error([&] { claimed_checkpoint{data}; }, failure::restore_refused, {});
  }
  check_error([&] { list_checkpoints(path() / "data"); }, failure::restore_refused,
              {"no checkpoint"});
  check_error([&] { list_checkpoints(path() / "data/job"); }, failure::restore_refused,
              {(path() / "root/job").string()});
  intact(in_root("chk-1"));
}

BOOST_AUTO_TEST_CASE(a_removed_checkpoint_takes_its_files_along) {
  leave({{1, "a"}, {2, "b"}, {3, "a"}});
  const removal done = claimed_checkpoint(in_root("chk-2")).remove();
  BOOST_TEST((done.removed && done.bytes > 0));
  BOOST_TEST((!fs::exists(in_root("chk-2")) && !fs::exists(in_data("chk-2"))));
  BOOST_TEST((fs::exists(shared("a")) && !fs::exists(shared("b"))));
  make("data/job/chk-9"); // begun, and the name of it was lost with the power
  claimed_checkpoint(in_root("chk-1")).remove();
  intact(in_root("chk-3"));
  claimed_checkpoint(in_root("chk-3")).remove();
  BOOST_TEST(fs::is_empty(path() / "root"));
  BOOST_TEST(fs::is_empty(path() / "data"));
}

BOOST_AUTO_TEST_CASE(one_that_was_not_completed_goes_with_its_files) {
  complete(1, "a");
  job->begin({2});
  job->write_file({2}, "counts-0.operator", bytes_of("x"));
  job.reset();
  claimed_checkpoint(in_root("chk-2")).remove();
  BOOST_TEST(!fs::exists(in_data("chk-2")));
  intact(in_root("chk-1"));
}

BOOST_AUTO_TEST_CASE(files_that_are_not_where_they_should_be_are_not_removed) {
  leave({{1, "a"}});
  fs::rename(path() / "data", path() / "moved");
  check_error([&] { claimed_checkpoint{in_root("chk-1")}; }, failure::restore_refused,
              {"does not exist", "--data-dir"});
  claimed_checkpoint(in_root("chk-1"), path() / "moved").remove();
  BOOST_TEST(fs::is_empty(path() / "root"));
  BOOST_TEST(fs::is_empty(path() / "moved"));
}

BOOST_AUTO_TEST_CASE(a_copy_of_metadata_does_not_take_the_files_of_the_original) {
  leave({{1, "a"}});
  fs::copy(path() / "root", path() / "backup", fs::copy_options::recursive);
  check_error([&] { claimed_checkpoint{path() / "backup/job/chk-1"}; },
              failure::restore_refused, {(path() / "root/job").string(), "_owner"});
  intact(path() / "backup/job/chk-1");
  fs::remove_all(path() / "root"); // it was no copy, it has moved
  write(in_data("_owner"), (path() / "backup/job").string() + "\n");
  claimed_checkpoint(path() / "backup/job/chk-1").remove();
  BOOST_TEST(fs::is_empty(path() / "data"));
}

BOOST_AUTO_TEST_CASE(a_claimed_one_is_locked_and_goes_in_both_places) {
  leave({{1, "a"}});
  checkpoint_directory own(path() / "own", "own");
  own.claim(in_root("chk-1"));
  check_error([&] { checkpoint_directory(path() / "other", "job", path() / "data"); },
              failure::restore_refused, {"in use"});
  complete_checkpoint(own, 2, "c");
  own.prune(1, {});
  BOOST_TEST(fs::is_empty(path() / "root"));
  BOOST_TEST(fs::is_empty(path() / "data"));
}

BOOST_AUTO_TEST_CASE(a_copied_checkpoint_needs_nothing_else) {
  leave({{1, "a"}});
  const fs::path to =
      copy_checkpoint(locate_checkpoint(in_root("chk-1")), path() / "far");
  fs::remove_all(path() / "root");
  fs::remove_all(path() / "data");
  const auto located = locate_checkpoint(to);
  BOOST_TEST(located.metadata.data_root == "");
  BOOST_TEST(located.data == to);
  BOOST_CHECK_NO_THROW(verify_checkpoint(located));
}

BOOST_AUTO_TEST_CASE(nothing_is_copied_among_the_files_of_others) {
  complete(1, "a");
  const auto from = locate_checkpoint(in_root("chk-1"));
  check_error([&] { copy_checkpoint(from, path() / "data"); }, failure::usage,
              {"has the files of the checkpoints in"});
}

BOOST_AUTO_TEST_CASE(a_data_root_that_cannot_be_is_a_usage_error) {
  job.reset();
  write(path() / "file", "x");
  check_error([&] { checkpoint_directory(path() / "root", "job", path() / "file"); },
              failure::usage,
              {"file/job", "Not a directory", "execution.checkpointing.data-dir"});
  BOOST_TEST(fs::is_empty(path() / "root"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_job_places
