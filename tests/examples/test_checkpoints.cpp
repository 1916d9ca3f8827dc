// What the code of a job says about its checkpoints.
#include "operators/weir.hpp"
#include "runtime/config.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;

void define(weir::job& job) {
  job.checkpoints()
      .every(30s, weir::exactly_once)
      .min_pause(30s)
      .timeout(10min)
      .max_concurrent(1)
      .tolerable_failures(2)
      .retain(weir::on_cancellation)
      .keep(5)
      .compress()
      .after_tasks_finish(true);
  job.source("numbers", weir::collection(std::vector<int>{1, 2, 3}))
      .sink("nowhere", weir::discard());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_job_says_how_its_checkpoints_are_taken) {
  weir::job job;
  define(job);
  const weir::run_config config = weir::with_settings({}, job.checkpoints().options());
  BOOST_TEST((config.checkpoint_interval == 30s && config.exactly_once));
  BOOST_TEST((config.checkpoint_min_pause == 30s && config.checkpoint_timeout == 10min));
  BOOST_TEST(config.checkpoints_concurrent == 1U);
  BOOST_TEST(config.failed_checkpoints_tolerable == 2U);
  BOOST_TEST((config.retention == weir::on_cancellation));
  BOOST_TEST(config.checkpoints_retained == 5U);
  BOOST_TEST((config.snapshots_compressed == true && config.checkpoints_after_end));
  BOOST_CHECK_NO_THROW(weir::check_config(config));
}
