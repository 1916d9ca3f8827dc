// Records of an edge as bytes, and again as batches for whoever runs behind it then.
#include "operators/weir.hpp"
#include "serialization/error.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace weir::test::test_routed_wire {

namespace {

std::uint64_t itself(const std::uint64_t& number) {
  return number;
}

auto by_key(const task_context& context) {
  return route_by_key<std::uint64_t, decltype(&itself)>(context.ways.front(), &itself);
}

using keyed_wire = routed_wire<numbers, decltype(&by_key)>;

/// A way to so many tasks.
way_out way_to(std::uint32_t tasks) {
  return {0, tasks, 128};
}

template <class Record>
batch_ref texts_of(const std::vector<Record>& records, event_time first) {
  batch_writer<stream_batch<Record, true>> writer;
  writer.open({});
  for (const Record& each : records)
    writer.push(each, first += std::chrono::milliseconds(1), 0);
  return writer.close();
}

struct greeting {
  text who;
  std::vector<std::uint32_t> numbers;
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_of_an_edge)

BOOST_AUTO_TEST_CASE(records_go_to_the_tasks_of_their_keys_in_order) {
  const keyed_wire wire(&by_key);
  const std::vector<encoded_batch> encoded{wire.encode(*batch_from(0, 1000), 100),
                                           wire.encode(*batch_from(1000, 1024), 0)};
  std::map<out_channel, std::vector<std::uint64_t>> found;
  for (const divided_batch& each : wire.decode(encoded, way_to(3), {}, "f"))
    for (const std::uint64_t value : values_of(each.records))
      found[each.to].push_back(value);
  auto route = by_key(task_context{.ways = {way_to(3)}});
  std::map<out_channel, std::vector<std::uint64_t>> expected;
  for (std::uint64_t value = 100; value < 2024; ++value)
    expected[route(value).channel].push_back(value);
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_CASE(all_may_go_to_one_task) {
  const keyed_wire wire(&by_key);
  const auto parts =
      wire.decode({wire.encode(*batch_from(0, 500), 0)}, way_to(3), out_channel{2}, "f");
  BOOST_REQUIRE(parts.size() == 1U);
  BOOST_TEST(parts[0].to == 2U);
  BOOST_TEST((values_of(parts[0].records) == values_of(batch_from(0, 500))));
}

BOOST_AUTO_TEST_CASE(small_batches_become_large_ones) {
  const keyed_wire wire(&by_key);
  std::vector<encoded_batch> encoded;
  for (std::uint64_t i = 0; i < 1500; ++i)
    encoded.push_back(wire.encode(*batch_of({i}), 0));
  BOOST_TEST(wire.decode(encoded, way_to(1), {}, "f").size() == 2U);
}

BOOST_AUTO_TEST_CASE(texts_and_times_are_kept) {
  using batch_type = stream_batch<greeting, true>;
  const auto in_turn = [](const task_context& context) {
    return route_in_turn(context.ways.front(), 0);
  };
  const auto wire = wire_of<batch_type>(in_turn);
  const std::string longer(100, 'x');
  const event_time noon{std::chrono::hours(12)};
  auto encoded = wire->encode(
      *texts_of<greeting>({{text("a"), {1}}, {text(longer), {2, 3}}}, noon), 1);
  const auto parts = wire->decode({encoded}, way_to(1), {}, "f");
  BOOST_REQUIRE(parts.size() == 1U);
  const auto& batch = static_cast<const batch_type&>(*parts[0].records);
  BOOST_REQUIRE(batch.size() == 1U);
  BOOST_TEST((batch.values()[0].who == longer));
  BOOST_TEST((batch.values()[0].numbers == std::vector<std::uint32_t>{2, 3}));
  BOOST_TEST((batch.times()[0] == noon + std::chrono::milliseconds(2)));
  encoded.times = encode_batch(std::span<const event_time>());
  BOOST_CHECK_THROW(wire->decode({encoded}, way_to(1), {}, "f"), error);
}

BOOST_AUTO_TEST_CASE(other_records_are_refused) {
  const keyed_wire wire(&by_key);
  const std::vector<std::uint32_t> small{1, 2, 3};
  const encoded_batch other{encode_batch(std::span(small)), {}};
  BOOST_CHECK_THROW(wire.decode({other}, way_to(1), {}, "f"), error);
  BOOST_TEST(wire.type() == "u64");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_routed_wire
