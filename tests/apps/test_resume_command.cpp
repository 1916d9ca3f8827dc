#include "apps/weir/resume/resume_command.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_resume_command {

namespace {

const invocation of_library{{"weir", "run"},
                            {"-c", "my options.yaml", "-D", "a=b"},
                            {"./job.so", "--", "--name", "it's", "--empty", ""},
                            "/here/weir-checkpoints"};
const invocation of_program{{"./job"}, {}, {}, "/here/weir-checkpoints"};

} // namespace

BOOST_AUTO_TEST_SUITE(resume_command)

BOOST_AUTO_TEST_CASE(its_own_checkpoint_needs_the_id_or_the_directory) {
  BOOST_TEST(cli::resume_command(of_library, "/here/weir-checkpoints/x/chk-1",
                                 "/here/weir-checkpoints/x") == "weir run -r x");
  BOOST_TEST(cli::resume_command(of_program, "/there/x/chk-1", "/there/x") ==
             "./job -r /there/x");
}

BOOST_AUTO_TEST_CASE(any_other_needs_all_that_was_said) {
  const std::string said = "weir run -s /there/y/chk-1 -c 'my options.yaml' -D a=b "
                           "./job.so -- --name 'it'\\''s' --empty ''";
  BOOST_TEST(cli::resume_command(of_library, "/there/y/chk-1", "/there/x") == said);
  BOOST_TEST(cli::resume_command(of_library, "/there/y/chk-1", "") == said);
}

BOOST_AUTO_TEST_CASE(words_are_for_the_shell) {
  BOOST_TEST(shell_word("a/b-c_1.2:=,+@%") == "a/b-c_1.2:=,+@%");
  for (const std::string word : {"a b", "$x", "`x`", "~", "*", "a;b", "\n", "#", "!"})
    BOOST_TEST(shell_word(word) == "'" + word + "'");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_resume_command
