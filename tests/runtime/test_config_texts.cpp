// Files of options that somebody's hand has slipped in: whatever they have become, each
// is read or refused in words, and no mistake of one line hides that of another.
#include "operators/random.hpp"
#include "runtime/config_file.hpp"
#include "serialization/error.hpp"
#include "tests/support/seeds.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::test::test_config_texts {

namespace {

const std::string sound = R"(# of many kinds
parallelism.default: 2
execution:
  checkpointing: {interval: 10s, min-pause: 500}
  buffer-timeout.interval: &pause "5 ms"
pipeline.auto-watermark-interval: *pause
restart-strategy: 'failure-rate'
pipeline.jars: [a.jar, "b.jar"]
jobmanager:
  rpc.address: |
    localhost
state.backend.incremental: true
seatunnel.engine.checkpoint:
  timeout: 60000
  storage:
    type: hdfs
    plugin-config: {storage.type: local, namespace: /data/, disable.cache: false}
)";

/// What a file of that text leads to: its problems, or the one that it cannot be read.
std::vector<std::string> problems_of(const std::string& text, run_config& config) {
  try {
    return set_options(config, parse_config("a.yaml", text));
  } catch (const error& problem) {
    BOOST_TEST((problem.kind() == failure::usage));
    return {problem.what()};
  }
}

void slip(std::string& text, random_stream& draw) {
  const std::string letters = "\n\t :,#-&*!|>'\"%@`[]{}?<=~a1.\\\xc3\x80";
  const auto at = static_cast<std::size_t>(draw.below(text.size()));
  const auto length = static_cast<std::size_t>(draw.below(20));
  switch (draw.below(4)) {
  case 0:
    text[at] = letters[static_cast<std::size_t>(draw.below(letters.size()))];
    break;
  case 1:
    text.insert(at, 1, letters[static_cast<std::size_t>(draw.below(letters.size()))]);
    break;
  case 2:
    text.erase(at, length);
    break;
  default:
    text.insert(static_cast<std::size_t>(draw.below(text.size())),
                text.substr(at, length));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_texts)

BOOST_AUTO_TEST_CASE(the_sound_one_sets_what_it_says) {
  run_config config;
  BOOST_TEST(problems_of(sound, config).empty());
  BOOST_TEST((config.parallelism == 2U && config.checkpoint_dir == "/data/"));
  BOOST_TEST((config.checkpoint_interval == std::chrono::seconds(10)));
  BOOST_TEST((config.buffer_timeout == config.watermark_interval));
  BOOST_TEST((config.checkpoint_timeout == std::chrono::minutes(1)));
  BOOST_TEST((config.restart == restart_kind::failure_rate));
  BOOST_TEST_REQUIRE(config.warnings.size() == 1U);
  BOOST_TEST(config.warnings[0] ==
             "a.yaml: these options mean nothing to weir: "
             "seatunnel.engine.checkpoint.storage.plugin-config.disable.cache, "
             "pipeline.jars, jobmanager.rpc.address");
}

BOOST_AUTO_TEST_CASE(each_slip_is_told_with_its_place_or_does_no_harm) {
  std::size_t told = 0;
  for_each_seed(1500, [&](std::uint64_t seed) {
    random_stream draw(seed, 0);
    std::string text = sound;
    for (std::uint64_t slips = 1 + draw.below(4); slips > 0; --slips)
      slip(text, draw);
    run_config config;
    const auto problems = problems_of(text, config);
    told += problems.empty() ? 0 : 1;
    for (const std::string& problem : problems) {
      BOOST_TEST(problem.starts_with("a.yaml:"), problem);
      BOOST_TEST(problem.find('\n') == problem.npos, problem);
    }
  });
  if (std::getenv("WEIR_SEED") == nullptr)
    BOOST_TEST((told > 500U && told < 1500U), told << " of 1500 told");
}

BOOST_AUTO_TEST_CASE(problems_stand_in_the_order_of_the_file) {
  run_config config;
  const auto problems = problems_of("nobody: 1\n"
                                    "parallelism.default: 0\n"
                                    "parallelism.default: 1\n"
                                    "seatunnel.engine.checkpoint.what: 1\n"
                                    "execution.checkpointing.unaligned.forced: true\n",
                                    config);
  BOOST_TEST_REQUIRE(problems.size() == 5U);
  for (std::size_t i = 0; i < problems.size(); ++i)
    BOOST_TEST(problems[i].starts_with("a.yaml:" + std::to_string(i + 1) + ": "),
               problems[i]);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_config_texts
