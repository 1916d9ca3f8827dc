// What a function keeps for its task, and how it is divided when the tasks are others.
#include "serialization/error.hpp"
#include "state/state_binder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::test::test_task_states {

namespace {

using numbers = std::vector<std::uint64_t>;
using saved_parts = std::vector<std::optional<std::vector<std::byte>>>;

struct one_task {
  task_states states;
  state_binder binder{states};
  task_list<std::uint64_t> divided = binder.task_list<std::uint64_t>("divided");
  task_list<std::uint64_t> united = binder.union_list<std::uint64_t>("united");
  broadcast_map<std::string, std::uint64_t> copied =
      binder.broadcast<std::string, std::uint64_t>("copied");
};

numbers in(const task_list<std::uint64_t>& list) {
  return {list.begin(), list.end()};
}

/// Of tasks that have 10, 11, ... in subtask 1 and so on, and know "rule" to be 7.
saved_parts parts_of(std::uint32_t tasks) {
  saved_parts parts;
  for (std::uint64_t subtask = 0; subtask < tasks; ++subtask) {
    one_task task;
    for (std::uint64_t i = 0; i < subtask + 2; ++i) {
      task.divided.add(10 * subtask + i);
      task.united.add(10 * subtask + i);
    }
    task.copied.put("rule", 7);
    parts.push_back(task.states.save());
  }
  return parts;
}

numbers all_of(std::uint32_t tasks) {
  numbers all;
  for (std::uint64_t subtask = 0; subtask < tasks; ++subtask)
    for (std::uint64_t i = 0; i < subtask + 2; ++i)
      all.push_back(10 * subtask + i);
  return all;
}

void refused(const std::vector<std::byte>& saved, task_states& by,
             std::initializer_list<std::string> parts) {
  BOOST_CHECK_EXCEPTION(by.restore("rules", {.own = &saved}), error, [&](const error& e) {
    BOOST_TEST((e.kind() == failure::restore_refused));
    return std::ranges::all_of(parts, [&](const std::string& part) {
      return std::string(e.what()).find(part) != std::string::npos;
    });
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(states_of_tasks)

BOOST_AUTO_TEST_CASE(a_task_gets_back_what_it_saved) {
  one_task before;
  before.divided.assign(numbers{1, 2, 3});
  before.united.add(4);
  before.copied.put("a", 5);
  const auto saved = before.states.save();
  one_task after;
  after.states.restore("rules", {.own = &saved});
  BOOST_TEST((in(after.divided) == numbers{1, 2, 3}));
  BOOST_TEST((in(after.united) == numbers{4}));
  BOOST_TEST(after.copied.value_or("a", 0) == 5U);
  BOOST_TEST((after.states.save() == saved));
}

BOOST_AUTO_TEST_CASE(a_list_is_divided_a_union_given_to_all_and_a_map_copied) {
  for (std::uint32_t before = 1; before <= 4; ++before)
    for (std::uint32_t tasks = 1; tasks <= 5; ++tasks) {
      const saved_parts parts = parts_of(before);
      numbers together;
      for (std::uint32_t subtask = 0; subtask < tasks; ++subtask) {
        one_task task;
        const bool same = tasks == before;
        task.states.restore("rules", {.own = same ? &*parts[subtask] : nullptr,
                                      .all = parts,
                                      .subtask = subtask,
                                      .parallelism = tasks});
        const numbers own = in(task.divided);
        BOOST_TEST((same || own.size() <= all_of(before).size() / tasks + 1));
        together.insert(together.end(), own.begin(), own.end());
        BOOST_TEST((in(task.united) == all_of(before)));
        BOOST_TEST(task.copied.size() == 1U);
        BOOST_TEST(task.copied.value_or("rule", 0) == 7U);
      }
      BOOST_TEST((together == all_of(before)));
    }
}

BOOST_AUTO_TEST_CASE(what_has_come_to_its_end_leaves_no_lists_and_its_maps) {
  one_task ended;
  ended.divided.add(1);
  ended.united.add(2);
  ended.copied.put("rule", 7);
  ended.states.forget_lists();
  saved_parts parts = parts_of(2);
  parts.push_back(ended.states.save());
  one_task task;
  task.states.restore("rules", {.all = parts, .subtask = 0, .parallelism = 1});
  BOOST_TEST((in(task.divided) == all_of(2)));
  BOOST_TEST((in(task.united) == all_of(2)));
  one_task again;
  again.states.restore("rules", {.own = &*parts[2]});
  BOOST_TEST((again.divided.empty() && again.united.empty()));
  BOOST_TEST(again.copied.value_or("rule", 0) == 7U);
}

BOOST_AUTO_TEST_CASE(a_task_that_saved_nothing_is_passed_by) {
  saved_parts parts = parts_of(3);
  parts[1].reset();
  one_task task;
  task.states.restore("rules", {.all = parts, .subtask = 0, .parallelism = 1});
  BOOST_TEST((in(task.divided) == numbers{0, 1, 20, 21, 22, 23}));
}

BOOST_AUTO_TEST_CASE(a_state_that_is_new_is_empty_and_one_that_is_gone_is_refused) {
  task_states fewer;
  state_binder of_fewer(fewer);
  auto divided = of_fewer.task_list<std::uint64_t>("divided");
  divided.add(1);
  const auto saved = fewer.save();
  one_task more;
  more.states.restore("rules", {.own = &saved});
  BOOST_TEST((in(more.divided) == numbers{1}));
  BOOST_TEST(more.united.empty());
  refused(more.states.save(), fewer, {"'rules'", "'united'", "declares it"});
}

BOOST_AUTO_TEST_CASE(another_type_or_kind_is_refused) {
  const auto saved = one_task().states.save();
  task_states other;
  state_binder binder(other);
  binder.task_list<std::string>("divided");
  binder.union_list<std::uint64_t>("united");
  binder.broadcast<std::string, std::uint64_t>("copied");
  refused(saved, other, {"'divided'", "list<u64>", "list<string>"});
  task_states another;
  state_binder of_another(another);
  of_another.union_list<std::uint64_t>("divided");
  refused(saved, another, {"'divided'", "written as list", "declares union_list"});
}

BOOST_AUTO_TEST_CASE(states_of_keys_need_a_key_and_names_are_bound_once) {
  one_task task;
  BOOST_CHECK_THROW(task.binder.value<std::uint64_t>("of a key"), error);
  BOOST_CHECK_THROW(task.binder.task_list<std::uint64_t>("united"), error);
  BOOST_CHECK_THROW(task.binder.task_list<std::uint64_t>(""), error);
}

BOOST_AUTO_TEST_CASE(cut_bytes_are_refused) {
  const auto whole = *parts_of(1)[0];
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    one_task task;
    BOOST_CHECK_THROW(task.states.restore("rules", {.own = &cut}), error);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_task_states
