#include "serialization/error.hpp"
#include "tests/serialization/hex.hpp"
#include "tests/state/bound_sample.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_bound_states {

namespace {

/// What the task has written since the last time.
sealed_run sealed_of(bound_table<std::uint64_t>& task) {
  task.bound.rows().seal();
  while (task.bound.rows().encode_some()) {
  }
  return std::move(*task.bound.rows().take_run());
}

} // namespace

BOOST_AUTO_TEST_SUITE(bound_states_of_a_task)

BOOST_AUTO_TEST_CASE(keys_that_come_and_go_take_no_room) {
  bound_table<std::uint64_t> task;
  auto& row = task.bound.row();
  std::uint64_t peak = 0;
  for (std::uint64_t key = 0; key < 200'000; ++key) {
    row.enter(key, hash_of(key));
    task.function->value.set(key);
    row.leave();
    if (const std::uint64_t old = key - 1'000; key >= 1'000) {
      row.enter(old, hash_of(old));
      task.function->value.clear();
      row.leave();
    }
    peak = std::max<std::uint64_t>(peak, task.bound.rows().size());
  }
  BOOST_TEST(peak <= 1'001);
  BOOST_TEST(sealed_of(task).rows->rows() == 1'000U);
}

// Requests that wait for an answer until a time that seldom comes.
BOOST_AUTO_TEST_CASE(deadlines_that_are_cleared_take_no_room) {
  bound_table<std::uint64_t> task;
  auto& row = task.bound.row();
  const event_time far_away{event_time::duration(1'000'000'000)};
  std::size_t peak = 0;
  for (std::uint64_t key = 0; key < 100'000; ++key) {
    row.enter(key, hash_of(key));
    task.function->one.set(far_away + event_time::duration(key));
    row.leave();
    if (const std::uint64_t old = key - 1'000; key >= 1'000) {
      row.enter(old, hash_of(old));
      task.function->one.clear();
      row.leave();
    }
    peak = std::max(peak, row.indexed());
  }
  BOOST_TEST(peak <= 4 * 1'000U + 200U);
  for (std::uint64_t key = 99'000; key < 100'000; ++key) { // in the order of the others
    BOOST_REQUIRE(row.enter_due(event_time::max()));
    BOOST_REQUIRE(row.key() == key);
    row.leave();
  }
  BOOST_TEST(!row.enter_due(event_time::max()));
}

BOOST_AUTO_TEST_CASE(a_state_that_is_bound_twice_is_refused) {
  const auto bind_twice = [](state_binder& bind) {
    bind.value<std::uint64_t>("clicks");
    bind.list<std::string>("clicks");
  };
  task_states of_task;
  BOOST_CHECK_EXCEPTION(
      bound_states<std::uint64_t>(bound_groups, nullptr, of_task, bind_twice), error,
      [](const error& refused) {
        return refused.kind() == failure::usage &&
               std::string(refused.what()).starts_with("state 'clicks' is bound twice");
      });
}

BOOST_AUTO_TEST_CASE(a_function_has_as_many_states_as_a_row_has_bits) {
  const auto bind = [](std::size_t states) {
    task_states of_task;
    bound_states<std::uint64_t> bound(
        bound_groups, nullptr, of_task, [&](state_binder& to) {
          for (std::size_t i = 0; i < states; ++i)
            to.value<std::uint64_t>("state-" + std::to_string(i));
        });
  };
  bind(state_layout::states_max);
  BOOST_CHECK_THROW(bind(state_layout::states_max + 1), error);
}

void refused_when_encoded(bound_table<std::string>& task, const std::string& why) {
  task.bound.rows().seal();
  BOOST_CHECK_EXCEPTION(while (task.bound.rows().encode_some()){}, error,
                        [&](const error& refused) {
                          BOOST_TEST(refused.what() == why);
                          return refused.kind() == failure::job_failed;
                        });
}

BOOST_AUTO_TEST_CASE(a_state_or_a_key_of_more_than_64_mib_is_refused_by_name) {
  for (const bool large_key : {false, true}) {
    bound_table<std::string> task;
    const std::string key(large_key ? row_part_max : 1, 'k');
    task.bound.row().enter(key, hash_of(key));
    task.function->name.set(std::string(large_key ? 1 : row_part_max, 'v'));
    task.bound.row().leave();
    if (large_key)
      refused_when_encoded(task, "a key of its state has 67108868 bytes, more than 64 "
                                 "MiB; choose a smaller key");
    else
      refused_when_encoded(task, "state 'name' of a key has 67108868 bytes, more than 64 "
                                 "MiB; keep less under one key");
  }
}

BOOST_AUTO_TEST_CASE(a_state_is_written_only_while_a_key_is_processed) {
  bound_table<std::uint64_t> task;
  BOOST_TEST(!task.function->value.has_value());
  BOOST_CHECK_THROW(task.function->value.set(1), error);
}

// Frozen, as docs/checkpoint-format.md has it.
BOOST_AUTO_TEST_CASE(a_row_is_encoded_as_it_is_documented) {
  const std::uint64_t key = 7;
  bound_table<std::uint64_t> task(1);
  task.bound.row().enter(key, hash_of(key));
  task.function->value.set(0x0102);
  task.function->list.add("ab");
  task.function->map.put(3, "c");
  task.function->one.set(event_time(event_time::duration(5)));
  task.bound.row().leave();
  const sealed_run run = sealed_of(task);
  const encoded_rows& part = run.rows->parts().front();
  BOOST_REQUIRE(part.rows() == 1U);
  BOOST_TEST(hex(part.key(0)) == "0000"
                                 "0000000000000007");
  BOOST_TEST(hex(part.value(0)) == "01004d"
                                   "080201000000000000"
                                   "0a01000000020000006162"
                                   "11010000000300000000000000"
                                   "0100000063"
                                   "080500000000000000");
}

BOOST_AUTO_TEST_CASE(a_damaged_row_is_refused) {
  const std::uint64_t key = 7;
  bound_table<std::uint64_t> task;
  task.bound.row().enter(key, hash_of(key));
  task.function->value.set(1);
  task.function->name.set("seven");
  task.function->map.put(1, "one");
  task.bound.row().leave();
  const sealed_run run = sealed_of(task);
  for (const encoded_rows& part : run.rows->parts())
    for (std::size_t row = 0; row < part.rows(); ++row) {
      const auto value = part.value(row);
      for (std::size_t size = 0; size < value.size(); ++size) { // cut short anywhere
        bound_table<std::uint64_t> restored;
        BOOST_CHECK_THROW(restored.bound.rows().restore(part.key(row), value.first(size)),
                          error);
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_bound_states
