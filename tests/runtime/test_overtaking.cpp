// Barriers that overtake: what stood in front of one, at a task's input or in its outbox,
// is in the checkpoint, once, and nothing else is.
#include "operators/random.hpp"
#include "runtime/channel_outbox.hpp"
#include "runtime/input_gate.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"
#include "tests/support/seeds.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>

namespace weir::test::test_overtaking {

namespace {

using words = std::vector<std::string>;
using numbers_of = std::vector<std::uint64_t>;

constexpr steady_time at_once = steady_time::min();

/// A gate whose channels deliver numbered batches, one barrier and more batches, in any
/// interleaving with the task that reads.
class gate_history {
public:
  gate_history(std::uint64_t seed)
      : random_(seed, 0), channels_(1 + random_.below(4)), gate_(draw_channels()) {}

  void run() {
    while (step())
      continue;
    BOOST_REQUIRE(taken_);
    BOOST_REQUIRE(!gate_.log().of());
    numbers_of expected, found;
    for (in_channel channel = 0; channel < channels_.size(); ++channel)
      for (std::uint64_t n = 0; n < channels_[channel].before; ++n)
        expected.push_back(channel * 1000 + n);
    // What was processed before the snapshot, and what is in it: everything, in order.
    for (in_channel channel = 0; channel < channels_.size(); ++channel)
      for (const auto& part : {processed_before_, logged_})
        std::ranges::copy_if(part, std::back_inserter(found),
                             [&](std::uint64_t n) { return n / 1000 == channel; });
    BOOST_TEST(found == expected, boost::test_tools::per_element());
    BOOST_TEST(processed_ == total_);
  }

private:
  struct script {
    std::uint64_t before = 0; // batches in front of the barrier
    std::uint64_t behind = 0;
    bool ends_early = false; // instead of the barrier
    bool aligns = false;
    std::uint64_t next = 0; // of its items
    std::uint64_t items() const { return before + 1 + behind; }
  };

  std::vector<gate_channel> draw_channels() {
    std::vector<gate_channel> known;
    for (script& each : channels_) {
      each.before = random_.below(5);
      each.ends_early = channels_.size() > 1 && random_.below(5) == 0;
      each.behind = each.ends_early ? 0 : random_.below(5);
      each.aligns = random_.below(4) == 0;
      total_ += each.before + each.behind;
      known.push_back({.aligns = each.aligns});
    }
    channels_.front().ends_early = false; // somebody has to bring the barrier
    return known;
  }

  bool step() {
    const bool delivered = random_.below(2) == 0 && deliver();
    if (const auto may = gate_.may_overtake(); may && random_.below(3) == 0)
      overtake(*may);
    const bool worked = random_.below(2) == 0 && process();
    if (gate_.log().complete()) {
      BOOST_TEST((gate_.log().of() == checkpoint_id{7}));
      logged_ = firsts(gate_.log().take());
    }
    return delivered || worked || !all_done();
  }

  bool deliver() {
    const auto channel = static_cast<in_channel>(random_.below(channels_.size()));
    script& from = channels_[channel];
    if (from.next == from.items())
      return false;
    const std::uint64_t item = from.next++;
    if (item < from.before)
      gate_.arrived(channel, batch_of({channel * 1000 + item}));
    else if (item > from.before)
      gate_.arrived(channel, batch_of({channel * 1000 + item - 1}));
    else if (from.ends_early)
      gate_.arrived(channel, end_of_channel());
    else
      gate_.arrived(channel, barrier{{7}, at_once});
    return true;
  }

  /// A batch that is in hand is in the checkpoint, too.
  void overtake(const barrier& now) {
    std::vector<batch_in_flight> taken;
    if (in_hand_)
      taken.push_back(*in_hand_);
    gate_.overtake(now, std::move(taken));
    snapshot();
  }

  bool process() {
    if (in_hand_) {
      ++processed_;
      if (!taken_)
        processed_before_.push_back(values_of(in_hand_->records)[0]);
      in_hand_.reset();
      return true;
    }
    auto turn = gate_.next();
    if (turn.what == input_gate::turn::kind::aligned)
      snapshot();
    if (turn.what == input_gate::turn::kind::batch)
      in_hand_ = std::move(turn.data);
    return turn.what != input_gate::turn::kind::nothing;
  }

  void snapshot() {
    BOOST_REQUIRE(!taken_);
    taken_ = true;
  }

  bool all_done() { return processed_ == total_ && taken_ && !gate_.log().of(); }

  random_stream random_;
  std::vector<script> channels_;
  std::uint64_t total_ = 0; // batches
  input_gate gate_;
  std::uint64_t processed_ = 0;
  std::optional<batch_in_flight> in_hand_;
  numbers_of processed_before_;
  numbers_of logged_;
  bool taken_ = false;
};

struct outbox_fixture {
  void ship(out_channel to, std::uint64_t number) { out.ship(to, batch_of({number})); }
  /// Uses up the window of a channel.
  void fill(out_channel to) {
    for (std::uint32_t i = 0; i < channel_credits; ++i)
      ship(to, i);
    port.take();
  }

  recording_port port;
  task_counters counters;
  channel_outbox out{2, counters, port};
};

} // namespace

BOOST_AUTO_TEST_SUITE(overtaking)

BOOST_AUTO_TEST_CASE(what_was_before_the_barriers_is_processed_or_in_the_checkpoint) {
  for_each_seed(5000, [](std::uint64_t seed) { gate_history(seed).run(); });
}

BOOST_AUTO_TEST_CASE(a_barrier_that_waits_for_its_time_stays_in_order_until_then) {
  input_gate gate{std::vector<gate_channel>(2)};
  gate.arrived(0, barrier{{7}, steady_time{std::chrono::seconds(5)}});
  BOOST_REQUIRE(gate.may_overtake());
  BOOST_TEST((gate.may_overtake()->overtakes_at == steady_time{std::chrono::seconds(5)}));
  gate.arrived(1, barrier{{7}, steady_time{std::chrono::seconds(5)}});
  BOOST_TEST((gate.next().what == input_gate::turn::kind::aligned));
  BOOST_TEST(!gate.may_overtake());
}

BOOST_AUTO_TEST_CASE(a_channel_that_only_aligns_is_waited_for) {
  input_gate gate{{gate_channel{.aligns = true}, gate_channel{}}};
  gate.arrived(0, batch_of({1}));
  gate.arrived(0, barrier{{7}, at_once});
  gate.arrived(1, batch_of({2}));
  gate.arrived(1, batch_of({3}));
  gate.arrived(1, barrier{{7}, at_once});
  BOOST_TEST(!gate.may_overtake());
  BOOST_TEST(firsts(std::vector{gate.next().data}) == numbers_of{1});
  BOOST_TEST(firsts(std::vector{gate.next().data}) == numbers_of{2});
  BOOST_TEST(firsts(std::vector{gate.next().data}) == numbers_of{3});
  BOOST_TEST((gate.next().what == input_gate::turn::kind::aligned));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_was_given_up_is_not_taken_nor_logged) {
  input_gate gate{std::vector<gate_channel>(2)};
  gate.arrived(0, barrier{{7}, at_once});
  gate.abandon({7});
  BOOST_TEST(!gate.may_overtake());
  gate.arrived(0, barrier{{8}, at_once});
  gate.overtake(*gate.may_overtake(), {});
  BOOST_TEST((gate.log().of() == checkpoint_id{8}));
  gate.arrived(1, barrier{{7}, at_once}); // late, and not what the log awaits
  BOOST_TEST((gate.log().of() == checkpoint_id{8}));
  gate.abandon({8});
  BOOST_TEST(!gate.log().of());
}

BOOST_AUTO_TEST_CASE(a_later_barrier_ends_a_log_that_nobody_wants) {
  input_gate gate{std::vector<gate_channel>(2)};
  gate.arrived(0, barrier{{7}, at_once});
  gate.overtake(*gate.may_overtake(), {});
  gate.arrived(1, batch_of({1}));
  gate.arrived(1, barrier{{8}, at_once});
  BOOST_TEST(!gate.log().of());
  gate.overtake(*gate.may_overtake(), {});
  gate.arrived(0, barrier{{8}, at_once});
  BOOST_TEST(gate.log().complete());
  BOOST_TEST(firsts(gate.log().take()) == numbers_of{1});
}

BOOST_AUTO_TEST_CASE(what_was_restored_comes_first_and_is_logged_again) {
  input_gate gate{std::vector<gate_channel>(1)};
  gate.restore({{0, batch_of({1})}, {0, batch_of({2})}});
  gate.arrived(0, batch_of({3}));
  gate.arrived(0, barrier{{7}, at_once});
  BOOST_TEST(!gate.next().from); // nobody waits for a credit
  gate.overtake(*gate.may_overtake(), {});
  BOOST_TEST(firsts(gate.log().take()) == (numbers_of{2, 3}));
  BOOST_TEST(firsts(std::vector{gate.next().data}) == numbers_of{2});
  const auto last = gate.next();
  BOOST_TEST(firsts(std::vector{last.data}) == numbers_of{3});
  BOOST_TEST((last.from == in_channel{0}));
}

BOOST_FIXTURE_TEST_CASE(a_barrier_overtakes_the_batches_of_a_full_outbox,
                        outbox_fixture) {
  fill(0);
  ship(0, 100);
  ship(0, 101);
  ship(1, 200);
  port.take();
  out.forward({{7}, at_once});
  BOOST_TEST(port.take() == words{"barrier 7 to 1"}, boost::test_tools::per_element());
  BOOST_REQUIRE(out.waiting_barrier());
  std::vector<batch_on_leave> overtaken;
  out.overtake(overtaken);
  BOOST_TEST(port.take() == words{"barrier 7 to 0"}, boost::test_tools::per_element());
  BOOST_TEST(firsts(overtaken) == (numbers_of{100, 101}));
  BOOST_TEST(!out.waiting_barrier());
  out.credit(0, {});
  BOOST_TEST(port.take() == words{"batch 0"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_barrier_that_leaves_in_order_waits_for_nothing_more,
                        outbox_fixture) {
  fill(0);
  ship(0, 100);
  out.forward({{7}, steady_time{std::chrono::seconds(5)}});
  BOOST_TEST(out.waiting_barrier().has_value());
  out.credit(0, {});
  BOOST_TEST(!out.waiting_barrier());
}

BOOST_FIXTURE_TEST_CASE(where_order_is_kept_no_barrier_overtakes, outbox_fixture) {
  out.keep_order(0);
  fill(0);
  ship(0, 100);
  port.take();
  out.forward({{7}, at_once});
  BOOST_TEST(!out.waiting_barrier());
  BOOST_TEST(port.take() == words{"barrier 7 to 1"}, boost::test_tools::per_element());
  out.credit(0, {});
  BOOST_TEST(port.take() == (words{"batch 0", "barrier 7 to 0"}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_barrier_goes_before_an_end_that_waits, outbox_fixture) {
  fill(0);
  ship(0, 100);
  out.to_all(end_of_channel());
  port.take();
  out.forward({{7}}); // along channel 1 the end has left
  out.credit(0, {});
  BOOST_TEST(port.take() == (words{"batch 0", "barrier 7 to 0", "end 0"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_overtaking
