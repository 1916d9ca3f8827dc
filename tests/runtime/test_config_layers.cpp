// Who counts more of those that say what an option is; and what Flink's users write.
#include "operators/job.hpp"
#include "tests/runtime/config_fixture.hpp"

using namespace std::chrono_literals;

namespace weir::test::test_config_layers {

namespace {

const std::string interval = "execution.checkpointing.interval";

} // namespace

BOOST_FIXTURE_TEST_SUITE(config_layers, config_fixture)

BOOST_AUTO_TEST_CASE(the_code_counts_more_than_a_file_and_an_option_more_than_both) {
  const auto in_file = [&](const std::string& name, const std::string& value) {
    set_option(config, name, value, option_layer::file, "weir.yaml:1");
  };
  set("execution.checkpointing.timeout", "1 min"); // in which order is all the same
  in_file(interval, "5 s");
  in_file("execution.checkpointing.timeout", "2 min");
  in_file("execution.checkpointing.min-pause", "3 s");
  in_file("execution.checkpointing.fail-on-checkpoint-error", "false");
  checkpoint_settings of_job;
  of_job.every(30s).timeout(5min).tolerable_failures(7);
  config = with_settings(config, of_job.options());
  BOOST_TEST((config.checkpoint_interval == 30s && config.checkpoint_min_pause == 3s));
  BOOST_TEST((config.checkpoint_timeout == 1min && config.warnings.empty()));
  BOOST_TEST(config.failed_checkpoints_tolerable == 7U);
  const auto origin = [&](const std::string& name) { return config.given[name].origin; };
  BOOST_TEST(origin(interval) == "the job's code");
  BOOST_TEST(origin("execution.checkpointing.timeout") == "-D");
  BOOST_TEST(origin("execution.checkpointing.min-pause") == "weir.yaml:1");
}

BOOST_AUTO_TEST_CASE(a_backend_of_the_code_counts_more_than_that_of_a_file) {
  const auto in_file = [&](const std::string& name, const std::string& value) {
    set_option(config, name, value, option_layer::file, "weir.yaml:1");
  };
  in_file("state.backend.type", "memory");
  in_file("state.backend.memory.max-size", "1 kb");
  in_file("execution.checkpointing.snapshot-compression", "none");
  in_file("execution.checkpointing.data-dir", "/of-file");
  in_file("state.backend.rocksdb.memory.fixed-per-slot", "20 mb");
  BOOST_TEST((chosen_backend(config, filesystem().settings(), 1, 0).kind ==
              backend_kind::filesystem));
  const backend_settings of_code =
      chosen(filesystem().compress().data("/of-code").settings());
  BOOST_TEST((of_code.compress && of_code.data_root == "/of-code"));
  BOOST_TEST(chosen(filesystem().settings()).data_root == "/of-file");
  config.data_dir.clear();
  BOOST_TEST(chosen(memory().max_size(9000).settings()).memory_size_max == 9000U);
  BOOST_TEST(chosen(memory().settings()).memory_size_max == 1024U);
  BOOST_TEST((chosen().kind == backend_kind::memory)); // whose code says nothing
  BOOST_TEST(chosen(rocksdb().settings()).memory_max == 20U << 20);
  set("state.backend.type", "rocksdb");
  BOOST_TEST((chosen(memory().settings()).kind == backend_kind::rocksdb));
}

BOOST_AUTO_TEST_CASE(names_and_words_of_flink_are_understood) {
  set("pipeline.max-parallelism", "64");
  set("pipeline.max-parallelism", "-1");
  set("execution.buffer-timeout", "7");
  set("execution.checkpointing.checkpoints-after-tasks-finish", "FALSE");
  set("execution.savepoint.path", "file:/data/chk-1");
  set("state.backend.fs.memory-threshold", "1 kibibytes");
  BOOST_TEST((config.max_parallelism == 0U && config.buffer_timeout == 7ms));
  BOOST_TEST((!config.checkpoints_after_end && config.inline_bytes_max == 1024U));
  BOOST_TEST(config.recover_from == "/data/chk-1");
}

BOOST_AUTO_TEST_CASE(a_directory_of_another_machine_is_refused) {
  for (const std::string place : {"s3://bucket/checkpoints", "hdfs:///checkpoints"})
    for (const std::string name :
         {"state.checkpoints.dir", "execution.state-recovery.path"})
      BOOST_CHECK_THROW(set(name, place), error);
  refused("execution.checkpointing.dir", "s3://bucket", "mount the storage");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_config_layers
