#include "runtime/checkpoint_ledger.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace weir::test {

namespace {

using verdict = checkpoint_ledger::verdict;
constexpr std::uint32_t tasks = 2;

// BOOST_REQUIRE is too slow for so many of them.
void require(bool holds) {
  if (!holds)
    BOOST_FAIL("the ledger and the model disagree");
}

task_handle from_task(std::uint32_t task) {
  return {{task}, std::nullopt, {}};
}

/// A ledger of two tasks beside what it should say.
struct history {
  checkpoint_ledger real{tasks};
  std::uint64_t last = 0; // the newest checkpoint begun
  bool pending = false;
  std::set<std::uint32_t> acknowledged;
};

/// False when the step is one that the ledger has to refuse; the history ends there.
bool begin(history& at, std::uint64_t id) {
  if (at.pending || id <= at.last) {
    BOOST_REQUIRE_THROW(at.real.begin({id}), error);
    return false;
  }
  at.real.begin({id});
  at.last = id;
  at.pending = true;
  at.acknowledged.clear();
  return true;
}

bool acknowledge(history& at, std::uint64_t id, std::uint32_t task) {
  if (!at.pending || id != at.last) {
    require((at.real.acknowledge({id}, from_task(task)) == verdict::stale));
    return true;
  }
  if (!at.acknowledged.insert(task).second) {
    BOOST_REQUIRE_THROW(at.real.acknowledge({id}, from_task(task)), error);
    return false;
  }
  at.pending = at.acknowledged.size() < tasks;
  require((at.real.acknowledge({id}, from_task(task)) ==
           (at.pending ? verdict::pending : verdict::complete)));
  return true;
}

bool abort(history& at, std::uint64_t id) {
  const bool expected = at.pending && id == at.last;
  require(at.real.abort({id}) == expected);
  if (expected) {
    at.pending = false;
    at.acknowledged.clear();
  }
  return true;
}

bool take(history& at) {
  if (at.pending || at.acknowledged.size() < tasks) {
    BOOST_REQUIRE_THROW(at.real.take_handles(), error);
    return false;
  }
  const auto handles = at.real.take_handles();
  BOOST_REQUIRE(handles.size() == tasks);
  for (std::uint32_t task = 0; task < tasks; ++task)
    BOOST_REQUIRE(handles[task].task.value == task);
  at.acknowledged.clear();
  return true;
}

bool step(history& at, int which) {
  switch (which) {
  case 0:
    return begin(at, at.last + 1);
  case 1:
    return begin(at, at.last);
  case 2:
  case 3:
    return acknowledge(at, at.last, static_cast<std::uint32_t>(which - 2));
  case 4:
    return acknowledge(at, at.last - 1, 0);
  case 5:
    return abort(at, at.last);
  case 6:
    return abort(at, at.last - 1);
  default:
    return take(at);
  }
}

std::size_t explore(const history& from, int steps_left) {
  std::size_t completions = !from.pending && from.acknowledged.size() == tasks ? 1 : 0;
  for (int which = 0; steps_left > 0 && which < 8; ++which) {
    history next = from;
    if (!step(next, which))
      continue;
    require(next.real.pending().has_value() == next.pending);
    require((!next.pending || next.real.pending()->value == next.last));
    completions += explore(next, steps_left - 1);
  }
  return completions;
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_ledger)

BOOST_AUTO_TEST_CASE(every_history_of_six_steps_agrees_with_the_model) {
  history fresh;
  begin(fresh, 5);
  abort(fresh, 5);
  BOOST_TEST(explore(fresh, 6) > 10U);
}

BOOST_AUTO_TEST_CASE(handles_come_by_task_whatever_the_order_of_acknowledgement) {
  weir::checkpoint_ledger ledger(3);
  ledger.begin({1});
  for (const std::uint32_t task : {2U, 0U, 1U})
    ledger.acknowledge({1}, from_task(task));
  const auto handles = ledger.take_handles();
  BOOST_REQUIRE(handles.size() == 3U);
  for (std::uint32_t task = 0; task < 3; ++task)
    BOOST_TEST(handles[task].task.value == task);
}

BOOST_AUTO_TEST_CASE(a_task_that_is_not_in_the_plan_is_a_broken_protocol) {
  weir::checkpoint_ledger ledger(2);
  ledger.begin({1});
  BOOST_CHECK_THROW(ledger.acknowledge({1}, from_task(2)), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test
