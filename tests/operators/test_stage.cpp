#include "operators/io/collect.hpp"
#include "operators/io/generate.hpp"
#include "operators/job.hpp"
#include "serialization/text.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace weir::test::test_stage {

namespace {

enum class colour : std::uint8_t { red, blue = 7 };
struct inner {
  std::int32_t a;
  bool b;
};
struct record {
  std::uint64_t id;
  inner nested;
  std::array<std::uint8_t, 3> bytes;
  colour how;
};

template <class T>
std::string text(const T& value) {
  std::string out;
  append_text(out, value);
  return out;
}

auto counting(job& target, std::uint64_t records) {
  return target.source(
      "numbers", generate(records, [](std::uint64_t i, random_stream&) { return i; }));
}

slice_budget blocks(std::uint32_t count) {
  return {count, slice_budget::clock::time_point::max()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(stage)

BOOST_AUTO_TEST_CASE(fused_steps_apply_in_the_order_they_were_written) {
  const auto got = std::make_shared<collected<std::string>>();
  job target;
  counting(target, 6)
      .map([](std::uint64_t n) { return n + 1; })
      .filter([](std::uint64_t n) { return n % 2 == 0; })
      .map([](std::uint64_t n) { return std::to_string(n * 10); })
      .sink("out", collect(got));
  const auto task = target.graph().chains()[0].make_task({});
  auto budget = blocks(10);
  task->start({});
  BOOST_TEST((task->poll(budget, {}).what == poll_result::next::ended));
  BOOST_TEST((got->all() == std::vector<std::string>{"20", "40", "60"}));
}

BOOST_AUTO_TEST_CASE(a_flat_map_makes_any_number_of_records_of_one) {
  const auto got = std::make_shared<collected<std::string>>();
  job target;
  counting(target, 4)
      .flat_map<std::uint64_t>([](std::uint64_t n, auto& out) {
        for (std::uint64_t i = 0; i < n; ++i)
          out.emit(n * 10 + i);
      })
      .filter([](std::uint64_t n) { return n != 20; })
      .map([](std::uint64_t n) { return std::to_string(n); })
      .sink("out", collect(got));
  const auto task = target.graph().chains()[0].make_task({});
  auto budget = blocks(10);
  task->start({});
  task->poll(budget, {});
  BOOST_TEST((got->all() == std::vector<std::string>{"10", "21", "30", "31", "32"}));
}

BOOST_AUTO_TEST_CASE(folds_emit_what_the_records_of_a_key_came_to_so_far) {
  using pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  const auto outputs = [](auto fold) {
    const auto got = std::make_shared<collected<folded<std::uint64_t, std::uint64_t>>>();
    job target;
    fold(counting(target, 9).key_by([](std::uint64_t n) {
      return n % 2;
    })).sink("out", collect(got));
    const auto task = target.graph().chains()[1].make_task({});
    auto budget = blocks(10);
    task->start({});
    task->process(0, *batch_of({5, 4, 7, 3, 8}), 0, budget);
    pairs flat;
    for (const auto& each : got->all())
      flat.emplace_back(each.key, each.value);
    return flat;
  };
  const auto itself = [](std::uint64_t n) { return n; };
  BOOST_TEST((outputs([&](auto s) { return s.sum("f", itself); }) ==
              pairs{{1, 5}, {0, 4}, {1, 12}, {1, 15}, {0, 12}}));
  BOOST_TEST((outputs([&](auto s) { return s.min("f", itself); }) ==
              pairs{{1, 5}, {0, 4}, {1, 5}, {1, 3}, {0, 4}}));
  BOOST_TEST((outputs([&](auto s) { return s.max("f", itself); }) ==
              pairs{{1, 5}, {0, 4}, {1, 7}, {1, 7}, {0, 8}}));
}

BOOST_AUTO_TEST_CASE(a_sum_of_small_numbers_does_not_overflow) {
  const auto got = std::make_shared<collected<folded<bool, std::int64_t>>>();
  job target;
  counting(target, 1)
      .key_by([](std::uint64_t) { return true; })
      .sum("sum", [](std::uint64_t n) { return static_cast<std::int8_t>(n); })
      .sink("out", collect(got));
  const auto task = target.graph().chains()[1].make_task({});
  auto budget = blocks(10);
  task->start({});
  task->process(0, *batch_of({100, 100}), 0, budget);
  BOOST_TEST(got->all().back().value == 200);
}

BOOST_AUTO_TEST_CASE(a_poll_stops_when_its_budget_is_spent) {
  const auto got = std::make_shared<collected<std::uint64_t>>();
  job target;
  counting(target, 10'000).sink("out", collect(got));
  const auto task = target.graph().chains()[0].make_task({});
  auto budget = blocks(3);
  task->start({});
  BOOST_TEST((task->poll(budget, {}).what == poll_result::next::more));
  BOOST_TEST(got->all().size() == 3 * block_records);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slice_budget_)

BOOST_AUTO_TEST_CASE(the_last_block_spends_the_budget) {
  auto budget = blocks(3);
  BOOST_TEST(!budget.spent());
  BOOST_TEST(!budget.spent());
  BOOST_TEST(budget.spent());
  BOOST_TEST(budget.spent());
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_spends_it_at_once) {
  slice_budget late(1000, slice_budget::clock::time_point::min());
  BOOST_TEST(late.spent());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text_)

BOOST_AUTO_TEST_CASE(scalars_are_written_for_people) {
  BOOST_TEST(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(text(std::int8_t{-5}) == "-5");
  BOOST_TEST(text(std::uint8_t{65}) == "65");
  BOOST_TEST(text('A') == "A");
  BOOST_TEST(text(true) + text(false) == "truefalse");
  BOOST_TEST(text(colour::blue) == "7");
  BOOST_TEST(text(0.1) == "0.1");
}

BOOST_AUTO_TEST_CASE(fields_and_elements_stand_between_commas) {
  BOOST_TEST(text(record{9, {-1, true}, {1, 2, 3}, colour::red}) == "9,-1,true,1,2,3,0");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_stage
