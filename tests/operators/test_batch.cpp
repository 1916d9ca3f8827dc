#include "operators/batch.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test {

namespace {

class mortal final : public batch_base {
public:
  explicit mortal(int& dead) : dead_(dead) {}
  ~mortal() override { ++dead_; }
  void clear() noexcept override {}

private:
  int& dead_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(a_batch_keeps_values_and_hashes_in_order_until_it_is_cleared) {
  const batch_ref ref = batch_of({5, 6});
  BOOST_TEST((values_of(ref) == std::vector<std::uint64_t>{5, 6}));
  BOOST_TEST(static_cast<numbers&>(*ref).hashes()[1] == hash_of(std::uint64_t{6}));
  ref->clear();
  BOOST_TEST(ref->empty());
}

BOOST_AUTO_TEST_CASE(a_batch_is_full_at_its_size) {
  const batch_ref ref = batch_from(0, batch_records - 1);
  auto& typed = static_cast<numbers&>(*ref);
  BOOST_TEST(!typed.full());
  typed.push(0, 0);
  BOOST_TEST(typed.full());
}

BOOST_AUTO_TEST_CASE(the_last_owner_takes_the_batch_with_it) {
  int dead = 0;
  {
    batch_ref first(std::make_unique<mortal>(dead));
    batch_ref second = first;
    first = {};
    BOOST_TEST(dead == 0);
    BOOST_TEST(static_cast<bool>(second));
  }
  BOOST_TEST(dead == 1);
}

BOOST_AUTO_TEST_CASE(a_batch_is_unique_while_it_has_one_owner) {
  batch_ref first = batch_of({1});
  BOOST_TEST(first.unique());
  {
    const batch_ref second = first;
    BOOST_TEST(!first.unique());
  }
  BOOST_TEST(first.unique());
  const batch_ref moved = std::move(first);
  BOOST_TEST(moved.unique());
}

BOOST_AUTO_TEST_CASE(a_ref_survives_assignment_to_itself) {
  batch_ref ref = batch_of({1});
  const batch_ref& same = ref;
  ref = same;
  BOOST_TEST(ref.unique());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test
