// What becomes of options that weir does not have: Flink's, and nobody's.
#include "runtime/config_foreign.hpp"
#include "tests/runtime/config_fixture.hpp"

#include <algorithm>
#include <set>

namespace weir::test::test_config_foreign {

namespace {

using kind = foreign_verdict::kind;

} // namespace

BOOST_FIXTURE_TEST_SUITE(config_foreign, config_fixture)

BOOST_AUTO_TEST_CASE(no_name_means_two_things) {
  std::set<std::string> names;
  const auto add = [&](const std::string& name) {
    BOOST_TEST(names.insert(name).second, name << " stands in the tables twice");
  };
  for (const auto& option : config_options()) {
    add(option.name);
    std::ranges::for_each(option.aliases, add);
  }
  for (const auto& option : refused_options()) {
    add(option.name);
    std::ranges::for_each(option.aliases, add);
  }
  std::ranges::for_each(unused_names(), add);
}

BOOST_AUTO_TEST_CASE(an_option_of_weirs_is_none_of_the_others) {
  for (const auto& option : config_options()) {
    BOOST_TEST((judge_foreign(option.name, "1").what == kind::unknown), option.name);
    for (const auto& alias : option.aliases)
      BOOST_TEST((judge_foreign(alias, "1").what == kind::unknown), alias);
  }
}

BOOST_AUTO_TEST_CASE(what_is_refused_says_why_under_each_of_its_names) {
  for (const auto& option : refused_options()) {
    const auto refuses = [&](const std::string& name) {
      refused(name, "what nobody accepts", option.reason);
    };
    refuses(option.name);
    std::ranges::for_each(option.aliases, refuses);
  }
  BOOST_TEST((config == run_config()));
}

BOOST_AUTO_TEST_CASE(what_weir_does_anyway_is_accepted) {
  for (const auto& option : refused_options())
    for (const auto& value : option.accepted)
      set(option.name, value);
  BOOST_TEST((config == run_config()));
  set("state.checkpoint-storage", "FileSystem");
  set("execution.checkpointing.file-merging.max-file-size", "33554432");
  BOOST_TEST((config == run_config()));
  set("state.backend.incremental", "false");
  BOOST_TEST_REQUIRE(config.warnings.size() == 1U);
  BOOST_TEST(
      config.warnings[0].starts_with("option state.backend.incremental is 'false'"));
}

BOOST_AUTO_TEST_CASE(what_is_about_clusters_means_nothing) {
  for (const char* name :
       {"jobmanager.memory.process.size", "high-availability", "high-availability.type",
        "s3.access-key", "heartbeat.timeout", "jobmanager.execution.failover-strategy",
        "state.backend.rocksdb.writebuffer.size", "pipeline.object-reuse"})
    BOOST_TEST((judge_foreign(name, "x").what == kind::unused), name);
  refused("rest.port", "8081", "means nothing to weir; leave it away");
}

BOOST_AUTO_TEST_CASE(a_slip_of_the_pen_is_no_option_of_flinks) {
  for (const char* name :
       {"resting", "s3x", "state.backend.rocksdb.memory.manged", "execution.targets",
        "pipeline.object", "jobmanagers.x", "job.mode", ""})
    BOOST_TEST((judge_foreign(name, "x").what == kind::unknown), name);
  refused("state.backend.rocksdb.memory.manged", "true",
          "did you mean 'state.backend.rocksdb.memory.managed'?");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_config_foreign
