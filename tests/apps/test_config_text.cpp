#include "apps/weir/config_text.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::cli::test::test_config_text {

namespace {

const effective_option& named(const std::vector<effective_option>& all,
                              const std::string& name) {
  const auto found = std::ranges::find(all, name, &effective_option::name);
  BOOST_TEST_REQUIRE((found != all.end()), name);
  return *found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_text)

BOOST_AUTO_TEST_CASE(every_option_is_told_once_with_who_says_so) {
  const std::string fails = "execution.checkpointing.fail-on-checkpoint-error";
  run_config config;
  set_option(config, "state.checkpoints.dir", "here", option_layer::file, "a.yaml:7");
  set_option(config, "parallelism.default", "4");
  set_option(config, fails, "false");
  const auto all = effective_options(config);
  BOOST_TEST(all.size() == config_options().size() - 1); // two of them set the same
  const auto& directory = named(all, "execution.checkpointing.dir");
  BOOST_TEST((directory.value == "here" && directory.origin == "a.yaml:7"));
  const auto& parallelism = named(all, "parallelism.default");
  BOOST_TEST((parallelism.value == "4" && parallelism.origin == "-D"));
  BOOST_TEST(named(all, fails).value == "false");
  const auto& timeout = named(all, "execution.checkpointing.timeout");
  BOOST_TEST((timeout.value == "10 min" && timeout.origin == "default"));
}

BOOST_AUTO_TEST_CASE(it_stands_in_columns_or_as_json) {
  const std::vector<effective_option> options = {{"a.long.name", "1 s", "-D"},
                                                 {"b", "\"quoted\"", "default"}};
  BOOST_TEST(text_of(options) == "a.long.name  1 s       -D\n"
                                 "b            \"quoted\"  default\n");
  BOOST_TEST(json_of(options) == R"({"name":"a.long.name","value":"1 s","origin":"-D"})"
                                 "\n"
                                 R"({"name":"b","value":"\"quoted\"","origin":"default"})"
                                 "\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_config_text
