#include "serialization/error.hpp"
#include "state/sealed_runs.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_sealed_runs {

namespace {

struct runs_fixture {
  void add_row(epoch of) { runs.run_of(of).part_of(0).append(); }
  /// The next run as (epoch, rows); epoch 0 when there is none.
  std::pair<epoch, std::size_t> take() {
    const auto run = runs.take();
    return run ? std::pair(run->of, run->rows->rows())
               : std::pair(epoch{0}, std::size_t{0});
  }

  weir::sealed_runs runs{row_sizes{8, 8}, 128};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sealed_runs, runs_fixture)

BOOST_AUTO_TEST_CASE(runs_leave_complete_and_in_the_order_of_sealing) {
  runs.seal(2, 5);
  runs.seal(3, 5);
  add_row(2);
  add_row(3);
  add_row(3);
  BOOST_TEST((take() == std::pair(epoch{0}, std::size_t{0})));
  runs.complete_oldest();
  BOOST_TEST(runs.encoding().value() == 3U);
  runs.complete_oldest();
  BOOST_TEST(!runs.encoding().has_value());
  BOOST_TEST((take() == std::pair(epoch{2}, std::size_t{1})));
  BOOST_TEST((take() == std::pair(epoch{3}, std::size_t{2})));
}

BOOST_AUTO_TEST_CASE(a_run_with_as_many_rows_as_its_table_is_whole) {
  runs.seal(2, 2);
  runs.seal(3, 2);
  add_row(2);
  add_row(2);
  add_row(3);
  runs.complete_oldest();
  runs.complete_oldest();
  BOOST_TEST(runs.take()->rows->whole());
  BOOST_TEST(!runs.take()->rows->whole());
}

BOOST_AUTO_TEST_CASE(only_a_sealed_and_incomplete_epoch_has_an_open_run) {
  BOOST_CHECK_THROW(add_row(2), error);
  runs.seal(2, 5);
  BOOST_CHECK_THROW(add_row(1), error);
  BOOST_CHECK_THROW(add_row(3), error);
  runs.complete_oldest();
  BOOST_CHECK_THROW(add_row(2), error);
}

BOOST_AUTO_TEST_CASE(epochs_are_sealed_one_after_the_other) {
  runs.seal(2, 5);
  BOOST_CHECK_THROW(runs.seal(4, 5), error);
  BOOST_CHECK_THROW(runs.seal(2, 5), error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_sealed_runs
