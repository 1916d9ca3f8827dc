#include "runtime/channel_outbox.hpp"
#include "serialization/error.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_channel_outbox {

namespace {

struct outbox_fixture {
  void ship(out_channel to, std::uint64_t number) { out.ship(to, batch_of({number})); }
  /// Uses up the window of a channel.
  void fill(out_channel to) {
    for (std::uint32_t i = 0; i < channel_credits; ++i)
      ship(to, i);
    port.take();
  }
  void asked(const std::vector<std::string>& expected) {
    const auto log = port.take();
    BOOST_TEST(log == expected, boost::test_tools::per_element());
  }
  std::size_t sent() const { return port.sent.size(); }

  recording_port port;
  task_counters counters;
  weir::channel_outbox out{2, counters, port};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(channel_outbox, outbox_fixture)

BOOST_AUTO_TEST_CASE(batches_leave_at_once_while_there_is_credit) {
  ship(1, 5);
  asked({"batch 1"});
  BOOST_TEST((values_of(port.sent[0].data) == std::vector<std::uint64_t>{5}));
  BOOST_TEST(out.drained());
  BOOST_TEST(!out.congested());
}

BOOST_AUTO_TEST_CASE(no_more_batches_are_in_flight_than_there_are_credits) {
  for (std::uint32_t i = 0; i < channel_credits + 5; ++i)
    ship(0, i);
  BOOST_TEST(sent() == channel_credits);
  BOOST_TEST(out.congested());
  for (std::uint32_t i = 0; i < 5; ++i) {
    out.credit(0, {});
    BOOST_TEST(sent() == channel_credits + i + 1);
  }
  BOOST_TEST(!out.congested());
}

BOOST_AUTO_TEST_CASE(a_window_may_be_as_small_as_one_batch) {
  weir::channel_outbox small(1, counters, port, 1);
  small.ship(0, batch_of({1}));
  BOOST_TEST(!small.congested());
  small.ship(0, batch_of({2}));
  BOOST_TEST(small.congested());
  BOOST_TEST(sent() == 1U);
  small.credit(0, {});
  small.credit(0, {});
  BOOST_TEST(sent() == 2U);
  BOOST_TEST(small.all_credits_home());
  BOOST_CHECK_THROW(small.credit(0, {}), error);
}

BOOST_AUTO_TEST_CASE(a_channel_that_leads_back_takes_what_comes_and_no_control) {
  out.lead_back({1});
  for (std::uint32_t i = 0; i < 10 * channel_credits; ++i)
    ship(1, i);
  BOOST_TEST(sent() == 10 * channel_credits);
  BOOST_TEST((!out.congested() && !out.all_credits_home()));
  port.take();
  out.forward({{7}});
  out.to_all(end_of_channel());
  out.to_some({1}, loop_probe{3, true});
  asked({"barrier 7 to 0", "end 0", "probe 3 busy to 1"});
  for (auto& parcel : std::exchange(port.sent, {}))
    out.credit(parcel.to, std::move(parcel.data));
  BOOST_TEST(out.all_credits_home());
  std::size_t kept = 0;
  while (out.recycled(1))
    ++kept;
  BOOST_TEST(kept == channel_credits); // as many as any other channel needs
}

BOOST_AUTO_TEST_CASE(each_channel_has_a_window_of_its_own) {
  fill(0);
  ship(0, 1);
  asked({});
  ship(1, 2);
  asked({"batch 1"});
  BOOST_TEST(out.congested());
}

BOOST_AUTO_TEST_CASE(batches_barriers_and_the_end_keep_their_order) {
  fill(0);
  ship(0, 100);
  out.forward({{7}});
  ship(0, 101);
  out.to_all(end_of_channel());
  asked({"barrier 7 to 1", "end 1"});
  out.credit(0, {});
  asked({"batch 0", "barrier 7 to 0"});
  out.credit(0, {});
  asked({"batch 0", "end 0"});
  BOOST_TEST((values_of(port.sent.back().data) == std::vector<std::uint64_t>{101}));
}

BOOST_AUTO_TEST_CASE(a_barrier_needs_no_credit) {
  fill(0);
  out.forward({{7}});
  asked({"barrier 7 to 0", "barrier 7 to 1"});
  BOOST_TEST(!out.congested());
}

BOOST_AUTO_TEST_CASE(the_outbox_is_drained_when_nothing_waits) {
  fill(0);
  BOOST_TEST(out.drained());
  ship(0, 1);
  out.to_all(end_of_channel());
  BOOST_TEST(!out.drained());
  out.credit(0, {});
  BOOST_TEST(out.drained());
}

BOOST_AUTO_TEST_CASE(all_credits_are_home_when_every_reader_is_idle) {
  BOOST_TEST(out.all_credits_home());
  ship(0, 1);
  BOOST_TEST(!out.all_credits_home());
  out.credit(0, {});
  BOOST_TEST(out.all_credits_home());
}

BOOST_AUTO_TEST_CASE(a_returned_batch_is_recycled_empty_on_its_channel) {
  ship(0, 1);
  batch_ref back = std::move(port.sent[0].data);
  const batch_base* address = &*back;
  out.credit(0, std::move(back));
  BOOST_TEST(!out.recycled(1));
  const batch_ref again = out.recycled(0);
  BOOST_REQUIRE(static_cast<bool>(again));
  BOOST_TEST(&*again == address);
  BOOST_TEST(again->empty());
  BOOST_TEST(!out.recycled(0));
}

BOOST_AUTO_TEST_CASE(a_batch_that_somebody_still_holds_is_not_recycled) {
  ship(0, 1);
  const batch_ref held = port.sent[0].data;
  out.credit(0, std::move(port.sent[0].data));
  BOOST_TEST(!out.recycled(0));
  BOOST_TEST(held->size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_shipped_is_counted_and_what_waits_as_well) {
  out.ship(0, batch_from(0, 100));
  BOOST_TEST(out.waiting_batches() == 0U);
  fill(1);
  out.ship(1, batch_from(0, 5));
  BOOST_TEST(out.waiting_batches() == 1U);
  const std::uint64_t records = 100 + channel_credits + 5;
  BOOST_TEST(counters[task_count::records_out] == records);
  BOOST_TEST(counters[task_count::bytes_out] == records * sizeof(std::uint64_t));
  out.credit(1, {});
  BOOST_TEST(out.waiting_batches() == 0U);
  BOOST_TEST(counters[task_count::records_out] == records);
}

BOOST_AUTO_TEST_CASE(a_credit_nobody_owes_is_a_broken_protocol) {
  BOOST_CHECK_THROW(out.credit(0, {}), error);
}

BOOST_AUTO_TEST_CASE(an_outbox_without_channels_is_always_drained) {
  weir::channel_outbox none(0, counters, port);
  none.forward({{1}});
  none.to_all(end_of_channel());
  BOOST_TEST(none.drained());
  BOOST_TEST(none.all_credits_home());
  asked({});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_channel_outbox
