#include "operators/weir.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <ranges>

namespace weir::test::test_range_stage {

namespace {

using values = std::vector<std::uint64_t>;

slice_budget blocks(std::uint32_t count) {
  return {count, slice_budget::clock::time_point::max()};
}

/// 0 .. n-1 of n.
auto up_to(std::uint64_t n) {
  return std::views::iota(std::uint64_t{0}, n);
}

values counted_up_to(std::uint64_t n) {
  values all(n);
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  return all;
}

/// The task behind an exchange of numbers: the steps that `define` adds, into a sink.
struct expanding_task {
  std::shared_ptr<collected<std::uint64_t>> got =
      std::make_shared<collected<std::uint64_t>>();
  job target;
  std::unique_ptr<weir::task> task;

  template <class Define>
  explicit expanding_task(Define define) {
    define(target.source("numbers",
                         generate(1, [](std::uint64_t i, random_stream&) { return i; })))
        .sink("out", collect(got));
    task = target.graph().chains().back().make_task({});
    task->start({});
  }

  std::size_t process(const batch_ref& input, std::size_t from, std::uint32_t count) {
    auto budget = blocks(count);
    return task->process(0, *input, from, budget);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(range_stage_)

BOOST_AUTO_TEST_CASE(the_elements_of_a_range_go_on_as_records) {
  expanding_task expanding([](auto numbers) {
    return numbers.rebalance()
        .map([](std::uint64_t n) { return n + 1; })
        .flat_map(up_to)
        .filter([](std::uint64_t n) { return n != 1; })
        .map([](std::uint64_t n) { return n * 10; });
  });
  BOOST_TEST(expanding.process(batch_of({0, 1, 3}), 0, 10) == 3U);
  BOOST_TEST((expanding.got->all() == values{0, 0, 0, 20, 30}));
}

BOOST_AUTO_TEST_CASE(a_task_stops_in_the_middle_of_a_record) {
  expanding_task expanding(
      [](auto numbers) { return numbers.rebalance().flat_map(up_to); });
  const auto input = batch_of({2, 1000, 2});
  BOOST_TEST(expanding.process(input, 0, 3) == 1U);
  BOOST_TEST(!expanding.task->between_records());
  BOOST_TEST(expanding.got->all().size() == 3 * block_records);
  BOOST_TEST(expanding.process(input, 1, 3) == 3U);
  BOOST_TEST(expanding.task->between_records());
  auto expected = counted_up_to(1000);
  expected.insert(expected.begin(), {0, 1});
  expected.insert(expected.end(), {0, 1});
  BOOST_TEST((expanding.got->all() == expected));
}

BOOST_AUTO_TEST_CASE(no_block_makes_more_of_a_range_in_a_range) {
  expanding_task expanding([](auto numbers) {
    return numbers.rebalance()
        .flat_map(up_to)
        .map([](std::uint64_t n) { return n % 7 == 0 ? 700 : n % 3; })
        .flat_map(up_to);
  });
  values expected;
  for (std::uint64_t n = 0; n < 300; ++n)
    for (const auto each : up_to(n % 7 == 0 ? 700 : n % 3))
      expected.push_back(each);
  const auto input = batch_of({300});
  std::size_t before = 0;
  while (expanding.process(input, 0, 1) == 0) {
    const auto now = expanding.got->all().size();
    BOOST_TEST(now - before <= block_records);
    before = now;
  }
  BOOST_TEST((expanding.got->all() == expected));
}

BOOST_AUTO_TEST_CASE(behind_a_function_that_emits_nothing_is_lost) {
  expanding_task expanding([](auto numbers) {
    return numbers.rebalance()
        .template flat_map<std::uint64_t>([](std::uint64_t n, auto& out) {
          out.emit(n);
          out.emit(2 * n);
        })
        .flat_map(up_to);
  });
  const auto input = batch_of({400});
  while (expanding.process(input, 0, 1) == 0) {
  }
  auto expected = counted_up_to(400);
  const auto more = counted_up_to(800);
  expected.insert(expected.end(), more.begin(), more.end());
  BOOST_TEST((expanding.got->all() == expected));
}

BOOST_AUTO_TEST_CASE(a_fold_counts_a_record_once_however_often_its_range_stops) {
  expanding_task expanding([](auto numbers) {
    return numbers.key_by([](std::uint64_t) { return 0; })
        .count("counts")
        .flat_map([](const counted<int>& c) { return up_to(c.count * 400); });
  });
  const auto input = batch_of({5, 5});
  std::size_t at = 0;
  while (at < 2)
    at = expanding.process(input, at, 1);
  auto expected = counted_up_to(400);
  const auto more = counted_up_to(800);
  expected.insert(expected.end(), more.begin(), more.end());
  BOOST_TEST((expanding.got->all() == expected));
}

BOOST_AUTO_TEST_CASE(a_range_may_look_into_its_record) {
  const auto got = std::make_shared<collected<std::string>>();
  job target;
  target
      .source("lines", collection(std::vector<std::string>{"to be or", "", "not to be"}))
      .map([](const std::string& line) { return line + " that is the question"; })
      .flat_map<std::string>([](const std::string& line) { return split(line); })
      .sink("out", collect(got));
  const auto task = target.graph().chains()[0].make_task({});
  auto budget = blocks(100);
  task->start({});
  BOOST_TEST((task->poll(budget, {}).what == poll_result::next::ended));
  BOOST_TEST(got->all().size() == 18U);
  BOOST_TEST(got->all()[2] == "or");
  BOOST_TEST(got->all()[7] == "that");
}

BOOST_AUTO_TEST_CASE(a_part_of_a_record_is_a_range) {
  struct parcel {
    values items;
  };
  const auto got = std::make_shared<collected<std::uint64_t>>();
  job target;
  target.source("parcels", collection(std::vector<parcel>{{{1, 2}}, {}, {{3}}}))
      .flat_map(&parcel::items)
      .sink("out", collect(got));
  const auto task = target.graph().chains()[0].make_task({});
  auto budget = blocks(100);
  task->start({});
  task->poll(budget, {});
  BOOST_TEST((got->all() == values{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_source_has_not_ended_while_something_is_left_of_its_last_record) {
  expanding_task expanding([](auto numbers) {
    return numbers.flat_map([](std::uint64_t) { return up_to(600); });
  });
  auto budget = blocks(2);
  BOOST_TEST((expanding.task->poll(budget, {}).what == poll_result::next::more));
  BOOST_TEST(!expanding.task->between_records());
  budget = blocks(2);
  BOOST_TEST((expanding.task->poll(budget, {}).what == poll_result::next::ended));
  BOOST_TEST(expanding.task->between_records());
  BOOST_TEST((expanding.got->all() == counted_up_to(600)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_range_stage
