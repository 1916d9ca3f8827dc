#include "runtime/watermark_merger.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_watermark_merger {

namespace {

watermark at(std::int64_t time, bool idle = false) {
  return {event_time(std::chrono::microseconds(time)), idle};
}

} // namespace

BOOST_AUTO_TEST_SUITE(watermark_merger)

BOOST_AUTO_TEST_CASE(the_input_has_come_as_far_as_its_last_channel) {
  weir::watermark_merger merger({true, true, true});
  merger.advance(0, at(30));
  merger.advance(2, at(10));
  BOOST_TEST((merger.merged() == watermark{}));
  merger.advance(1, at(20));
  BOOST_TEST((merger.merged() == at(10)));
  merger.advance(2, at(40));
  BOOST_TEST((merger.merged() == at(20)));
}

BOOST_AUTO_TEST_CASE(an_idle_channel_holds_nobody_back_and_takes_nothing_back) {
  weir::watermark_merger merger({true, true});
  merger.advance(0, at(10));
  merger.advance(1, at(5));
  merger.advance(1, at(5, true));
  BOOST_TEST((merger.merged() == at(10)));
  merger.advance(1, at(6));
  BOOST_TEST((merger.merged() == at(10)));
  merger.advance(0, at(20));
  BOOST_TEST((merger.merged() == at(10)));
  merger.advance(1, at(15));
  BOOST_TEST((merger.merged() == at(15)));
}

BOOST_AUTO_TEST_CASE(the_input_is_idle_when_every_channel_is) {
  weir::watermark_merger merger({true, true});
  merger.advance(0, at(10, true));
  BOOST_TEST(!merger.merged().idle);
  merger.advance(1, at(20, true));
  BOOST_TEST(merger.merged().idle);
  merger.advance(1, at(21));
  BOOST_TEST((merger.merged() == at(21)));
}

BOOST_AUTO_TEST_CASE(when_all_have_ended_there_is_nothing_to_wait_for) {
  weir::watermark_merger merger({true, true});
  merger.advance(0, at(10));
  merger.end(0);
  BOOST_TEST((merger.merged() == watermark{}));
  merger.advance(1, at(5));
  BOOST_TEST((merger.merged() == at(5)));
  merger.end(1);
  BOOST_TEST((merger.merged() == watermark{event_time::max(), false}));
}

BOOST_AUTO_TEST_CASE(channels_without_timestamps_do_not_count) {
  weir::watermark_merger merger({true, false});
  merger.advance(0, at(10));
  BOOST_TEST((merger.merged() == at(10)));
  merger.end(0);
  BOOST_TEST((merger.merged().time == event_time::max()));

  weir::watermark_merger none({false, false});
  none.end(0);
  none.end(1);
  BOOST_TEST((none.merged() == watermark{}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_watermark_merger
