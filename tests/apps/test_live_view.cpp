// A frame is a function of plain data, and what draws it is held against a terminal that
// fails where a real one would show nonsense.
#include "apps/weir/live_view.hpp"
#include "tests/support/screen.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::cli::test::test_live_view {

using namespace std::chrono_literals;
using testing::screen;
using lines = std::vector<std::string>;

namespace {

view_moment sample_moment() {
  view_moment moment;
  moment.job_id = "c0ffee";
  moment.elapsed = 72s;
  moment.checkpoint = checkpoint_seen{14, 300ms};
  moment.between = 500ms;
  for (const char* name : {"clicks", "counts"}) {
    moment.before.operators.push_back({.name = name, .parallelism = 2});
    moment.now.operators.push_back({.name = name, .parallelism = 2});
  }
  auto& clicks = moment.now.operators[0];
  clicks.records_in = 500'000;
  clicks.records_out = 450'000;
  clicks.bytes_in = 8'000'000;
  clicks.bytes_out = 7'200'000;
  clicks.busy = 250ms;
  clicks.back_pressured = 750ms;
  clicks.batches_waiting = 3;
  auto& counts = moment.now.operators[1];
  counts.records_in = 400'000;
  counts.busy = 990ms;
  counts.idle = 10ms;
  counts.batches_queued = 16;
  moment.now.rows_read = 1'234'567;
  moment.now.rows_written = 1'111'110;
  return moment;
}

lines text_of(const std::vector<frame_line>& frame) {
  lines text;
  for (const auto& line : frame)
    text.push_back(line.text);
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_view)

BOOST_AUTO_TEST_CASE(a_frame) {
  const lines expected{
      "job c0ffee, 1 min 12 s, checkpoint 14 0.3 s ago",
      "operator  tasks    in/s   out/s   B/s in  B/s out   busy  back-pr.   idle  queued "
      " waiting",
      "clicks        2   1.00M    900k    16.0M    14.4M    25%       75%     0%       0 "
      "       3",
      "counts        2    800k       0        0        0    99%        0%     1%      16 "
      "       0",
      "1,234,567 rows read, 1,111,110 written",
  };
  BOOST_TEST(text_of(live_frame(sample_moment(), {120, 24})) == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_always_there) {
  view_moment moment = sample_moment();
  moment.checkpoint.reset();
  moment.restarts = 2;
  moment.now.malformed = 5;
  moment.now.late = 1000;
  const lines frame = text_of(live_frame(moment, {120, 24}));
  BOOST_TEST(frame.front() == "job c0ffee, 1 min 12 s, restarts: 2");
  BOOST_TEST(frame.back() ==
             "1,234,567 rows read, 1,111,110 written, 5 malformed, 1,000 late");
}

BOOST_AUTO_TEST_CASE(event_time_is_behind_the_clock_or_level_with_it) {
  view_moment moment = sample_moment();
  moment.wall_clock = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
  const auto first_line = [&](event_time watermark) {
    moment.now.watermark = watermark;
    return text_of(live_frame(moment, {120, 24})).front();
  };
  const auto now = std::chrono::floor<event_time::duration>(moment.wall_clock);
  const std::string line = "job c0ffee, 1 min 12 s, checkpoint 14 0.3 s ago, watermark ";
  BOOST_TEST(first_line(now - 2500ms) == line + "2.5 s behind");
  BOOST_TEST(first_line(now + 1h) == line + "0.0 s behind");
  BOOST_TEST(first_line(event_time(event_time::duration(0)) - std::chrono::years(9000)) ==
             line + "876000 h 00 min behind");
}

BOOST_AUTO_TEST_CASE(the_first_frame_has_nothing_to_compare_with) {
  view_moment moment = sample_moment();
  moment.before = {};
  moment.between = {};
  for (auto& each : moment.now.operators)
    each.busy = each.back_pressured = each.idle = {};
  const lines frame = text_of(live_frame(moment, {120, 24}));
  BOOST_TEST((frame[2].find('%') == std::string::npos), frame[2]);
}

BOOST_AUTO_TEST_CASE(after_a_restart_nothing_is_below_zero) {
  view_moment moment = sample_moment();
  std::swap(moment.before.operators, moment.now.operators);
  const lines frame = text_of(live_frame(moment, {120, 24}));
  BOOST_TEST(frame[2] == "clicks        2       0       0        0        0      -   "
                         "      -      -       0        0");
}

BOOST_AUTO_TEST_CASE(lines_are_cut_to_the_width_and_frames_to_the_height) {
  view_moment moment = sample_moment();
  moment.now.operators[0].name = "h\xC3\xA9"
                                 "avy\tclicks"; // two bytes, one character
  for (int i = 0; i < 30; ++i)
    moment.now.operators.push_back({.name = "another", .parallelism = 1});
  for (std::size_t columns : {0, 1, 2, 7, 40, 79})
    for (std::size_t rows : {1, 2, 3, 4, 5, 6, 24}) {
      const auto frame = live_frame(moment, {columns, rows});
      BOOST_TEST(frame.size() < std::max<std::size_t>(rows, 1));
      frame_painter painter(false);
      screen drawn(columns == 0 ? 1 : columns + 1); // the accent is two bytes
      BOOST_CHECK_NO_THROW(drawn.write(painter.draw(frame, columns)));
    }
  const lines frame = text_of(live_frame(moment, {120, 10}));
  BOOST_TEST(frame.size() == 9U);
  BOOST_TEST(frame[7] == "and 27 more");
}

BOOST_AUTO_TEST_CASE(a_frame_replaces_the_one_before) {
  screen terminal(40);
  frame_painter painter(false);
  terminal.write("a line before\n");
  terminal.write(painter.draw({{"one", true}, {"a long line"}, {"three"}}, 40));
  terminal.write(painter.draw({{"1", true}, {"2"}}, 40));
  BOOST_TEST(terminal.lines() == (lines{"a line before", "1", "2"}),
             boost::test_tools::per_element());
  terminal.write(painter.erase(40) + "an event\n");
  terminal.write(painter.draw({{"x", true}, {"y"}}, 40));
  BOOST_TEST(terminal.lines() == (lines{"a line before", "an event", "x", "y"}),
             boost::test_tools::per_element());
  terminal.write(painter.erase(40));
  BOOST_TEST(painter.erase(40).empty());
  BOOST_TEST(terminal.lines() == (lines{"a line before", "an event"}),
             boost::test_tools::per_element());
  BOOST_TEST(!terminal.colored());
}

BOOST_AUTO_TEST_CASE(a_terminal_that_became_narrow_has_wrapped_the_frame) {
  frame_painter painter(false);
  painter.draw({{std::string(30, 'x'), true}, {"short"}, {""}}, 40);
  BOOST_TEST(painter.erase(10) == "\r\x1b[5A\x1b[J"); // three rows, one, one
}

BOOST_AUTO_TEST_CASE(headings_stand_out_where_color_is_welcome) {
  frame_painter painter(true);
  BOOST_TEST(painter.draw({{"head", true}, {"line"}}, 40) ==
             "\x1b[1mhead\x1b[0m\x1b[K\nline\x1b[K\n\x1b[J");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_live_view
