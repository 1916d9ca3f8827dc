#include "operators/weir.hpp"
#include "runtime/testing/harness_snapshot.hpp"
#include "serialization/ordered_key.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_harness_snapshot {

namespace {

using testing::harness_snapshot;

constexpr row_sizes sizes{sizeof(key_group), 1};

/// A source and a keyed chain of any parallelism, and the snapshot of the latter.
struct snapshot_fixture {
  snapshot_fixture() {
    numbers.source("numbers", collection(std::vector<std::uint64_t>{}))
        .key_by(std::identity{})
        .count("counts")
        .sink("out", discard());
  }
  execution_plan plan(std::uint32_t parallelism) const {
    return plan_execution(numbers.graph(), parallelism, 128);
  }
  static const planned_task& counting(const execution_plan& of, std::uint32_t subtask) {
    return of.tasks.at(of.chains[0].parallelism + subtask);
  }

  /// A run of rows whose key is their group.
  void hand_in(const execution_plan& from, std::uint32_t subtask,
               const std::map<key_group, char>& rows, bool whole = false) {
    auto run = std::make_unique<encoded_run>(sizes, 128);
    for (const auto& [group, value] : rows) {
      std::byte* const at = run->part_of(group).append();
      ordered_key<key_group>::encode(group, at);
      at[sizeof group] = static_cast<std::byte>(value);
    }
    if (whole)
      run->set_whole();
    snapshot.add(from,
                 {counting(from, subtask).id, checkpoint_id{1}, std::move(run), {}});
  }

  std::map<key_group, char> rows(const execution_plan& of, std::uint32_t subtask) const {
    encoded_rows read(sizes);
    snapshot.read_rows(of, counting(of, subtask), read);
    std::map<key_group, char> found;
    for (std::size_t row = 0; row < read.rows(); ++row) {
      key_group group = 0;
      ordered_key<key_group>::decode_into(group, read.key(row).data());
      found.emplace(group, static_cast<char>(read.value(row)[0]));
    }
    return found;
  }

  job numbers;
  harness_snapshot snapshot;
};

using row_map = std::map<key_group, char>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(harness_snapshots, snapshot_fixture)

BOOST_AUTO_TEST_CASE(the_latest_run_counts_and_older_rows_stay) {
  const auto one = plan(1);
  hand_in(one, 0, {{1, 'a'}, {2, 'b'}});
  hand_in(one, 0, {{2, 'c'}, {3, 'd'}});
  BOOST_TEST((rows(one, 0) == row_map{{1, 'a'}, {2, 'c'}, {3, 'd'}}));
  BOOST_TEST(snapshot.take_parts() == 2U);
  BOOST_TEST(snapshot.take_parts() == 0U);
}

BOOST_AUTO_TEST_CASE(a_whole_run_replaces_the_rows_of_its_task_only) {
  const auto two = plan(2);
  hand_in(two, 0, {{1, 'a'}, {2, 'b'}});
  hand_in(two, 1, {{100, 'x'}});
  hand_in(two, 0, {{2, 'c'}}, true);
  BOOST_TEST((rows(two, 0) == row_map{{2, 'c'}}));
  BOOST_TEST((rows(two, 1) == row_map{{100, 'x'}}));
}

BOOST_AUTO_TEST_CASE(rows_go_to_the_task_that_owns_their_group) {
  hand_in(plan(1), 0, {{0, 'a'}, {42, 'b'}, {43, 'c'}, {127, 'd'}});
  const auto three = plan(3);
  BOOST_TEST((rows(three, 0) == row_map{{0, 'a'}, {42, 'b'}}));
  BOOST_TEST((rows(three, 1) == row_map{{43, 'c'}}));
  BOOST_TEST((rows(three, 2) == row_map{{127, 'd'}}));
}

BOOST_AUTO_TEST_CASE(what_operators_save_belongs_to_a_task_or_to_all_that_follow) {
  const auto one = plan(1);
  const auto save = [&](std::vector<operator_snapshot> saved) {
    snapshot.add(one, {counting(one, 0).id, checkpoint_id{1}, nullptr, std::move(saved)});
  };
  save({});
  BOOST_TEST(!snapshot.undividable(numbers.graph(), plan(3)));
  bool durable = false;
  save({{"counts", {std::byte{7}}, [&] { durable = true; }}});
  BOOST_TEST(durable);
  const auto again = snapshot.start_of(numbers.graph(), one, counting(one, 0));
  BOOST_TEST((again.saved.at("counts") == std::vector{std::byte{7}}));
  BOOST_TEST(again.before.empty());
  BOOST_TEST((snapshot.undividable(numbers.graph(), plan(3)) == "counts"));
  BOOST_TEST(!snapshot.undividable(numbers.graph(), plan(1)));
  const auto three = plan(3);
  for (const std::uint32_t subtask : {0U, 1U, 2U}) {
    const auto start =
        snapshot.start_of(numbers.graph(), three, counting(three, subtask));
    BOOST_TEST(start.saved.empty());
    BOOST_TEST((*start.before.at("counts") == operator_parts{std::vector{std::byte{7}}}));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_harness_snapshot
