#include "runtime/checkpoint_ledger.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace std::chrono_literals;

namespace weir::test::test_checkpoint_ledger {

namespace {

using verdict = checkpoint_ledger::verdict;
using moment = checkpoint_ledger::time;
constexpr std::uint32_t tasks = 2;

// BOOST_REQUIRE is too slow for so many of them.
void require(bool holds) {
  if (!holds)
    BOOST_FAIL("the ledger and the model disagree");
}

task_handle from_task(std::uint32_t task) {
  return {{task}, std::nullopt, {}};
}

checkpoint_ledger::trigger at(int seconds, int life = 10) {
  return {moment(std::chrono::seconds(seconds)), seconds,
          moment(std::chrono::seconds(seconds + life))};
}

/// A ledger of two tasks beside what it should say.
struct history {
  checkpoint_ledger real{tasks};
  std::uint64_t last = 4; // the newest checkpoint begun
  std::map<std::uint64_t, std::set<std::uint32_t>> pending;
  std::set<std::uint64_t> taken; // whose handles are
};

bool complete(const history& of, std::uint64_t id) {
  const auto found = of.pending.find(id);
  return found != of.pending.end() && found->second.size() == tasks;
}

/// False when the step is one that the ledger has to refuse; the history ends there.
bool begin(history& of, std::uint64_t id) {
  if (id <= of.last) {
    BOOST_REQUIRE_THROW(of.real.begin({id}, {}), error);
    return false;
  }
  of.real.begin({id}, at(static_cast<int>(id)));
  of.last = id;
  of.pending[id];
  return true;
}

bool acknowledge(history& of, std::uint64_t id, std::uint32_t task) {
  if (!of.pending.contains(id)) {
    require((of.real.acknowledge({id}, from_task(task)) == verdict::stale));
    return true;
  }
  if (of.pending[id].contains(task)) {
    BOOST_REQUIRE_THROW(of.real.acknowledge({id}, from_task(task)), error);
    return false;
  }
  of.pending[id].insert(task);
  require((of.real.acknowledge({id}, from_task(task)) ==
           (complete(of, id) ? verdict::complete : verdict::pending)));
  return true;
}

bool abort(history& of, std::uint64_t id) {
  require(of.real.abort({id}) == (of.pending.erase(id) > 0));
  return true;
}

bool commit(history& of, std::uint64_t id) {
  if (of.pending.contains(id) && !complete(of, id)) {
    BOOST_REQUIRE_THROW(of.real.committed({id}), error);
    return false;
  }
  const auto begun = of.real.committed({id});
  require(begun.has_value() == (of.pending.erase(id) > 0));
  require(!begun || begun->utc_ms == static_cast<std::int64_t>(id));
  return true;
}

bool take(history& of, std::uint64_t id) {
  if (!complete(of, id) || of.taken.contains(id)) {
    BOOST_REQUIRE_THROW(of.real.take_handles({id}), error);
    return false;
  }
  const auto handles = of.real.take_handles({id});
  require(handles.size() == tasks);
  for (std::uint32_t task = 0; task < tasks; ++task)
    require(handles[task].task.value == task);
  of.taken.insert(id);
  return true;
}

bool step(history& of, int which) {
  const std::uint64_t id = of.last - (which % 2 == 0 ? 0 : 1); // the newest two
  switch (which / 2) {
  case 0:
    return which == 0 ? begin(of, of.last + 1) : begin(of, of.last);
  case 1:
    return acknowledge(of, id, 0);
  case 2:
    return acknowledge(of, id, 1);
  case 3:
    return abort(of, id);
  case 4:
    return commit(of, id);
  default:
    return take(of, id);
  }
}

void check(const history& of) {
  std::vector<std::uint64_t> pending, real;
  std::optional<moment> expiry;
  for (const auto& [id, acknowledged] : of.pending) {
    pending.push_back(id);
    if (!complete(of, id) && !expiry)
      expiry = at(static_cast<int>(id)).expires;
    require(of.real.find({id}) && of.real.find({id})->at == at(static_cast<int>(id)).at);
  }
  for (const checkpoint_id id : of.real.pending())
    real.push_back(id.value);
  require(pending == real && of.real.next_expiry() == expiry);
  if (expiry)
    require(of.real.expired(*expiry - 1ns).empty() && !of.real.expired(*expiry).empty());
}

std::size_t explore(const history& from, int steps_left) {
  std::size_t completions = complete(from, from.last) ? 1 : 0;
  for (int which = 0; steps_left > 0 && which < 12; ++which) {
    history next = from;
    if (!step(next, which))
      continue;
    check(next);
    completions += explore(next, steps_left - 1);
  }
  return completions;
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_ledger)

BOOST_AUTO_TEST_CASE(every_history_of_five_steps_agrees_with_the_model) {
  history fresh;
  begin(fresh, 5);
  BOOST_TEST(explore(fresh, 5) > 10U);
}

BOOST_AUTO_TEST_CASE(handles_come_by_task_whatever_the_order_of_acknowledgement) {
  weir::checkpoint_ledger ledger(3);
  ledger.begin({1}, {});
  for (const std::uint32_t task : {2U, 0U, 1U})
    ledger.acknowledge({1}, from_task(task));
  const auto handles = ledger.take_handles({1});
  BOOST_REQUIRE(handles.size() == 3U);
  for (std::uint32_t task = 0; task < 3; ++task)
    BOOST_TEST(handles[task].task.value == task);
}

BOOST_AUTO_TEST_CASE(several_are_under_way_and_complete_in_any_order) {
  weir::checkpoint_ledger ledger(2);
  for (std::uint64_t id : {1U, 2U, 3U})
    ledger.begin({id}, at(static_cast<int>(id)));
  for (const std::uint64_t id : {1U, 3U, 2U})
    BOOST_TEST((ledger.acknowledge({id}, from_task(0)) == verdict::pending));
  for (const std::uint64_t id : {3U, 1U, 2U})
    BOOST_TEST((ledger.acknowledge({id}, from_task(1)) == verdict::complete));
}

BOOST_AUTO_TEST_CASE(one_that_is_committed_makes_older_ones_superfluous) {
  weir::checkpoint_ledger ledger(1);
  for (std::uint64_t id : {1U, 2U, 3U, 4U})
    ledger.begin({id}, at(static_cast<int>(id)));
  ledger.acknowledge({3}, from_task(0));
  BOOST_TEST((ledger.committed({3})->at == at(3).at));
  BOOST_TEST((ledger.older_than({3}) == std::vector<checkpoint_id>{{1}, {2}}));
  for (const checkpoint_id id : ledger.older_than({3}))
    BOOST_TEST(ledger.abort(id));
  BOOST_TEST((ledger.pending() == std::vector<checkpoint_id>{{4}}));
  BOOST_TEST((ledger.acknowledge({2}, from_task(0)) == verdict::stale));
  BOOST_TEST(!ledger.committed({2}).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_is_being_committed_no_longer_expires) {
  weir::checkpoint_ledger ledger(1);
  ledger.begin({1}, at(1, 10));
  ledger.begin({2}, at(2, 4));
  BOOST_TEST((ledger.next_expiry() == at(2, 4).expires));
  BOOST_TEST((ledger.expired(at(6).at) == std::vector<checkpoint_id>{{2}}));
  BOOST_TEST((ledger.expired(at(11).at) == std::vector<checkpoint_id>{{1}, {2}}));
  ledger.acknowledge({2}, from_task(0));
  BOOST_TEST((ledger.expired(at(11).at) == std::vector<checkpoint_id>{{1}}));
  ledger.acknowledge({1}, from_task(0));
  BOOST_TEST((ledger.expired(at(99).at).empty() && !ledger.next_expiry()));
}

BOOST_AUTO_TEST_CASE(ids_grow_past_those_that_were_aborted) {
  weir::checkpoint_ledger ledger(1);
  ledger.begin({1}, {});
  ledger.begin({2}, {});
  ledger.abort_all();
  BOOST_TEST((ledger.pending().empty() && !ledger.find({2})));
  BOOST_CHECK_THROW(ledger.begin({2}, {}), error);
  BOOST_CHECK_NO_THROW(ledger.begin({3}, {}));
}

BOOST_AUTO_TEST_CASE(a_task_that_is_not_in_the_plan_is_a_broken_protocol) {
  weir::checkpoint_ledger ledger(2);
  ledger.begin({1}, {});
  BOOST_CHECK_THROW(ledger.acknowledge({1}, from_task(2)), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_ledger
