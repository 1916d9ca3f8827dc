#include "runtime/input_gate.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace weir::test::test_input_gate {

namespace {

struct gate_fixture {
  void open(std::size_t channels) { gate.emplace(std::vector<gate_channel>(channels)); }

  void batch(in_channel from, std::uint64_t number) {
    gate->arrived(from, batch_of({number}));
  }
  void barrier(in_channel from, std::uint64_t id) {
    gate->arrived(from, weir::barrier{{id}});
  }
  void end(in_channel from) { gate->arrived(from, end_of_channel()); }
  void reached(in_channel from, std::int64_t time) {
    gate->arrived(from, watermark{event_time(std::chrono::microseconds(time))});
  }

  /// The next turn as a word: "0:5" is batch 5 from channel 0.
  std::string next() {
    using kind = input_gate::turn::kind;
    const auto turn = gate->next();
    switch (turn.what) {
    case kind::batch:
      return (turn.from ? std::to_string(*turn.from) : "restored") + ":" +
             std::to_string(values_of(turn.data.records)[0]);
    case kind::aligned:
      return "aligned " + std::to_string(turn.at.id.value);
    case kind::time:
      return turn.reached.time == event_time::max()
                 ? "all time"
                 : "time " + std::to_string(turn.reached.time.time_since_epoch().count());
    case kind::probe:
      return "probe " + std::to_string(turn.probe.round);
    case kind::ended:
      return "ended";
    case kind::nothing:
      break;
    }
    return "nothing";
  }
  void turns(const std::vector<std::string>& expected) {
    for (const auto& turn : expected)
      BOOST_TEST(next() == turn);
  }

  std::optional<weir::input_gate> gate{std::vector<gate_channel>(2)};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(input_gate, gate_fixture)

BOOST_AUTO_TEST_CASE(what_comes_back_is_taken_before_new_input) {
  gate.emplace(std::vector<gate_channel>(3), loop_place{true, 2});
  batch(0, 1);
  batch(0, 2);
  batch(1, 3);
  batch(2, 4);
  BOOST_TEST(gate->feedback_bytes() == 2 * sizeof(std::uint64_t));
  turns({"1:3", "2:4", "0:1"});
  BOOST_TEST(gate->feedback_bytes() == 0U);
  batch(2, 5);
  turns({"2:5", "0:2", "nothing"});
}

BOOST_AUTO_TEST_CASE(barriers_and_ends_wait_for_no_feedback) {
  gate.emplace(std::vector<gate_channel>(2), loop_place{true, 1});
  barrier(0, 7);
  batch(1, 1);
  turns({"aligned 7", "1:1", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_head_ends_when_its_loop_is_empty) {
  gate.emplace(std::vector<gate_channel>(2), loop_place{true, 1});
  end(0);
  batch(1, 1);
  turns({"1:1", "probe 1", "nothing"});
  gate->arrived(1, loop_probe{1, true});
  turns({"probe 2", "nothing"});
  gate->arrived(1, loop_probe{2, false});
  turns({"ended", "nothing"});
}

BOOST_AUTO_TEST_CASE(watermarks_are_those_of_the_input_alone) {
  gate.emplace(std::vector<gate_channel>{{.timed = true}, {}}, loop_place{true, 1});
  reached(0, 5);
  turns({"time 5", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_task_in_a_loop_sends_probes_on_until_it_ends) {
  gate.emplace(std::vector<gate_channel>(2), loop_place{true, 0});
  gate->arrived(0, loop_probe{1, true});
  batch(1, 1);
  turns({"1:1", "nothing"});
  gate->arrived(1, loop_probe{1, true});
  batch(0, 2); // a probe may wait for work
  turns({"0:2", "probe 1", "nothing"});
  end(0);
  end(1);
  turns({"ended", "nothing"});
}

BOOST_AUTO_TEST_CASE(an_empty_gate_has_nothing_and_has_not_ended) {
  turns({"nothing", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_channel_keeps_its_order) {
  for (std::uint64_t number : {5U, 6U, 7U})
    batch(1, number);
  turns({"1:5", "1:6", "1:7", "nothing"});
}

BOOST_AUTO_TEST_CASE(batches_are_queued_until_it_is_their_turn) {
  batch(0, 1);
  batch(0, 2);
  barrier(0, 7);
  batch(1, 3);
  BOOST_TEST(gate->queued_batches() == 3U);
  turns({"0:1", "1:3"});
  BOOST_TEST(gate->queued_batches() == 1U);
  turns({"0:2", "nothing"});
  BOOST_TEST(gate->queued_batches() == 0U);
}

BOOST_AUTO_TEST_CASE(channels_take_turns) {
  open(3);
  for (std::uint64_t number : {1U, 2U})
    for (in_channel from : {0U, 1U, 2U})
      batch(from, number);
  turns({"0:1", "1:1", "2:1", "0:2", "1:2", "2:2", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_busy_channel_does_not_starve_the_others) {
  for (std::uint64_t number = 0; number < 4; ++number)
    batch(0, number);
  turns({"0:0"});
  batch(1, 9);
  turns({"1:9", "0:1", "0:2", "0:3"});
}

BOOST_AUTO_TEST_CASE(what_stands_behind_a_barrier_waits_for_the_other_channel) {
  barrier(0, 1);
  batch(0, 10);
  batch(1, 20);
  batch(1, 21);
  turns({"1:20", "1:21", "nothing"});
  barrier(1, 1);
  turns({"aligned 1", "0:10", "nothing"});
}

BOOST_AUTO_TEST_CASE(an_abandoned_checkpoint_lets_the_held_channel_go) {
  barrier(0, 1);
  batch(0, 10);
  turns({"nothing"});
  gate->abandon({1});
  turns({"0:10"});
  barrier(1, 1);
  turns({"nothing"});
}

BOOST_AUTO_TEST_CASE(an_end_stands_for_every_later_barrier) {
  end(1);
  barrier(0, 1);
  barrier(0, 2);
  turns({"aligned 1", "aligned 2", "nothing"});
}

BOOST_AUTO_TEST_CASE(the_end_is_told_once_and_last) {
  end(0);
  batch(1, 20);
  barrier(1, 1);
  batch(1, 21);
  end(1);
  turns({"1:20", "aligned 1", "1:21", "ended", "nothing", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_held_end_waits_too) {
  barrier(0, 1);
  end(0);
  turns({"nothing"});
  end(1);
  turns({"aligned 1", "ended", "nothing"});
}

BOOST_AUTO_TEST_CASE(time_goes_on_when_the_last_channel_has_come_so_far) {
  gate.emplace(std::vector<gate_channel>{{.timed = true}, {.timed = true}});
  reached(0, 10);
  batch(0, 1);
  reached(0, 20);
  turns({"0:1", "nothing"});
  batch(1, 2);
  reached(1, 15);
  turns({"1:2", "time 15", "nothing"});
}

BOOST_AUTO_TEST_CASE(a_watermark_behind_a_barrier_waits_with_its_channel) {
  gate.emplace(std::vector<gate_channel>{{.timed = true}, {.timed = true}});
  barrier(0, 1);
  reached(0, 10);
  reached(1, 20);
  turns({"nothing"});
  barrier(1, 1);
  turns({"aligned 1", "time 10", "nothing"});
}

BOOST_AUTO_TEST_CASE(an_ended_channel_holds_no_time_back) {
  gate.emplace(std::vector<gate_channel>{{.timed = true}, {.timed = true}});
  reached(0, 10);
  end(1);
  turns({"time 10", "nothing"});
  end(0);
  turns({"all time", "ended", "nothing"});
}

BOOST_AUTO_TEST_CASE(one_channel_aligns_by_itself) {
  open(1);
  batch(0, 1);
  barrier(0, 4);
  batch(0, 2);
  turns({"0:1", "aligned 4", "0:2", "nothing"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_input_gate
