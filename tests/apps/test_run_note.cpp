#include "apps/weir/resume/run_note.hpp"
#include "serialization/error.hpp"
#include "state/job_places.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_run_note {

BOOST_FIXTURE_TEST_SUITE(run_note, testing::temporary_directory)

BOOST_AUTO_TEST_CASE(what_was_noted_is_read_again) {
  const cli::run_note note{"1.2",
                           "/jobs/a \"b\".so",
                           "/usr/bin/weir",
                           "/here",
                           {"--name", "a\nb"},
                           "/here/options.yaml",
                           {{"parallelism.default", "2", "options.yaml:1", true}}};
  note_job(path(), text_of(note));
  BOOST_TEST((note_in(path()) == note));
  BOOST_TEST(text_of(note).find('\n') == text_of(note).size() - 1);
}

BOOST_AUTO_TEST_CASE(newer_fields_do_not_matter_and_missing_ones_do) {
  note_job(path(), R"({"weir":"9","job":null,"program":"/p","directory":"/d",)"
                   R"("arguments":[],"options":[],"newer":{"x":[1]}})");
  BOOST_TEST(note_in(path()).program == "/p");
  note_job(path(), R"({"weir":"9"})");
  BOOST_CHECK_THROW(note_in(path()), error);
}

BOOST_AUTO_TEST_CASE(what_a_run_was_restored_from_is_not_noted) {
  run_config config;
  set_option(config, "execution.savepoint.path", "/c/chk-1");
  set_option(config, "execution.state-recovery.claim-mode", "claim");
  set_option(config, "state.checkpoints.dir", "/c");
  set_option(config, "parallelism.default", "3", option_layer::file, "weir.yaml:2");
  config = with_settings(config, {{"execution.checkpointing.interval", "1s"}});
  const auto options = noted_options(config);
  BOOST_TEST_REQUIRE(options.size() == 1U);
  BOOST_TEST(
      (options[0] == noted_option{"parallelism.default", "3", "weir.yaml:2", true}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_run_note
