#include "runtime/barrier_aligner.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>

namespace weir::test::test_barrier_aligner {

namespace {

constexpr std::uint64_t barriers_max = 3;
using verdict = barrier_aligner::verdict;

// BOOST_REQUIRE is too slow for millions of them.
void require(bool holds) {
  if (!holds)
    BOOST_FAIL("the aligner and the model disagree");
}

/// What one channel will deliver: some barriers in order, then perhaps its end.
struct script {
  std::vector<std::uint64_t> barriers;
  bool ends = false;
  std::size_t items() const { return barriers.size() + (ends ? 1 : 0); }
};

std::vector<script> every_script() {
  std::vector<script> all;
  for (unsigned subset = 0; subset < 2U << barriers_max; ++subset) {
    script one;
    for (std::uint64_t id = 1; id <= barriers_max; ++id)
      if ((subset >> id) & 1)
        one.barriers.push_back(id);
    one.ends = subset & 1;
    all.push_back(one);
  }
  return all;
}

/// What alignment means, from the history alone.
struct model {
  explicit model(std::size_t channels) : latest(channels, 0), ended(channels, false) {}

  bool stale(std::uint64_t id) const {
    return abandoned[id] || id < *std::max_element(latest.begin(), latest.end());
  }
  /// The newest checkpoint that anybody has seen, unless it is settled.
  std::uint64_t pending() const {
    const std::uint64_t newest = *std::max_element(latest.begin(), latest.end());
    return newest == aligned || abandoned[newest] ? 0 : newest;
  }
  bool held(std::size_t channel) const {
    return pending() != 0 && latest[channel] == pending();
  }
  bool complete() const {
    for (std::size_t i = 0; i < latest.size(); ++i)
      if (!ended[i] && !held(i))
        return false;
    return pending() != 0;
  }
  verdict settle(verdict otherwise) {
    if (!complete())
      return otherwise;
    aligned = pending();
    return verdict::aligned;
  }
  verdict barrier(std::size_t channel, std::uint64_t id) {
    if (stale(id))
      return verdict::stale;
    latest[channel] = id;
    return settle(verdict::hold);
  }
  verdict end(std::size_t channel) {
    ended[channel] = true;
    return settle(verdict::pass);
  }

  std::vector<std::uint64_t> latest; // the last barrier of a channel that was not stale
  std::vector<bool> ended;
  std::array<bool, barriers_max + 1> abandoned{true};
  std::uint64_t aligned = 0;
};

/// Every interleaving of the scripts in which a held channel delivers nothing, with up to
/// `abandons` checkpoints abandoned at every position.
class exploration {
public:
  exploration(std::vector<script> scripts, std::size_t abandons)
      : scripts_(std::move(scripts)) {
    const std::size_t channels = scripts_.size();
    visit({barrier_aligner(channels), model(channels),
           std::vector<std::size_t>(channels, 0), 0, abandons});
  }

  std::size_t states = 0;
  std::size_t alignments = 0;

private:
  struct state {
    barrier_aligner real;
    model expected;
    std::vector<std::size_t> delivered;
    std::uint64_t aligned_before;
    std::size_t abandons_left;
  };

  void visit(const state& at) {
    ++states;
    for (std::size_t channel = 0; channel < scripts_.size(); ++channel)
      if (at.delivered[channel] < scripts_[channel].items() && !at.real.held(channel))
        deliver(at, channel);
    for (std::uint64_t id = 1; at.abandons_left > 0 && id <= barriers_max; ++id)
      abandon(at, id);
  }

  void deliver(state next, std::size_t channel) {
    const script& from = scripts_[channel];
    const std::size_t item = next.delivered[channel]++;
    const bool is_barrier = item < from.barriers.size();
    const verdict told =
        is_barrier ? next.real.barrier(channel, checkpoint_id{from.barriers[item]})
                   : next.real.end(channel);
    const verdict wanted = is_barrier
                               ? next.expected.barrier(channel, from.barriers[item])
                               : next.expected.end(channel);
    require((told == wanted));
    if (told == verdict::aligned)
      check_alignment(next);
    check_holds(next);
    visit(next);
  }

  void abandon(state next, std::uint64_t id) {
    next.real.abandon(checkpoint_id{id});
    next.expected.abandoned[id] = true;
    --next.abandons_left;
    check_holds(next);
    visit(next);
  }

  void check_alignment(state& at) {
    ++alignments;
    require(at.real.aligned().value == at.expected.aligned);
    require(at.real.aligned().value > at.aligned_before); // never twice
    at.aligned_before = at.real.aligned().value;
  }

  void check_holds(const state& at) const {
    for (std::size_t channel = 0; channel < scripts_.size(); ++channel) {
      require(at.real.held(channel) == at.expected.held(channel));
      require(at.real.ended(channel) == at.expected.ended[channel]);
    }
    require(at.real.all_ended() ==
            (std::count(at.expected.ended.begin(), at.expected.ended.end(), true) ==
             static_cast<std::ptrdiff_t>(scripts_.size())));
  }

  std::vector<script> scripts_;
};

verdict barrier(barrier_aligner& aligner, std::size_t channel, std::uint64_t id) {
  return aligner.barrier(channel, checkpoint_id{id});
}

} // namespace

BOOST_AUTO_TEST_SUITE(barrier_aligner)

BOOST_AUTO_TEST_CASE(every_history_of_one_channel_agrees_with_the_model) {
  for (const auto& only : every_script())
    BOOST_TEST(exploration({only}, 3).states > 0U);
}

BOOST_AUTO_TEST_CASE(every_history_of_two_channels_agrees_with_the_model) {
  std::size_t alignments = 0;
  for (const auto& a : every_script())
    for (const auto& b : every_script())
      alignments += exploration({a, b}, 1).alignments;
  BOOST_TEST(alignments > 1000U);
}

BOOST_AUTO_TEST_CASE(every_history_of_three_channels_agrees_with_the_model) {
  const auto all = every_script();
  std::size_t alignments = 0;
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = 0; b <= a; ++b)
      for (std::size_t c = 0; c <= b; ++c)
        alignments += exploration({all[a], all[b], all[c]}, 0).alignments;
  BOOST_TEST(alignments > 1000U);
}

BOOST_AUTO_TEST_CASE(three_channels_that_end_may_be_abandoned_anywhere) {
  const script whole{{1, 2, 3}, true};
  std::size_t alignments = 0;
  for (const auto& other : every_script())
    alignments += exploration({whole, whole, other}, 1).alignments;
  BOOST_TEST(alignments > 100U);
}

BOOST_AUTO_TEST_CASE(a_barrier_on_one_channel_holds_only_that_channel) {
  weir::barrier_aligner aligner(3);
  BOOST_TEST((barrier(aligner, 1, 7) == verdict::hold));
  BOOST_TEST(!aligner.held(0));
  BOOST_TEST(aligner.held(1));
  BOOST_TEST(!aligner.held(2));
}

BOOST_AUTO_TEST_CASE(a_channel_that_ends_late_aligns_the_others) {
  weir::barrier_aligner aligner(2);
  BOOST_TEST((barrier(aligner, 0, 7) == verdict::hold));
  BOOST_TEST((aligner.end(1) == verdict::aligned));
  BOOST_TEST(aligner.aligned().value == 7U);
  BOOST_TEST(!aligner.held(0));
}

BOOST_AUTO_TEST_CASE(a_later_barrier_overtakes_the_pending_checkpoint) {
  weir::barrier_aligner aligner(2);
  BOOST_TEST((barrier(aligner, 0, 7) == verdict::hold));
  BOOST_TEST((barrier(aligner, 1, 8) == verdict::hold));
  BOOST_TEST(!aligner.held(0));
  BOOST_TEST((barrier(aligner, 0, 8) == verdict::aligned));
}

BOOST_AUTO_TEST_CASE(counted_barriers_hold_nothing_and_several_are_pending) {
  weir::barrier_aligner aligner(2, alignment::counting);
  BOOST_TEST((barrier(aligner, 0, 7) == verdict::pass));
  BOOST_TEST(!aligner.held(0));
  BOOST_TEST((barrier(aligner, 0, 8) == verdict::pass));
  BOOST_TEST((barrier(aligner, 1, 7) == verdict::aligned));
  BOOST_TEST(aligner.aligned().value == 7U);
  BOOST_TEST((barrier(aligner, 1, 8) == verdict::aligned));
  BOOST_TEST(aligner.aligned().value == 8U);
}

BOOST_AUTO_TEST_CASE(a_counted_checkpoint_that_was_given_up_does_not_come) {
  weir::barrier_aligner aligner(2, alignment::counting);
  barrier(aligner, 0, 7);
  barrier(aligner, 0, 8);
  aligner.abandon({7});
  BOOST_TEST((barrier(aligner, 1, 7) == verdict::stale));
  BOOST_TEST((barrier(aligner, 1, 8) == verdict::aligned));
}

BOOST_AUTO_TEST_CASE(a_channel_that_ends_brings_the_newest_that_is_counted) {
  weir::barrier_aligner aligner(2, alignment::counting);
  barrier(aligner, 0, 7);
  barrier(aligner, 0, 8);
  BOOST_TEST((aligner.end(1) == verdict::aligned));
  BOOST_TEST(aligner.aligned().value == 8U); // which makes 7 superfluous
  BOOST_TEST((barrier(aligner, 0, 9) == verdict::aligned));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_was_overtaken_is_done) {
  weir::barrier_aligner aligner(2);
  barrier(aligner, 0, 7);
  BOOST_TEST(aligner.delivered(0, {7}));
  BOOST_TEST(!aligner.delivered(1, {7}));
  aligner.overtake({7});
  BOOST_TEST(!aligner.held(0));
  BOOST_TEST(aligner.done({7}));
  BOOST_TEST((barrier(aligner, 1, 7) == verdict::stale));
}

BOOST_AUTO_TEST_CASE(a_held_or_ended_channel_that_speaks_is_a_broken_protocol) {
  weir::barrier_aligner aligner(2);
  barrier(aligner, 0, 7);
  BOOST_CHECK_THROW(barrier(aligner, 0, 8), error);
  BOOST_CHECK_THROW(aligner.end(0), error);
  aligner.end(1);
  BOOST_CHECK_THROW(aligner.end(1), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_barrier_aligner
