// What a wrong command line gets: exit code 2 and one line that says what to write
// instead.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::testing::test_usage {

namespace {

const int usage = 2;

words with(const std::string& key_and_value) {
  return click_count({"-D", key_and_value});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(usage_errors, workspace)

BOOST_AUTO_TEST_CASE(no_command_and_an_unknown_one) {
  refuses(usage, {}, {"--help"});
  refuses(usage, {"walk"}, {"--help"});
}

BOOST_AUTO_TEST_CASE(an_unknown_flag) {
  refuses(usage, click_count({"--fast"}), {"--fast", "weir run --help"});
}

BOOST_AUTO_TEST_CASE(what_is_the_job_s_in_front_of_the_dashes) {
  refuses(usage, {"run", click_count_library(), "--output", "output"},
          {"--output", "goes behind '--'"});
}

BOOST_AUTO_TEST_CASE(a_parallelism_that_is_none) {
  for (const std::string wrong : {"x", "0", "-1", "1.5", "99999999"})
    refuses(usage, click_count({"-p", wrong}), {"parallelism.default", "whole number"});
}

BOOST_AUTO_TEST_CASE(a_parallelism_above_the_maximum) {
  refuses(usage, with("pipeline.max-parallelism=1"),
          {"lower the one or raise the other"});
}

BOOST_AUTO_TEST_CASE(a_duration_that_is_none) {
  for (const std::string wrong : {"abc", "", "-5", "10 parsecs", "1"})
    refuses(usage, with("execution.checkpointing.interval=" + wrong),
            {"execution.checkpointing.interval", "'10 s'"});
}

BOOST_AUTO_TEST_CASE(an_unknown_option_names_the_nearest) {
  refuses(usage, with("execution.checkpointing.intervall=1s"),
          {"did you mean 'execution.checkpointing.interval'?"});
  refuses(usage, with("paralelism=2"), {"did you mean 'parallelism.default'?"});
}

BOOST_AUTO_TEST_CASE(an_option_without_a_value) {
  refuses(usage, click_count({"-D", "execution.checkpointing.interval"}),
          {"write -D execution.checkpointing.interval=VALUE"});
}

BOOST_AUTO_TEST_CASE(options_of_the_job) {
  const words job{"run", click_count_library(), "--"};
  refuses(usage, job + words{"--output", "output", "--clicks", "many"},
          {"--clicks", "'many'", "whole number"});
  refuses(usage, job + words{"--output", "output", "--clickz", "5"},
          {"no option --clickz", "it takes", "--clicks"});
  refuses(usage, job + words{"--clicks", "5"}, {"needs the option --output"});
  refuses(usage, job + words{"--output"}, {"--output needs a value"});
  refuses(usage, job + words{"output"}, {"'output'", "--name VALUE"});
}

BOOST_AUTO_TEST_CASE(a_job_that_is_missing) {
  refuses(usage, {"run"}, {"JOB", "--help"});
  refuses(usage, {"run", "nowhere.so"},
          {"nowhere.so", "does not exist", "give the path"});
}

BOOST_AUTO_TEST_CASE(what_a_name_has_in_it_is_no_line_and_no_command_of_its_own) {
  const std::string name = "a\nerror: b\x1b[2J";
  const std::string shown = R"(a\nerror: b\u001b[2J)";
  refuses(usage, {"run", name}, {shown});
  refuses(usage, with(name + "=1"), {shown});
  refuses(usage, with("execution.checkpointing.interval=" + name), {shown});
  refuses(usage, {"run", click_count_library(), "--", "--output", "o", "--" + name, "1"},
          {shown});
  refuses(3, {"checkpoint", "show", name}, {shown});
  refuses(3, {"state", "dump", name}, {shown});
  refuses(3, {"info", name}, {shown});
  refuses(usage, {"config", "check", "-c", name}, {shown});
}

BOOST_AUTO_TEST_CASE(a_job_that_is_no_library) {
  write_text(path() / "job.so", "a text\n");
  refuses(usage, {"run", "job.so"}, {"job.so", "cannot be loaded", "weir_add_job"});
  refuses(usage, {"run", "."}, {"cannot be loaded", "weir_add_job"});
}

BOOST_AUTO_TEST_CASE(a_library_that_is_no_job) {
  refuses(usage, {"run", fixture("no_job")}, {"is no weir job", "weir_add_job"});
}

BOOST_AUTO_TEST_CASE(a_job_library_of_another_weir) {
  refuses(usage, {"run", fixture("other_stamp")}, {"weir 0.0.9", "build it again"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_directory_that_cannot_be_made) {
  write_text(path() / "file", "");
  for (const std::string place : {"file", "file/below", "/proc/weir"})
    refuses(usage,
            click_count({"-D", "execution.checkpointing.interval=100ms", "-D",
                         "execution.checkpointing.dir=" + place}),
            {"cannot create checkpoint directory", "execution.checkpointing.dir"});
}

BOOST_AUTO_TEST_CASE(an_output_that_has_content) {
  succeeds(click_count({}));
  refuses(usage, click_count({}), {"already has content", "remove it"});
}

BOOST_AUTO_TEST_CASE(an_output_that_has_content_leaves_no_job_directory) {
  succeeds(click_count({}));
  const auto refused = weir(with("execution.checkpointing.interval=100ms"));
  BOOST_TEST(refused.end.code == usage);
  BOOST_TEST(std::filesystem::is_empty(path() / "weir-checkpoints"));
}

BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_made) {
  write_text(path() / "output", "");
  refuses(usage, click_count({}), {"cannot create the output directory"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_usage
