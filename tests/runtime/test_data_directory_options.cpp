// Where the files of checkpoints are to lie, as options and the job say it.
#include "operators/state_backend.hpp"
#include "tests/runtime/config_fixture.hpp"

namespace weir::test::test_data_directory_options {

namespace {

const std::string data_dir = "execution.checkpointing.data-dir";

struct data_directory_fixture : config_fixture {
  std::string root(const std::optional<backend_settings>& of_job = {}) const {
    return chosen(of_job).data_root;
  }
  void refused_for(const backend_settings& of_job, const std::string& part) const {
    BOOST_CHECK_EXCEPTION(root(of_job), error, [&](const error& e) {
      const std::string what = e.what();
      BOOST_TEST((e.kind() == failure::usage));
      BOOST_TEST(what.find(part) != what.npos, "'" << part << "' in: " << what);
      return true;
    });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(data_directory_options, data_directory_fixture)

BOOST_AUTO_TEST_CASE(it_is_an_absolute_path) {
  for (const char* same : {"/data/jobs", "file:///data/jobs", "/data//x/../jobs/"}) {
    set(data_dir, same);
    BOOST_TEST(root() == "/data/jobs");
  }
  all_refused(data_dir, {"", "data", "./data", "s3://data", "file://data", "/", "/a\tb"});
  set("state.backend.fs.checkpointdir", "none");
  BOOST_TEST(root() == "");
}

BOOST_AUTO_TEST_CASE(the_job_may_name_one_and_an_option_counts_more) {
  BOOST_TEST(root(rocksdb{}.data("file:///data/jobs").settings()) == "/data/jobs");
  BOOST_TEST(root(filesystem{}.data("/data/jobs/").settings()) == "/data/jobs");
  refused_for(filesystem{}.data("data").settings(), data_dir + " is 'data'");
  set(data_dir, "/other");
  BOOST_TEST(root(rocksdb{}.data("/data/jobs").settings()) == "/other");
}

BOOST_AUTO_TEST_CASE(the_memory_backend_has_no_files) {
  set("state.backend.type", "memory");
  BOOST_TEST(root(rocksdb{}.data("/data/jobs").settings()) == "");
  set(data_dir, "/data");
  refused_for(memory{}.settings(), "the memory backend writes none");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_data_directory_options
