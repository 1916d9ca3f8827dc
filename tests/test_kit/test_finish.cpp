// What a function emits at the end of its task: once, and through all that stands behind
// it.
#include "tests/test_kit/records.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_finish {

namespace {

using namespace weir::testing;

/// Lets words go by threes, and what is left over at the end.
class by_threes {
public:
  using output = std::string;

  explicit by_threes(weir::state_binder& state)
      : waiting_(state.task_list<std::string>("waiting")) {}

  void process(const std::string& word, auto& out) {
    waiting_.add(word);
    if (waiting_.size() == 3)
      let_go(out);
  }
  void finish(auto& out) { let_go(out); }

private:
  void let_go(auto& out) {
    for (const std::string& each : waiting_.take())
      out.emit(each);
  }

  weir::task_list<std::string> waiting_;
};

/// Says at the end how many there were, which no checkpoint forgets.
struct counting {
  using output = std::uint64_t;
  struct task_state {
    std::uint64_t seen = 0;
  };

  void process(const std::string&, task_state& so_far, auto&) { ++so_far.seen; }
  void finish(task_state& so_far, auto& out) { out.emit(so_far.seen); }
};

const words spoken{"a", "b", "c", "d", "e", "f", "g", "h"};

} // namespace

BOOST_AUTO_TEST_SUITE(finish)

BOOST_AUTO_TEST_CASE(what_a_task_still_keeps_goes_on_its_way_at_the_end) {
  in_every_mode([](mode how) {
    operator_harness<std::string, std::string> threes(how, [](auto all) {
      return all.rebalance().template process<by_threes>("threes");
    });
    threes.push(spoken);
    threes.finish();
    BOOST_TEST((threes.take_sorted() == spoken), how);
  });
}

BOOST_AUTO_TEST_CASE(the_steps_behind_it_get_it_too) {
  in_every_mode([](mode how) {
    operator_harness<std::string, std::string> repeated(how, [](auto all) {
      return all.template process<by_threes>("threes")
          .flat_map([](const std::string& word) { return words(3, word); })
          .template process<by_threes>("threes-again")
          .rebalance()
          .map([](const std::string& word) { return word + "!"; });
    });
    repeated.push({"a", "b", "c", "d", "e"});
    repeated.finish();
    words expected;
    for (const char* word : {"a!", "b!", "c!", "d!", "e!"})
      expected.insert(expected.end(), 3, word);
    BOOST_TEST((repeated.take_sorted() == expected), how);
  });
}

BOOST_AUTO_TEST_CASE(a_function_may_say_what_it_has_counted) {
  in_modes(all_but_rescale, [](mode how) {
    operator_harness<std::string, std::uint64_t> count(
        how, [](auto all) { return all.rebalance().process("counting", counting()); });
    count.push(spoken);
    BOOST_TEST(count.take().empty(), how);
    count.finish();
    BOOST_TEST((count.take() == numbers_list{spoken.size()}), how);
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_finish
