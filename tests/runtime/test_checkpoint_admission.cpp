#include "runtime/checkpoint_admission.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace weir::test {

namespace {

/// Whether the last step of `history` should begin a checkpoint, where `begun` says that
/// of every earlier one. Steps: (d)ue, (s)ettled, (r)eset.
bool should_begin(const std::string& history, const std::string& begun) {
  const auto last_begin = begun.rfind('1');
  const std::string since =
      last_begin == begun.npos ? history : history.substr(last_begin + 1);
  const std::string between = since.substr(0, since.size() - 1);
  const bool open =
      last_begin != begun.npos && between.find_first_of("sr") == between.npos;
  if (history.back() == 'd')
    return !open;
  return history.back() == 's' && open && between.find('d') != between.npos;
}

void explore(const checkpoint_admission& from, const std::string& history,
             const std::string& begun) {
  if (history.size() == 6)
    return;
  for (const char step : {'d', 's', 'r'}) {
    checkpoint_admission next = from;
    bool begins = false;
    if (step == 'd')
      begins = next.due();
    else if (step == 's')
      begins = next.settled();
    else
      next.reset();
    BOOST_REQUIRE_EQUAL(begins, should_begin(history + step, begun));
    explore(next, history + step, begun + (begins ? '1' : '0'));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_admission)

BOOST_AUTO_TEST_CASE(every_history_of_six_steps_agrees_with_the_model) {
  explore({}, "", "");
}

BOOST_AUTO_TEST_CASE(one_that_came_due_meanwhile_begins_when_the_pending_one_settles) {
  weir::checkpoint_admission admission;
  BOOST_TEST(admission.due());
  BOOST_TEST(!admission.due());
  BOOST_TEST(!admission.due());
  BOOST_TEST(admission.settled());
  BOOST_TEST(!admission.settled()); // however often it came due, it is owed once
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_was_owed) {
  weir::checkpoint_admission admission;
  admission.due();
  admission.due();
  admission.reset();
  BOOST_TEST(!admission.settled());
  BOOST_TEST(admission.due());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test
