#include "operators/job.hpp"
#include "tests/runtime/config_fixture.hpp"

using namespace std::chrono_literals;

namespace weir::test::test_config {

namespace {

const std::string interval = "execution.checkpointing.interval";

} // namespace

BOOST_FIXTURE_TEST_SUITE(config, config_fixture)

BOOST_AUTO_TEST_CASE(the_table_states_the_defaults_of_a_run) {
  run_config fresh;
  config = {7,
            7,
            7ms,
            7ms,
            7,
            7,
            7ms,
            "7",
            "7",
            "7",
            7,
            never,
            7ms,
            7ms,
            7ms,
            7,
            7,
            false,
            true,
            7ms,
            true,
            false,
            backend_kind::memory,
            7,
            true,
            false,
            7,
            7,
            true,
            7,
            true,
            claim_mode::claim,
            {7},
            "7",
            "7",
            7ms,
            restart_kind::none,
            7,
            7ms,
            {7ms, 7ms, 7, 7ms, 0.7, 7},
            {7, 7ms, 7ms},
            {},
            {}};
  for (const auto& option : config_options())
    set(option.name, option.default_value);
  BOOST_TEST(config.warnings.size() == 1U); // two of them set the same
  config.warnings.clear();
  config.given.clear();
  BOOST_TEST((chosen() == chosen_backend(fresh, {}, 1, 0)));
  fresh.state_backend = config.state_backend; // said, and so before what the job says
  fresh.memory_state_bytes_max = config.memory_state_bytes_max;
  fresh.snapshots_compressed = config.snapshots_compressed;
  fresh.restart_attempts = config.restart_attempts;
  BOOST_TEST((config == fresh));
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_metadata_is_small) {
  set("state.storage.fs.memory-threshold", "20 kb");
  BOOST_TEST(chosen().inline_max == 20U << 10);
  set("execution.checkpointing.data-inline-threshold", "1 mb");
  BOOST_TEST(chosen().inline_max == 1U << 20);
  all_refused("execution.checkpointing.data-inline-threshold",
              {"-1", "1048577", "2 mb", ""});
}

BOOST_AUTO_TEST_CASE(records_in_flight_are_left_out_of_one_checkpoint_or_of_none) {
  const std::string name = "execution.state-recovery.without-channel-state.checkpoint-id";
  set(name, "7");
  BOOST_TEST((config.without_in_flight == checkpoint_id{7}));
  set(name, "-1");
  BOOST_TEST((config.without_in_flight == checkpoint_id{}));
  all_refused(name, {"0", "-2", "chk-7", ""});
}

BOOST_AUTO_TEST_CASE(whose_a_checkpoint_is_reads_as_in_flink_and_as_in_a_sentence) {
  for (const std::string name :
       {"execution.state-recovery.claim-mode", "execution.savepoint-restore-mode"}) {
    for (const std::string text : {"claim", "CLAIM"}) {
      set(name, text);
      BOOST_TEST((config.claim == claim_mode::claim));
    }
    for (const std::string text : {"no-claim", "NO_CLAIM", "no_claim"}) {
      set(name, text);
      BOOST_TEST((config.claim == claim_mode::no_claim));
    }
  }
  all_refused("execution.state-recovery.claim-mode", {"", "legacy", "noclaim", "true"});
  set("execution.savepoint.ignore-unclaimed-state", "true");
  BOOST_TEST(config.skip_unclaimed_state);
}

BOOST_AUTO_TEST_CASE(a_state_backend_is_that_of_the_options_or_of_the_job) {
  const std::optional<backend_settings> of_job = memory().max_size(1000).settings();
  BOOST_TEST((chosen(of_job) == *of_job));
  set("state.backend", "hashmap"); // as older files have it
  BOOST_TEST((chosen(of_job).kind == backend_kind::filesystem));
  BOOST_TEST((chosen().kind == backend_kind::filesystem));
  set("state.backend.type", "jobmanager");
  set("state.backend.memory.max-size", "1 kb");
  set("execution.checkpointing.snapshot-compression", "true");
  const backend_settings of_both = chosen(of_job);
  BOOST_TEST((of_both.kind == backend_kind::memory));
  BOOST_TEST(of_both.memory_size_max == 1024U);
  BOOST_TEST(of_both.compress);
  set("execution.checkpointing.snapshot-compression", "none");
  BOOST_TEST(!chosen(filesystem().compress().settings()).compress);
  BOOST_CHECK_THROW(set("state.backend.type", "forst"), error);
  BOOST_CHECK_THROW(set("execution.checkpointing.snapshot-compression", "snappy"), error);
}

BOOST_AUTO_TEST_CASE(every_option_sets_its_field) {
  set("parallelism.default", "4");
  set("pipeline.max-parallelism", "256");
  set("execution.buffer-timeout.interval", "5 ms");
  set("pipeline.auto-watermark-interval", "50 ms");
  set("pipeline.read-limit.rows-per-second", "1000");
  set(interval, "10 s");
  set("execution.checkpointing.dir", "here");
  set("execution.checkpointing.num-retained", "9");
  set("execution.checkpointing.force", "true");
  set("pipeline.iteration.max-bytes", "1 mb");
  set("restart-strategy.fixed-delay.attempts", "2");
  set("restart-strategy.fixed-delay.delay", "0");
  BOOST_TEST((config.parallelism == 4 && config.max_parallelism == 256));
  BOOST_TEST((config.buffer_timeout == 5ms && config.checkpoint_interval == 10s));
  BOOST_TEST((config.watermark_interval == 50ms));
  BOOST_TEST(config.source_rows_per_second == 1000U);
  BOOST_TEST((config.checkpoint_dir == "here" && config.checkpoints_retained == 9));
  BOOST_TEST((config.checkpoints_forced && config.iteration_bytes_max == 1 << 20));
  BOOST_TEST((config.restart_attempts == 2 && config.restart_delay == 0ms));
}

BOOST_AUTO_TEST_CASE(every_option_of_checkpoints_sets_its_field) {
  const std::string checkpoints = "execution.checkpointing.";
  set(checkpoints + "mode", "at-least-once");
  set(checkpoints + "timeout", "1 min");
  set(checkpoints + "min-pause", "3 s");
  set(checkpoints + "max-concurrent-checkpoints", "4");
  set(checkpoints + "tolerable-failed-checkpoints", "5");
  set(checkpoints + "externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
  set(checkpoints + "unaligned", "true");
  set(checkpoints + "alignment-timeout", "6 s");
  set(checkpoints + "checkpoints-after-tasks-finish.enabled", "false");
  set("state.checkpoints.num-retained", "7");
  set("state.checkpoints.dir", "there");
  BOOST_TEST((!config.exactly_once && config.unaligned));
  BOOST_TEST((config.checkpoint_timeout == 1min && config.checkpoint_min_pause == 3s));
  BOOST_TEST((config.checkpoints_concurrent == 4 && config.aligned_timeout == 6s));
  BOOST_TEST(config.failed_checkpoints_tolerable == 5U);
  BOOST_TEST((config.retention == on_cancellation && config.checkpoint_dir == "there"));
  BOOST_TEST((config.checkpoints_retained == 7U && !config.checkpoints_after_end));
  set(checkpoints + "mode", "EXACTLY_ONCE");
  set(checkpoints + "unaligned.enabled", "false");
  set(checkpoints + "aligned-checkpoint-timeout", "0");
  set(checkpoints + "externalized-checkpoint-retention", "NO_EXTERNALIZED_CHECKPOINTS");
  BOOST_TEST((config.exactly_once && !config.unaligned && config.aligned_timeout == 0s));
  BOOST_TEST((config.retention == never));
  all_refused(checkpoints + "mode", {"", "once"});
  all_refused(checkpoints + "timeout", {"0", "none"});
  all_refused(checkpoints + "max-concurrent-checkpoints", {"0", "1001"});
  all_refused(checkpoints + "externalized-checkpoint-retention", {"", "keep"});
}

BOOST_AUTO_TEST_CASE(of_two_options_that_set_the_same_the_last_one_counts) {
  const std::string fails = "execution.checkpointing.fail-on-checkpoint-error";
  const std::string tolerable = "execution.checkpointing.tolerable-failed-checkpoints";
  set(fails, "false");
  BOOST_TEST(config.failed_checkpoints_tolerable == 0xffffffffU);
  BOOST_TEST(config.warnings.empty());
  set(tolerable, "3");
  BOOST_TEST(config.failed_checkpoints_tolerable == 3U);
  BOOST_TEST_REQUIRE(config.warnings.size() == 1U);
  BOOST_TEST(config.warnings[0] == "options " + fails + " and " + tolerable +
                                       " set the same; the last one counts, " +
                                       tolerable + "=3");
  set(tolerable, "4"); // the same option twice is how one corrects oneself
  BOOST_TEST(config.warnings.size() == 1U);
  set(fails, "true");
  BOOST_TEST(config.failed_checkpoints_tolerable == 0U);
  BOOST_TEST(config.warnings.size() == 2U);
}

BOOST_AUTO_TEST_CASE(each_line_of_code_has_its_effect) {
  job defined;
  defined.checkpoints()
      .every(30s, at_least_once)
      .min_pause(20s)
      .timeout(5min)
      .sync_phase_timeout(3s)
      .max_concurrent(2)
      .tolerable_failures(3)
      .retain(on_cancellation)
      .keep(4)
      .compress()
      .unaligned()
      .aligned_timeout(7s)
      .after_tasks_finish(false)
      .force_iterations();
  config = with_settings({}, defined.checkpoints().options());
  BOOST_TEST((config.checkpoint_interval == 30s && !config.exactly_once));
  BOOST_TEST((config.checkpoint_min_pause == 20s && config.checkpoint_timeout == 5min));
  BOOST_TEST((config.checkpoints_concurrent == 2U && config.sync_phase_timeout == 3s));
  BOOST_TEST(config.failed_checkpoints_tolerable == 3U);
  BOOST_TEST((config.retention == on_cancellation && config.checkpoints_retained == 4U));
  BOOST_TEST((config.snapshots_compressed == true && config.unaligned));
  BOOST_TEST((config.aligned_timeout == 7s && config.warnings.empty()));
  BOOST_TEST((!config.checkpoints_after_end && config.checkpoints_forced));
  defined.checkpoints().every(1s).fail_on_error(false).unaligned(false).compress(false);
  config = with_settings({}, defined.checkpoints().options());
  BOOST_TEST((config.checkpoint_interval == 1s && config.exactly_once));
  BOOST_TEST((config.snapshots_compressed == false && !config.unaligned));
  BOOST_TEST(config.failed_checkpoints_tolerable == 0xffffffffU);
  BOOST_TEST(config.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_option_counts_more_than_the_code) {
  set(interval, "5 s");
  set("execution.checkpointing.fail-on-checkpoint-error", "true");
  set("state.checkpoints.num-retained", "9");
  checkpoint_settings of_job;
  of_job.every(30s).tolerable_failures(3).keep(4).timeout(5min);
  config = with_settings(config, of_job.options());
  BOOST_TEST((config.checkpoint_interval == 5s && config.checkpoint_timeout == 5min));
  BOOST_TEST(config.failed_checkpoints_tolerable == 0U);
  BOOST_TEST((config.checkpoints_retained == 9U && config.warnings.empty()));
  BOOST_CHECK_THROW(with_settings({}, checkpoint_settings().every(1ms).options()), error);
}

BOOST_AUTO_TEST_CASE(restarts_are_those_of_the_type_or_derived) {
  const auto chosen = [&] { return chosen_restarts(config); };
  BOOST_TEST((chosen() == restart_strategy(no_restarts())));
  set(interval, "1 s");
  BOOST_TEST((chosen() == restart_strategy(exponential_delay())));
  set("restart-strategy.fixed-delay.attempts", "2");
  BOOST_TEST((chosen() == restart_strategy(fixed_delay{2, 1s})));
  for (const char* name : {"none", "off", "disable"}) {
    set("restart-strategy", name);
    BOOST_TEST((chosen() == restart_strategy(no_restarts())));
  }
  for (const char* name : {"failure-rate", "failurerate", "FAILURE_RATE"}) {
    set("restart-strategy.type", name);
    BOOST_TEST((chosen() == restart_strategy(failure_rate{1, 1min, 1s})));
  }
  set("restart-strategy.failure-rate.max-failures-per-interval", "3");
  set("restart-strategy.failure-rate.failure-rate-interval", "2 min");
  set("restart-strategy.failure-rate.delay", "4 s");
  BOOST_TEST((chosen() == restart_strategy(failure_rate{3, 2min, 4s})));
  set("restart-strategy.type", "exponentialdelay");
  set("restart-strategy.exponential-delay.initial-backoff", "2 s");
  set("restart-strategy.exponential-delay.max-backoff", "3 s");
  set("restart-strategy.exponential-delay.backoff-multiplier", "2.5");
  set("restart-strategy.exponential-delay.reset-backoff-threshold", "4 s");
  set("restart-strategy.exponential-delay.jitter-factor", "0");
  set("restart-strategy.exponential-delay.attempts-before-reset-backoff", "5");
  BOOST_TEST((chosen() == restart_strategy(exponential_delay{2s, 3s, 2.5, 4s, 0, 5})));
  set("restart-strategy.type", "fixeddelay");
  set("restart-strategy.fixed-delay.delay", "5 s");
  BOOST_TEST((chosen() == restart_strategy(fixed_delay{2, 5s})));
  all_refused("restart-strategy.type", {"", "always"});
  all_refused("restart-strategy.exponential-delay.jitter-factor",
              {"", "1.1", "nan", "a"});
  all_refused("restart-strategy.exponential-delay.backoff-multiplier", {"0.9", "1,5"});
}

BOOST_AUTO_TEST_CASE(every_unit_of_time_is_understood) {
  const std::pair<const char*, std::chrono::milliseconds> times[] = {
      {"500", 500ms},
      {"500ms", 500ms},
      {"500 ms", 500ms},
      {"1s", 1s},
      {"3 sec", 3s},
      {"2m", 2min},
      {"2 min", 2min},
      {"2 minutes", 2min},
      {"1 h", 1h},
      {"1 d", 24h},
      // Longer than a year is a year, so that "never" does not overflow a clock.
      {"366 d", 365 * 24h},
      {"9223372036854775807", 365 * 24h}};
  for (const auto& [text, expected] : times) {
    set(interval, text);
    BOOST_TEST((config.checkpoint_interval == expected), text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused) {
  all_refused(interval, {"", "soon", "-5 s", "5 parsecs", "5 S", "1.5 s", " 5 s", "9 ms",
                         "99999999999999999999", "9223372036854775807 d"});
  all_refused("execution.buffer-timeout.interval", {"-1 ms", "2 lines"});
  all_refused("restart-strategy.fixed-delay.delay", {"-1", "none"});
}

BOOST_AUTO_TEST_CASE(every_unit_of_memory_is_understood) {
  const std::pair<const char*, std::uint64_t> sizes[] = {
      {"1", 1},          {"700 b", 700},      {"2k", 2 << 10},
      {"2 KB", 2 << 10}, {"64 mb", 64 << 20}, {"3M", 3 << 20},
      {"1 g", 1 << 30},  {"1 tb", 1ULL << 40}};
  for (const auto& [text, expected] : sizes) {
    set("pipeline.iteration.max-bytes", text);
    BOOST_TEST(config.iteration_bytes_max == expected, text);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_size_or_no_boolean_is_refused) {
  all_refused("pipeline.iteration.max-bytes", {"", "0", "-1", "much", "1.5 mb", "1 mib",
                                               "64 mb ", "18446744073709551615 k"});
  all_refused("execution.checkpointing.force", {"", "yes", "1", "on"});
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_number_in_range_is_refused) {
  all_refused("parallelism.default", {"", "0", "-1", "two", "2.5", "2 ", "32769"});
  all_refused("pipeline.max-parallelism", {"0", "32769", "0x10"});
  all_refused("execution.checkpointing.num-retained", {"0", "1000001", "all"});
  all_refused("restart-strategy.fixed-delay.attempts", {"-1", "4000000001", "ever"});
}

BOOST_AUTO_TEST_CASE(the_message_says_what_the_option_takes) {
  refused("parallelism.default", "0", "a whole number from 1 to 32768");
  refused(interval, "1 ms", "a duration of at least 10 ms");
}

BOOST_AUTO_TEST_CASE(a_directory_may_be_a_file_url_but_not_empty) {
  set("execution.checkpointing.dir", "file:///data/checkpoints");
  BOOST_TEST(config.checkpoint_dir == "/data/checkpoints");
  all_refused("execution.checkpointing.dir", {""});
}

BOOST_AUTO_TEST_CASE(an_unknown_option_proposes_the_nearest) {
  refused("paralelism.default", "2", "did you mean 'parallelism.default'?");
  refused("execution.checkpoint.interval", "1 s", "'" + interval + "'?");
  refused("pipeline.max-paralelism", "2", "'pipeline.max-parallelism'?");
}

BOOST_AUTO_TEST_CASE(checkpoint_options_that_contradict_each_other_are_refused) {
  const auto check_refused = [&](const std::string& part) {
    BOOST_CHECK_EXCEPTION(check_config(config), error, [&](const error& e) {
      return e.kind() == failure::usage &&
             std::string(e.what()).find(part) != std::string::npos;
    });
  };
  config.checkpoint_min_pause = 1s; // one at a time: that is what it is for
  BOOST_CHECK_NO_THROW(check_config(config));
  config.checkpoints_concurrent = 2;
  check_refused("execution.checkpointing.min-pause (1000 ms)");
  config.checkpoint_min_pause = 0s;
  BOOST_CHECK_NO_THROW(check_config(config));
  config.unaligned = true;
  check_refused("max-concurrent-checkpoints=1, not 2");
  config.checkpoints_concurrent = 1;
  BOOST_CHECK_NO_THROW(check_config(config));
  config.exactly_once = false;
  check_refused("execution.checkpointing.mode=EXACTLY_ONCE");
  config.unaligned = false;
  BOOST_CHECK_NO_THROW(check_config(config));
}

BOOST_AUTO_TEST_CASE(a_parallelism_above_its_bound_is_refused) {
  config.parallelism = 4;
  BOOST_CHECK_NO_THROW(check_config(config));
  config.max_parallelism = 4;
  BOOST_CHECK_NO_THROW(check_config(config));
  config.max_parallelism = 3;
  BOOST_CHECK_THROW(check_config(config), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_config
