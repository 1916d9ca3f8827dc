#include "serialization/error.hpp"
#include "tests/serialization/hex.hpp"
#include "tests/state/expiring_sample.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_expiring_states {

namespace {

using table = expiring_table<std::uint64_t>;

/// With the row of a key.
template <class Do>
void with(table& task, std::uint64_t key, Do what) {
  task.bound.row().enter(key, hash_of(key));
  what(*task.function);
  task.bound.row().leave();
}

template <class Table>
sealed_run expiring_run_of(Table& task) {
  task.bound.rows().seal();
  while (task.bound.rows().encode_some()) {
  }
  return std::move(*task.bound.rows().take_run());
}

/// The only row of a run.
std::string value_in(const sealed_run& run) {
  std::string found;
  for (const encoded_rows& part : run.rows->parts())
    for (std::size_t row = 0; row < part.rows(); ++row)
      found += part.removed(row) ? "removed" : hex(part.value(row));
  return found;
}

/// The only state is bound for so long.
struct one_value {
  explicit one_value(expiry stays)
      : bound(bound_groups, nullptr, of_task, [&](state_binder& bind) {
          value.emplace(bind.value<std::uint64_t>("value", stays));
        }) {}

  bool there(std::int64_t at) {
    bound.tell_time(us(at));
    bound.row().enter(key, hash_of(key));
    const bool found = value->has_value();
    bound.row().leave();
    return found;
  }
  void set(std::int64_t at) {
    bound.tell_time(us(at));
    bound.row().enter(key, hash_of(key));
    value->set(7);
    bound.row().leave();
  }

  const std::uint64_t key = 1;
  std::optional<expiring<value_state<std::uint64_t>>> value;
  task_states of_task;
  bound_states<std::uint64_t> bound;
};

} // namespace

BOOST_AUTO_TEST_SUITE(expiring_states_of_a_task)

BOOST_AUTO_TEST_CASE(what_is_written_is_there_until_the_microsecond) {
  one_value one(expire_after_write(micros(100)));
  one.set(1'000);
  BOOST_TEST(one.there(1'099));
  BOOST_TEST(!one.there(1'100));
  one.set(1'200);
  one.set(1'250); // counts anew
  BOOST_TEST(one.there(1'349));
  BOOST_TEST(!one.there(1'350));
}

BOOST_AUTO_TEST_CASE(what_is_read_stays_if_reading_counts) {
  one_value one(expire_after_access(micros(6'400)));
  one.set(0);
  BOOST_TEST(one.there(6'399)); // until 12'799
  BOOST_TEST(one.there(6'499)); // 100 us more are not worth a write
  BOOST_TEST(one.there(6'600)); // 201 are: until 13'000
  BOOST_TEST(one.there(12'999));
  BOOST_TEST(!one.there(30'000));
}

BOOST_AUTO_TEST_CASE(a_read_that_is_not_noted_is_no_write) {
  one_value one(expire_after_access(micros(6'400)));
  one.set(0);
  BOOST_TEST(expiring_run_of(one).rows->rows() == 1U);
  BOOST_TEST(one.there(100));
  BOOST_TEST(expiring_run_of(one).rows->empty());
  BOOST_TEST(one.there(101));
  BOOST_TEST(expiring_run_of(one).rows->rows() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_there_before_is_not_what_is_edited) {
  table task;
  task.bound.tell_time(us(0));
  with(task, 1, [](expiring_states& of) {
    of.written.set(5), of.most.add(9), of.sum.add(std::uint64_t{9}), of.map.put(1, "old");
  });
  task.bound.tell_time(us(150));
  with(task, 1, [](expiring_states& of) {
    BOOST_TEST(of.written.edit() == 0U);
    of.most.add(3), of.sum.add(std::uint64_t{3});
    BOOST_TEST(of.most.value_or(0) == 3U);
    BOOST_TEST(of.sum.result() == 3U);
    BOOST_TEST(!of.map.erase(1));
  });
}

BOOST_AUTO_TEST_CASE(elements_expire_one_by_one) {
  table task;
  for (const std::uint64_t at : {0U, 50U, 100U}) {
    task.bound.tell_time(us(std::int64_t(at)));
    with(task, 1, [&](expiring_states& of) {
      of.list.add(std::to_string(at)), of.map.put(at, "");
    });
  }
  const auto left_at = [&](std::int64_t at) {
    task.bound.tell_time(us(at));
    std::string left;
    with(task, 1, [&](expiring_states& of) {
      for (const std::string& each : of.list)
        left += each + " ";
      BOOST_TEST(std::ptrdiff_t(of.list.size()) ==
                 std::distance(of.map.begin(), of.map.end()));
      for (const auto& [key, value] : of.map)
        BOOST_TEST((left.find(std::to_string(key)) != std::string::npos));
    });
    return left;
  };
  BOOST_TEST(left_at(149) == "0 50 100 ");
  BOOST_TEST(left_at(150) == "50 100 ");
  BOOST_TEST(left_at(249) == "100 ");
  BOOST_TEST(left_at(250) == "");
}

// One that adds all the time, and keeps what it added last.
BOOST_AUTO_TEST_CASE(a_list_that_grows_and_expires_takes_little_room) {
  using entries = expiring_entries<std::vector<stamped<std::uint64_t>>>;
  table task;
  for (std::int64_t at = 0; at < 20'000; ++at) {
    task.bound.tell_time(us(at));
    with(task, 1, [&](expiring_states& of) {
      of.list.add("x");
      if (at % 1'000 == 999)
        BOOST_TEST(of.list.size() == 150U);
    });
  }
  const sealed_run run = expiring_run_of(task); // and what has expired is not written
  BOOST_TEST(value_in(run).size() < 2 * 20 * 160U);
  entries held;
  held.entries.assign(10, {us(5), 1});
  held.drop_expired(us(5));
  BOOST_TEST(held.entries.empty());
}

BOOST_AUTO_TEST_CASE(keys_that_come_and_expire_take_no_room) {
  for (const bool checkpoints : {true, false}) {
    table task;
    std::size_t peak = 0;
    for (std::uint64_t key = 0; key < 100'000; ++key) {
      task.bound.tell_time(us(std::int64_t(key) * 10));
      with(task, key, [](expiring_states& of) { of.written.set(1); });
      if (checkpoints && key % 1'000 == 0)
        expiring_run_of(task);
      peak = std::max(peak, task.bound.rows().size());
    }
    BOOST_TEST(peak <= 15U + 2'000U);
  }
}

// Without a removal: what is written down says itself that it has expired.
BOOST_AUTO_TEST_CASE(a_row_that_has_expired_leaves_without_a_trace) {
  table task;
  with(task, 1, [](expiring_states& of) { of.written.set(1); });
  BOOST_TEST(expiring_run_of(task).rows->rows() == 1U);
  task.bound.tell_time(us(150));
  task.sweep_all();
  BOOST_TEST(task.bound.rows().size() == 0U);
  BOOST_TEST(expiring_run_of(task).rows->empty());
  with(task, 1, [](expiring_states& of) { of.written.set(2); }); // again
  with(task, 1, [](expiring_states& of) { of.written.clear(); });
  BOOST_TEST(expiring_run_of(task).rows->empty());
  with(task, 1, [](expiring_states& of) { of.written.set(3); });
  BOOST_TEST(expiring_run_of(task).rows->rows() == 1U);
  with(task, 1, [](expiring_states& of) { of.written.clear(); });
  BOOST_TEST(value_in(expiring_run_of(task)) == "removed");
}

BOOST_AUTO_TEST_CASE(a_row_with_something_that_stays_stays) {
  table task;
  with(task, 1, [](expiring_states& of) { of.written.set(1), of.alarm.set(us(1'000)); });
  expiring_run_of(task);
  task.bound.tell_time(us(150));
  task.sweep_all();
  BOOST_TEST(task.bound.rows().size() == 1U);
  BOOST_REQUIRE(task.bound.row().enter_due(us(1'000)));
  BOOST_TEST(!task.function->written.has_value());
  task.bound.row().leave();
  BOOST_TEST(value_in(expiring_run_of(task)) == "removed");
  BOOST_TEST(task.bound.rows().size() == 0U);
}

// It was written down when something in it stayed, so a removal has to say that it is
// gone.
BOOST_AUTO_TEST_CASE(a_row_whose_copy_does_not_expire_is_removed) {
  table task;
  with(task, 1, [](expiring_states& of) { of.written.set(1), of.lasting.set(1); });
  expiring_run_of(task);
  with(task, 1, [](expiring_states& of) { of.lasting.clear(); });
  task.bound.tell_time(us(150));
  task.sweep_all();
  BOOST_TEST(task.bound.rows().size() == 1U); // until it has been said
  BOOST_TEST(value_in(expiring_run_of(task)) == "removed");
  BOOST_TEST(task.bound.rows().size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_restore_leaves_out_what_has_expired) {
  table task;
  with(task, 1, [](expiring_states& of) { of.written.set(1); });
  with(task, 2, [](expiring_states& of) { of.used.set("two"); });
  with(task, 3, [](expiring_states& of) { of.written.set(3), of.lasting.set(3); });
  const sealed_run run = expiring_run_of(task);
  table restored;
  restored.bound.tell_time(us(150));
  keyed_state& state = restored.bound;
  for (const encoded_rows& part : run.rows->parts())
    state.restore(part, 0, part.rows());
  BOOST_TEST(restored.bound.rows().size() == 2U);
  with(restored, 2, [](expiring_states& of) { BOOST_TEST(*of.used == "two"); });
  with(restored, 3, [](expiring_states& of) {
    BOOST_TEST(!of.written);
    BOOST_TEST(*of.lasting == 3U);
  });
}

// Frozen, as docs/checkpoint-format.md has it.
BOOST_AUTO_TEST_CASE(a_row_that_expires_is_encoded_as_it_is_documented) {
  table task(1);
  task.bound.tell_time(us(0x0100));
  with(task, 7, [](expiring_states& of) {
    of.written.set(0x0102);
    of.list.add("ab");
    of.map.put(3, "c");
    of.used.set("d");
  });
  const std::string until = "9601000000000000"; // 0x0100 + 150
  const std::string until_used = "4002000000000000";
  const std::string expected = "01"
                               "01" +
                               until_used + "2e" + "10" + until + "0201000000000000" +
                               "0d" + until_used + "0100000064" +
                               "12"
                               "01000000" +
                               until + "020000006162" +
                               "19"
                               "01000000"
                               "0300000000000000" +
                               until + "0100000063";
  BOOST_TEST(value_in(expiring_run_of(task)) == expected);
}

BOOST_AUTO_TEST_CASE(a_row_that_lasts_is_encoded_as_it_always_was) {
  table task(1);
  with(task, 7, [](expiring_states& of) {
    of.lasting.set(1);
    of.written.set(2);
    of.alarm.set(us(5));
  });
  BOOST_TEST(value_in(expiring_run_of(task)) == "01"
                                                "00"
                                                "8308"
                                                "08"
                                                "0100000000000000"
                                                "10"
                                                "9600000000000000"
                                                "0200000000000000"
                                                "08"
                                                "0500000000000000");
}

BOOST_AUTO_TEST_CASE(a_row_says_when_it_expires) {
  const auto expiry_of = [](std::vector<unsigned char> bytes) {
    return row_expiry(std::as_bytes(std::span(bytes)));
  };
  BOOST_TEST((expiry_of({1, 1, 5, 1, 0, 0, 0, 0, 0, 0, 1}) == us(0x0105)));
  BOOST_TEST((expiry_of({1, 0, 5, 1, 0, 0, 0, 0, 0, 0, 1}) == std::nullopt));
  BOOST_TEST((expiry_of({2, 1, 5, 1, 0, 0, 0, 0, 0, 0, 1}) == std::nullopt));
  BOOST_TEST((expiry_of({1, 1, 5, 1, 0, 0, 0}) == std::nullopt));
  BOOST_TEST((expiry_of({}) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_damaged_row_that_expires_is_refused) {
  table task;
  with(task, 7, [](expiring_states& of) {
    of.list.add("ab"), of.map.put(3, "c"), of.used.set("d");
  });
  const sealed_run run = expiring_run_of(task);
  for (const encoded_rows& part : run.rows->parts())
    for (std::size_t row = 0; row < part.rows(); ++row)
      for (std::size_t size = 0; size < part.value(row).size(); ++size) {
        table restored;
        BOOST_CHECK_THROW(
            restored.bound.rows().restore(part.key(row), part.value(row).first(size)),
            error);
      }
}

BOOST_AUTO_TEST_CASE(kinds_say_what_expires_and_in_which_time_deadlines_are) {
  std::string kinds;
  task_states of_task;
  for (const auto& each : bound_states<std::uint64_t>::declare(
           of_task, [](state_binder& bind) { expiring_states of(bind); }))
    kinds += each.description.kind + ", ";
  BOOST_TEST(kinds ==
             "value, expiring value, expiring value, expiring list, "
             "expiring list, expiring map, expiring map, expiring reducing, "
             "expiring aggregating, timer, processing timer, processing timers, ");
}

BOOST_AUTO_TEST_CASE(a_state_that_would_expire_at_once_is_refused) {
  for (const std::int64_t after : {0, -5})
    BOOST_CHECK_EXCEPTION(
        one_value{expire_after_write(micros(after))}, error, [&](const error& refused) {
          return refused.kind() == failure::usage &&
                 refused.what() ==
                     "state 'value' expires after " + std::to_string(after) +
                         " us, so it would never be there; give it a duration "
                         "of more than zero";
        });
}

BOOST_AUTO_TEST_CASE(a_long_time_does_not_end) {
  one_value one(expire_after_write(micros::max()));
  one.set(1'700'000'000'000'000);
  BOOST_TEST(one.there(1'800'000'000'000'000));
}

BOOST_AUTO_TEST_CASE(a_deadline_has_one_time_only) {
  const fired_timer fired({}, time_kind::processing, micros(5));
  BOOST_TEST((fired.processing_deadline() == us(5)));
  BOOST_CHECK_THROW(fired.deadline(), error);
}

struct has_such_fields {
  std::uint64_t timer;
  std::uint64_t expiry;
};

BOOST_AUTO_TEST_CASE(a_record_may_have_fields_of_any_name) {
  task_states of_task;
  bound_states<std::uint64_t> bound(
      bound_groups, nullptr, of_task, [](state_binder& bind) {
        bind.value<has_such_fields>("value");
        bind.value<has_such_fields>("expires", expire_after_write(micros(1)));
      });
  BOOST_TEST(!bound.has_timers());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_expiring_states
