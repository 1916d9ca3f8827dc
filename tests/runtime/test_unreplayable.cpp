#include "operators/weir.hpp"
#include "runtime/unreplayable.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_unreplayable {

namespace {

auto once_more(const std::string& name) {
  return [name](auto stream) {
    return stream.iterate(name, [](auto all) {
      const auto shared = all.share();
      return feedback(shared, shared);
    });
  };
}

} // namespace

BOOST_AUTO_TEST_SUITE(unreplayable)

BOOST_AUTO_TEST_CASE(a_job_that_can_be_read_again_loses_nothing) {
  job plain;
  plain.source("numbers", collection(std::vector<int>{1})).sink("out", discard());
  BOOST_TEST(loss_ahead(plain.graph()) == "");
  BOOST_TEST(loss_behind(plain.graph(), checkpoint_id{7}) == "");
}

BOOST_AUTO_TEST_CASE(standard_input_and_loops_lose_something) {
  job lossy;
  once_more("b")(once_more("a")(lossy.source("lines", read_stdin())))
      .sink("out", discard());
  BOOST_TEST(loss_ahead(lossy.graph()) ==
             "source 'lines' reads standard input, which cannot be read again: after a "
             "failure, what was read since the newest checkpoint is lost; records in the "
             "loop of iteration 'a', 'b' are in no checkpoint: after a failure, they are "
             "lost");
  BOOST_TEST(loss_behind(lossy.graph(), checkpoint_id{7}) ==
             "records in the loop of iteration 'a', 'b' are not in chk-7: they are lost; "
             "source 'lines' reads standard input, which cannot be read again: what was "
             "read after chk-7 is lost");
  BOOST_TEST(loss_behind(lossy.graph(), {}) ==
             "source 'lines' reads standard input, which cannot be read again: what was "
             "read before this attempt is lost");
}

BOOST_AUTO_TEST_CASE(checkpoints_of_a_loop_must_be_forced) {
  job looped;
  once_more("a")(looped.source("numbers", collection(std::vector<int>{1})))
      .sink("out", discard());
  run_config config;
  BOOST_CHECK_NO_THROW(refuse_lossy_checkpoints(looped.graph(), config));
  config.checkpoint_interval = std::chrono::seconds(1);
  BOOST_CHECK_THROW(refuse_lossy_checkpoints(looped.graph(), config), error);
  config.checkpoints_forced = true;
  BOOST_CHECK_NO_THROW(refuse_lossy_checkpoints(looped.graph(), config));
}

BOOST_AUTO_TEST_CASE(who_shows_output_with_checkpoints_takes_them_to_the_end) {
  job plain, committing;
  plain.source("lines", read_stdin()).sink("out", write_lines("out"));
  committing.source("lines", read_stdin())
      .sink("out", write_lines("out").transactional());
  run_config config;
  BOOST_CHECK_NO_THROW(refuse_unseen_output(committing.graph(), config));
  config.checkpoints_after_end = false;
  BOOST_CHECK_NO_THROW(refuse_unseen_output(plain.graph(), config));
  BOOST_CHECK_EXCEPTION(
      refuse_unseen_output(committing.graph(), config), error, [](const error& e) {
        BOOST_TEST(std::string(e.what()).starts_with("sink 'out' shows its output"));
        return e.kind() == failure::usage;
      });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_unreplayable
