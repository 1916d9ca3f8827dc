// A task in the middle of a record of which a step makes many.
#include "operators/weir.hpp"
#include "runtime/task_driver.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

#include <ranges>

namespace weir::test::test_driver_expansion {

BOOST_AUTO_TEST_SUITE(driver_expansion)

BOOST_AUTO_TEST_CASE(a_source_takes_no_snapshot_in_the_middle_of_a_record) {
  using namespace std::chrono_literals;
  using words = std::vector<std::string>;
  job expanding;
  expanding
      .source("numbers", generate(2, [](std::uint64_t i, random_stream&) { return i; }))
      .flat_map([](std::uint64_t) { return std::views::iota(0, 600); })
      .sink("out", discard());
  const auto plan = plan_execution(expanding.graph(), 1, 128);
  recording_port port;
  task_watch watch;
  task_driver driver(plan.tasks[0], expanding.graph().chains()[0], plan,
                     task_settings{.buffer_timeout = 2ms, .watermark_interval = 200ms},
                     watch, port);
  const auto slice = [&](std::uint32_t blocks) {
    return driver.run_slice({blocks, slice_budget::clock::time_point::max()}, {});
  };
  driver.start({}, {});
  slice(1);
  driver.inject({{7}}, {});
  slice(1);
  BOOST_TEST(port.take().empty());
  slice(10); // goes on to the end of the record and no further
  BOOST_TEST((port.take() == words{"upload"}));
  BOOST_TEST((port.uploads[0].checkpoint == checkpoint_id{7}));
  while (slice(1000).more) {
  }
  BOOST_TEST((port.take() == words{"finished"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_expansion
