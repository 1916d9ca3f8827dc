#include "runtime/checkpoint_retention.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_checkpoint_retention {

namespace {

struct retention_row {
  checkpoint_retention policy;
  job_end how;
  bool kept;
};

const retention_row rows[] = {
    {never, job_end::finished, false},
    {never, job_end::cancelled, false},
    {never, job_end::failed, false},
    {on_failure, job_end::finished, false},
    {on_failure, job_end::cancelled, false},
    {on_failure, job_end::failed, true},
    {on_cancellation, job_end::finished, false},
    {on_cancellation, job_end::cancelled, true},
    {on_cancellation, job_end::failed, true},
};

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_retention_at_the_end)

BOOST_AUTO_TEST_CASE(row_by_row) {
  for (const auto& [policy, how, kept] : rows)
    BOOST_TEST(keeps(policy, how) == kept, "policy " << static_cast<int>(policy)
                                                     << ", end "
                                                     << static_cast<int>(how));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_checkpoint_retention
