// Jobs whose checkpoints have their files in a data directory apart from the metadata.
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "state/locate_checkpoint.hpp"
#include "tests/embedding/counted_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace weir::testing::test_data_directory {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t to_its_end = 5'000; // per second: in some seconds

/// Does something at the third checkpoint.
struct at_third : job_observer {
  std::function<void(const completed_checkpoint&)> act;
  std::vector<std::string> warnings;

  void completed(const completed_checkpoint& taken) override {
    if (taken.id.value >= 3 && act)
      std::exchange(act, {})(taken);
  }
  void warned(const std::string& of) override { warnings.push_back(of); }
};

struct apart_fixture {
  temporary_directory place{fast_directory()}; // no disk makes a job wait
  fs::path metadata = place.path() / "checkpoints";
  fs::path data = place.path() / "data";
  std::string root = "file://" + data.string();
  std::function<void(job&)> choose_backend = [this](job& job) {
    job.state_backend(rocksdb{}.data(root));
  };
  at_third told;
  std::stop_source stop;
  std::atomic<bool> failing = false; // the next record
  counted_numbers job_of_it{.output = place.path() / "output",
                            .per_second = 1'000}; // no end before it is told to
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "20ms"},
                   {"execution.checkpointing.dir", metadata},
                   {"execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION"}},
      .observer = &told,
  };

  job_report run_it() {
    stop = std::stop_source();
    options.cancel = stop.get_token();
    return run(
        [this](job& job) {
          choose_backend(job);
          job_of_it.counts(job)
              .map([this](const counted<std::uint64_t>& each) {
                if (failing.exchange(false))
                  throw std::runtime_error("this failure was asked for");
                return each;
              })
              .sink("lines", write_lines(job_of_it.output));
        },
        options);
  }

  /// Returns the newest checkpoint of a job that was cancelled.
  fs::path left_behind() {
    told.act = [this](const auto&) { stop.request_stop(); };
    const job_report report = run_it();
    BOOST_TEST_REQUIRE(report.resume_from.has_value());
    return *report.resume_from;
  }
  fs::path files_of(const fs::path& checkpoint) const {
    return data / checkpoint.lexically_relative(metadata);
  }
  void resume(const fs::path& from, std::uint32_t parallelism = 3) {
    options.restore_from = from;
    options.parallelism = parallelism;
    job_of_it.per_second = 0;
    run_it();
    check_output();
  }
  void check_output() const { BOOST_TEST((job_of_it.lines() == job_of_it.all_lines())); }

  std::string refusal(failure kind) {
    try {
      run_it();
    } catch (const error& problem) {
      BOOST_TEST((problem.kind() == kind));
      return problem.what();
    }
    return "";
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos && text.find('\n') == text.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(data_directory, apart_fixture)

BOOST_AUTO_TEST_CASE(only_the_metadata_is_elsewhere_and_another_parallelism_restores_it) {
  const auto incremental = [](apart_fixture& at) {
    at.choose_backend = [&](job& job) { job.state_backend(rocksdb{}.data(at.root)); };
  };
  const auto whole = [](apart_fixture& at) {
    at.choose_backend = [&](job& job) { job.state_backend(filesystem{}.data(at.root)); };
  };
  for (const auto& backend : {std::function<void(apart_fixture&)>(incremental),
                              std::function<void(apart_fixture&)>(whole)}) {
    apart_fixture at;
    backend(at);
    const fs::path taken = at.left_behind();
    BOOST_TEST((files_in(taken) == std::vector{taken / "_metadata"}));
    BOOST_TEST(!fs::exists(taken.parent_path() / "shared"));
    BOOST_TEST(!fs::exists(at.files_of(taken) / "_metadata"));
    BOOST_TEST(files_in(at.files_of(taken)).size() > 3U);
    BOOST_TEST(!fs::exists(at.files_of(taken).parent_path() / "work"));
    const auto found = locate_checkpoint(taken);
    BOOST_TEST(found.metadata.data_root == at.data.string());
    BOOST_CHECK_NO_THROW(verify_checkpoint(found));

    at.resume(taken);
    BOOST_CHECK_NO_THROW(verify_checkpoint(found)); // it was not the run's
  }
}

BOOST_AUTO_TEST_CASE(an_option_counts_more_than_the_job) {
  options.settings["state.backend.fs.checkpointdir"] = place.path() / "other";
  const fs::path taken = left_behind();
  BOOST_TEST(locate_checkpoint(taken).metadata.data_root ==
             (place.path() / "other").string());
  BOOST_TEST(!fs::exists(data));
}

BOOST_AUTO_TEST_CASE(a_job_that_has_finished_leaves_nothing_in_either_directory) {
  job_of_it.per_second = to_its_end;
  const job_report report = run_it();
  BOOST_TEST(!report.checkpoints.empty());
  BOOST_TEST(fs::is_empty(metadata));
  BOOST_TEST(fs::is_empty(data));
}

BOOST_AUTO_TEST_CASE(a_job_that_fails_goes_back_to_its_files) {
  job_of_it.per_second = to_its_end;
  options.settings["restart-strategy.type"] = "fixed-delay";
  options.settings["restart-strategy.fixed-delay.delay"] = "0";
  told.act = [this](const completed_checkpoint& taken) {
    fs::remove(files_of(taken.directory) / "counts-0.keyed");
    failing = true;       // and the newest checkpoint is damaged
    await_taken(failing); // or the next one may be complete before that
  };
  BOOST_TEST(run_it().restarts() == 1U);
  BOOST_TEST_REQUIRE(!told.warnings.empty());
  BOOST_TEST(says(told.warnings.front(), "is damaged, so the job goes back to chk-"));
  check_output();
}

BOOST_AUTO_TEST_CASE(a_claimed_checkpoint_goes_in_both_directories) {
  const fs::path taken = left_behind();
  const fs::path files = files_of(taken);
  options.settings["execution.state-recovery.claim-mode"] = "claim";
  options.settings["execution.checkpointing.num-retained"] = "1";
  options.restore_from = taken;
  job_of_it.per_second = to_its_end;
  run_it(); // slowly
  check_output();
  BOOST_TEST((!fs::exists(taken) && !fs::exists(files)));
  BOOST_TEST(fs::exists(files.parent_path())); // others of that job
}

BOOST_AUTO_TEST_CASE(a_data_directory_that_has_moved_is_found_where_the_option_says) {
  const fs::path taken = left_behind();
  const fs::path moved = place.path() / "moved";
  fs::rename(data, moved);
  options.restore_from = taken;
  const std::string why = refusal(failure::restore_refused);
  BOOST_TEST(says(why, files_of(taken).parent_path().string()), why);
  BOOST_TEST(says(why, "-D execution.state-recovery.data-dir=DIR"), why);

  options.settings["execution.state-recovery.data-dir"] = "file://" + moved.string();
  resume(taken);
  BOOST_TEST(fs::is_empty(data)); // where this run had its own
}

BOOST_AUTO_TEST_CASE(where_nothing_has_moved_the_option_says_so) {
  choose_backend = [](job&) {};
  const fs::path taken = left_behind();
  options.settings["execution.state-recovery.data-dir"] = "/nowhere";
  resume(taken);
  BOOST_TEST_REQUIRE(!told.warnings.empty());
  BOOST_TEST(says(told.warnings.front(), "lie beside its _metadata"));
}

BOOST_AUTO_TEST_CASE(a_savepoint_needs_neither_directory) {
  job_control control;
  options.control = &control;
  std::future<fs::path> asked;
  told.act = [&](const auto&) { asked = control.stop(place.path() / "savepoints"); };
  run_it();
  const fs::path taken = asked.get();
  BOOST_TEST(locate_checkpoint(taken).metadata.data_root == "");
  fs::remove_all(metadata);
  fs::remove_all(data);
  options.control = nullptr;
  resume(taken);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_is_refused_before_anything_is_changed) {
  for (const char* wrong : {"relative", "file://relative", "s3://bucket", "/a\nb", "/"}) {
    root = wrong;
    const std::string why = refusal(failure::usage);
    BOOST_TEST(why.find("execution.checkpointing.data-dir is '" + one_line(root)) == 7U,
               why);
    const char* remedy = root.starts_with("s3:") ? "mount the storage"
                                                 : "the absolute path of a directory";
    BOOST_TEST(why.find(remedy) != why.npos, why);
  }
  BOOST_TEST(fs::is_empty(place.path()));
}

BOOST_AUTO_TEST_CASE(checkpoints_without_files_have_no_data_directory) {
  options.settings["state.backend.type"] = "memory";
  const fs::path taken = left_behind(); // the option counts more than the job
  BOOST_TEST((files_in(taken) == std::vector{taken / "_metadata"}));
  BOOST_TEST(!fs::exists(data));
  options.settings["execution.checkpointing.data-dir"] = data;
  const std::string why = refusal(failure::usage);
  BOOST_TEST(says(why, "the memory backend writes none"), why);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_data_directory
