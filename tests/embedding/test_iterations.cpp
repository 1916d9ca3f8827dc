// What a job with an iteration is refused, and when it is stopped.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loops_job.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::testing::test_iterations {

namespace {

/// Every record of the loop becomes two.
void define_explosion(job& job) {
  job.source("numbers", collection(std::vector<int>{1}))
      .iterate("explosion",
               [](auto all) {
                 const auto twice = all.template flat_map<int>([](int n, auto& out) {
                   out.emit(n);
                   out.emit(n);
                 });
                 const auto shared = twice.share();
                 return feedback(shared, shared);
               })
      .sink("out", discard());
}

std::optional<error> refusal(const std::function<void(job&)>& define,
                             const std::map<std::string, std::string>& settings) {
  try {
    run(define, {.settings = settings});
  } catch (const error& problem) {
    return problem;
  }
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(iterations)

BOOST_AUTO_TEST_CASE(a_loop_that_grows_without_end_is_stopped) {
  const auto said =
      refusal(define_explosion, {{"pipeline.iteration.max-bytes", "100 kb"}});
  BOOST_REQUIRE(said);
  BOOST_TEST((said->kind() == failure::job_failed));
  const std::string what = said->what();
  BOOST_TEST(what.starts_with("operator 'explosion', subtask 0: "));
  BOOST_TEST(what.find("bytes of records wait to go round iteration 'explosion' again, "
                       "more than pipeline.iteration.max-bytes (102400); make fewer "
                       "records in a round, or raise it") != what.npos,
             what);
}

BOOST_AUTO_TEST_CASE(a_job_with_a_loop_takes_no_checkpoints_unless_forced) {
  const temporary_directory scratch;
  std::map<std::string, std::string> settings{
      {"execution.checkpointing.interval", "10 ms"},
      {"execution.checkpointing.dir", scratch.path()}};
  loops_output written;
  const loops_job loops{.records = 1000};
  const auto define = [&](job& job) { written = loops.build(job); };
  const auto said = refusal(define, settings);
  BOOST_REQUIRE(said);
  BOOST_TEST((said->kind() == failure::usage));
  BOOST_TEST(said->what() ==
             std::string("the job takes checkpoints, and records in the loop of "
                         "iteration 'step' would not be in them; leave "
                         "execution.checkpointing.interval unset, or accept the loss "
                         "with -D execution.checkpointing.force=true or "
                         ".checkpoints().force_iterations()"));
  BOOST_TEST(std::filesystem::is_empty(scratch.path())); // nothing has started

  settings["execution.checkpointing.force"] = "true";
  BOOST_TEST(!refusal(define, settings));
  BOOST_TEST(loops.wrong_with(written) == "");

  settings.erase("execution.checkpointing.force");
  const auto forcing = [&](job& job) {
    job.checkpoints().force_iterations();
    define(job);
  };
  BOOST_TEST(!refusal(forcing, settings));
  BOOST_TEST(loops.wrong_with(written) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_iterations
