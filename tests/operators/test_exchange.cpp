#include "operators/exchange.hpp"
#include "operators/weir.hpp"
#include "serialization/error.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

namespace weir::test::test_exchange {

namespace {

/// Keeps what is shipped, and gives back what a test puts there.
class recording_outbox final : public outbox {
public:
  void ship(out_channel to, batch_ref filled) override {
    shipped[to].push_back(std::move(filled));
  }
  batch_ref recycled(out_channel from) override {
    batch_ref empty = std::move(empties[from]);
    empties[from] = {};
    return empty;
  }
  bool congested() const noexcept override { return full; }

  std::vector<std::uint64_t> values(out_channel channel) {
    std::vector<std::uint64_t> all;
    for (const batch_ref& each : shipped[channel])
      for (const std::uint64_t value : values_of(each))
        all.push_back(value);
    return all;
  }

  std::map<out_channel, std::vector<batch_ref>> shipped;
  std::map<out_channel, batch_ref> empties;
  bool full = false;
};

/// Two channels lead elsewhere before those of the exchange.
constexpr way_out way{.first = 2, .channels = 3, .max_parallelism = 128};

struct exchange_fixture {
  template <class Exchange>
  void emit(Exchange& exchange, std::uint64_t first, std::uint64_t count) {
    exchange.in_block([&](auto write) {
      for (std::uint64_t value = first; value < first + count; ++value)
        write(value, no_time());
      return 0;
    });
  }
  template <class Route>
  auto routed(Route route) {
    return routed_exchange<numbers, Route>(out, way, std::move(route));
  }

  task_context context() {
    task_context made;
    made.outbox = &out;
    made.ways = {way};
    return made;
  }

  recording_outbox out;
};

/// 0, 1, 2 and so on, as many as fill `batches`.
std::vector<std::uint64_t> values_of_all(std::size_t batches) {
  std::vector<std::uint64_t> all(batches * batch_records);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::uint64_t itself(const std::uint64_t& number) {
  return number;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(exchange, exchange_fixture)

BOOST_AUTO_TEST_CASE(records_in_turn_are_spread_evenly) {
  for (std::uint32_t subtask = 0; subtask < 4; ++subtask) {
    out.shipped.clear();
    auto exchange = routed(route_in_turn(way, subtask));
    emit(exchange, 0, 6);
    exchange.close_batches();
    for (std::uint32_t i = 0; i < 3; ++i) // each begins where another does not
      BOOST_TEST(
          (out.values(2 + (subtask + i) % 3) == std::vector<std::uint64_t>{i, i + 3}));
  }
}

BOOST_AUTO_TEST_CASE(records_by_chance_reach_every_channel) {
  auto exchange = routed(route_by_chance(way, 1));
  emit(exchange, 0, 3000);
  exchange.close_batches();
  std::set<std::uint64_t> all;
  for (out_channel channel = 2; channel < 5; ++channel) {
    const auto values = out.values(channel);
    BOOST_TEST(values.size() > 800U);
    all.insert(values.begin(), values.end());
  }
  BOOST_TEST(all.size() == 3000U);
}

BOOST_AUTO_TEST_CASE(a_global_stream_goes_to_the_first) {
  auto exchange = routed(route_to_first());
  emit(exchange, 0, 10);
  exchange.close_batches();
  BOOST_TEST(out.values(2).size() == 10U);
  BOOST_TEST(out.shipped.size() == 1U);
}

BOOST_AUTO_TEST_CASE(records_of_a_key_go_to_the_owner_of_its_group) {
  auto exchange = routed(route_by_key<std::uint64_t, decltype(&itself)>(way, itself));
  emit(exchange, 0, 1000);
  exchange.close_batches();
  std::size_t all = 0;
  for (std::uint32_t subtask = 0; subtask < 3; ++subtask)
    for (const std::uint64_t value : out.values(2 + subtask)) {
      BOOST_TEST(subtask_of(key_group_of(hash_of(value), 128), 3, 128) == subtask);
      ++all;
    }
  BOOST_TEST(all == 1000U);
}

BOOST_AUTO_TEST_CASE(a_function_may_choose_but_only_among_those_there_are) {
  const auto choose = [](std::uint64_t n, std::uint32_t partitions) {
    BOOST_TEST(partitions == 3U);
    return static_cast<std::uint32_t>(n);
  };
  auto exchange = routed(route_by_function<std::uint64_t, decltype(choose)>(way, choose));
  emit(exchange, 0, 3);
  exchange.close_batches();
  for (std::uint32_t i = 0; i < 3; ++i)
    BOOST_TEST((out.values(2 + i) == std::vector<std::uint64_t>{i}));
  BOOST_CHECK_EXCEPTION(emit(exchange, std::stoull("3"), 1), error, [](const error& e) {
    return std::string(e.what()).find("chose partition 3 of 3") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_full_batch_leaves_at_once_and_the_rest_when_told) {
  auto exchange = routed(route_to_first());
  emit(exchange, 0, batch_records + 5);
  BOOST_TEST(out.values(2).size() == batch_records);
  exchange.close_batches();
  exchange.close_batches(); // nothing is left to leave
  BOOST_TEST(out.shipped[2].size() == 2U);
  BOOST_TEST(out.values(2).size() == batch_records + 5);
}

BOOST_AUTO_TEST_CASE(a_batch_that_came_back_is_written_again) {
  batch_ref empty = batch_of({1});
  empty->clear();
  const batch_base* const same = &*empty;
  out.empties[2] = std::move(empty);
  auto exchange = routed(route_to_first());
  emit(exchange, 0, batch_records + 1);
  exchange.close_batches();
  BOOST_TEST(&*out.shipped[2].back() == same);
}

BOOST_AUTO_TEST_CASE(a_broadcast_batch_is_shared_by_all_channels) {
  auto exchange = copying_exchange<numbers>::to_all_tasks(context());
  emit(exchange, 0, 3);
  exchange.close_batches();
  const batch_base* const shared = &*out.shipped[2].front();
  for (out_channel channel = 2; channel < 5; ++channel) {
    BOOST_TEST((out.values(channel) == std::vector<std::uint64_t>{0, 1, 2}));
    BOOST_TEST(&*out.shipped[channel].front() == shared);
  }
  BOOST_TEST(!out.shipped[2].front().unique());
}

BOOST_AUTO_TEST_CASE(a_shared_batch_goes_to_one_task_of_every_consumer) {
  task_context second = context();
  second.subtask = 1;
  second.ways = {{.first = 0, .channels = 1},
                 {.first = 1, .channels = 2},
                 {.first = 3, .channels = 1, .output = 1}}; // a side output, no consumer
  auto exchange = copying_exchange<numbers>::to_each_chain(second);
  emit(exchange, 0, 3 * batch_records);
  exchange.close_batches();
  BOOST_TEST(out.shipped[0].size() == 3U);
  BOOST_TEST(out.shipped[1].size() == 1U);
  BOOST_TEST(out.shipped[2].size() == 2U);
  BOOST_TEST(!out.shipped.contains(3));
  BOOST_TEST(&*out.shipped[0][0] == &*out.shipped[2][0]);
  BOOST_TEST((out.values(0) == values_of_all(3)));
}

BOOST_AUTO_TEST_CASE(a_congested_outbox_congests_the_exchange) {
  auto exchange = routed(route_to_first());
  BOOST_TEST(!exchange.congested());
  out.full = true;
  BOOST_TEST(exchange.congested());
  BOOST_TEST(copying_exchange<numbers>::to_all_tasks(context()).congested());
}

BOOST_AUTO_TEST_CASE(an_expanding_step_stops_behind_the_record_that_filled_the_outbox) {
  job target;
  target.source("n", generate(10, [](std::uint64_t i, random_stream&) { return i; }))
      .rebalance()
      .flat_map<std::uint64_t>([this](std::uint64_t n, auto& to) {
        to.emit(n);
        out.full = n == 6;
      })
      .rebalance()
      .sink("out", discard());
  task_context context;
  context.ways = {way};
  context.outbox = &out;
  const auto task = target.graph().chains()[1].make_task(context);
  slice_budget budget(10, slice_budget::clock::time_point::max());
  BOOST_TEST(task->process(0, *batch_of({4, 5, 6, 7, 8}), 0, budget) == 3U);
  out.full = false;
  BOOST_TEST(task->process(0, *batch_of({4, 5, 6, 7, 8}), 3, budget) == 5U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_exchange
