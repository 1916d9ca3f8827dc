#include "operators/batch.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_batch {

namespace {

class mortal final : public batch_base {
public:
  explicit mortal(int& dead) : dead_(dead) {}
  ~mortal() override { ++dead_; }
  std::size_t bytes() const override { return 0; }
  void clear() noexcept override {}

private:
  int& dead_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(a_batch_keeps_values_in_order_until_it_is_cleared) {
  const batch_ref ref = batch_of({5, 6});
  BOOST_TEST((values_of(ref) == std::vector<std::uint64_t>{5, 6}));
  ref->clear();
  BOOST_TEST(ref->empty());
}

BOOST_AUTO_TEST_CASE(a_writer_says_when_its_batch_is_full_and_gives_it_away) {
  batch_writer<numbers> writer;
  writer.open({});
  BOOST_TEST(writer.empty());
  for (std::uint64_t value = 1; value < batch_records; ++value)
    BOOST_REQUIRE(!writer.push(value, no_time(), hash_of(value)));
  BOOST_TEST(writer.push(batch_records, no_time(), 0));
  const batch_ref full = writer.close();
  BOOST_TEST((values_of(full) == values_of(batch_from(1, batch_records))));
}

BOOST_AUTO_TEST_CASE(a_writer_fills_a_recycled_batch_from_its_beginning) {
  batch_ref used = batch_of({1, 2, 3});
  const batch_base* const same = &*used;
  used->clear();
  batch_writer<numbers> writer;
  writer.open(std::move(used));
  writer.push(7, no_time(), 0);
  BOOST_TEST(!writer.empty());
  const batch_ref closed = writer.close();
  BOOST_TEST(&*closed == same);
  BOOST_TEST((values_of(closed) == std::vector<std::uint64_t>{7}));
}

BOOST_AUTO_TEST_CASE(hashes_that_are_dear_travel_with_their_records) {
  using key = std::array<std::uint64_t, 3>;
  using batch_type = keyed_batch<std::uint64_t, key, false>;
  batch_writer<batch_type> writer;
  writer.open({});
  writer.push(7, no_time(), hash_of(key{7}));
  writer.push(8, no_time(), hash_of(key{8}));
  const batch_ref closed = writer.close();
  const auto& hashed = static_cast<const batch_type&>(*closed);
  BOOST_TEST(hashed.hashes()[0] == hash_of(key{7}));
  BOOST_TEST(hashed.hashes()[1] == hash_of(key{8}));
  BOOST_TEST((values_of(closed) == std::vector<std::uint64_t>{7, 8}));
}

BOOST_AUTO_TEST_CASE(times_travel_with_their_records) {
  using batch_type = keyed_batch<std::uint64_t, std::string, true>;
  const event_time noon{std::chrono::hours(12)};
  batch_writer<batch_type> writer;
  writer.open({});
  writer.push(7, noon, 70);
  writer.push(8, noon + std::chrono::seconds(1), 80);
  const batch_ref closed = writer.close();
  const auto& timed = static_cast<const batch_type&>(*closed);
  BOOST_TEST((timed.times()[0] == noon));
  BOOST_TEST((timed.times()[1] == noon + std::chrono::seconds(1)));
  BOOST_TEST(timed.hashes()[1] == 80U);
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

} // namespace weir::test::test_batch
