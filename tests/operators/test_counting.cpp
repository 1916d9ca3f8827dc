// What tasks count by the block and the batch, and what they hold when something throws.
#include "operators/weir.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_counting {

namespace {

struct fixed {
  std::uint64_t a;
  std::uint32_t b;
};
struct texts {
  std::string name;
  std::optional<std::string> note;
};
struct no_record {
  const char* pointer = "";
  no_record() = default;
};

template <class T>
std::string in_hand_of(const T& value) {
  record_in_hand hand;
  hand.note(value);
  return hand.text();
}

/// Says how many bytes it has moved, and what was no record.
struct device {
  std::uint64_t bytes = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes_moved() const { return bytes; }
  std::uint64_t malformed() const { return refused; }
};

slice_budget plenty() {
  return {1000, slice_budget::clock::time_point::max()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(counting)

BOOST_AUTO_TEST_CASE(bytes_of_records_of_fixed_size) {
  const std::vector<fixed> records(10);
  BOOST_TEST(bytes_of(records.data(), records.size()) == 10 * sizeof(fixed));
  const std::vector<no_record> others(3);
  BOOST_TEST(bytes_of(others.data(), others.size()) == 3 * sizeof(no_record));
}

BOOST_AUTO_TEST_CASE(bytes_of_other_records_are_those_of_a_few) {
  std::vector<std::string> lines(1000, std::string(96, 'x'));
  BOOST_TEST(bytes_of(lines.data(), lines.size()) == 100'000U); // with their lengths
  lines[1] = std::string(100'000, 'x');                         // nobody looks there
  BOOST_TEST(bytes_of(lines.data(), lines.size()) == 100'000U);
  BOOST_TEST(bytes_of(lines.data(), 0) == 0U);
  for (const std::size_t few : {1U, 2U, 3U, 5U})
    BOOST_TEST(bytes_of(lines.data() + 2, few) == few * 100);
}

BOOST_AUTO_TEST_CASE(a_device_counts_its_bytes_or_records_count_as_their_type) {
  task_counters counters;
  moved_rows said(&counters, task_count::rows_written, task_count::bytes_out);
  device disk{1'000'000, 70}; // from before this run
  said.start(disk);
  disk.bytes += 50;
  said.add<fixed>(3, disk);
  disk.bytes += 7;
  disk.refused += 2;
  said.add<fixed>(1, disk);
  BOOST_TEST(counters[task_count::rows_written] == 4U);
  BOOST_TEST(counters[task_count::bytes_out] == 57U);
  BOOST_TEST(counters[task_count::malformed] == 2U);

  moved_rows silent(&counters, task_count::rows_read, task_count::bytes_in);
  silent.add<fixed>(5, fixed{});
  BOOST_TEST(counters[task_count::rows_read] == 5U);
  BOOST_TEST(counters[task_count::bytes_in] == 5 * sizeof(fixed));
}

BOOST_AUTO_TEST_CASE(a_chain_counts_what_its_source_makes_and_its_sink_is_given) {
  job target;
  const auto into = std::make_shared<collected<std::uint64_t>>();
  target.source("n", generate(2500, [](std::uint64_t i, random_stream&) { return i; }))
      .filter([](std::uint64_t n) { return n % 5 != 0; })
      .flat_map<std::uint64_t>([](std::uint64_t n, auto& out) {
        out.emit(n);
        out.emit(n);
      })
      .sink("out", collect(into));
  task_counters counters;
  task_context context;
  context.counters = &counters;
  const auto task = target.graph().chains()[0].make_task(context);
  auto budget = plenty();
  task->start({});
  while (task->poll(budget, {}).what == poll_result::next::more) {
  }
  BOOST_TEST(counters[task_count::rows_read] == 2500U);
  BOOST_TEST(counters[task_count::rows_written] == 4000U);
  BOOST_TEST(counters[task_count::bytes_in] == 2500U * sizeof(std::uint64_t));
  BOOST_TEST(into->all().size() == 4000U);
}

BOOST_AUTO_TEST_CASE(a_record_in_hand_is_one_line_of_bounded_length) {
  BOOST_TEST(record_in_hand().text().empty());
  BOOST_TEST(in_hand_of(fixed{7, 8}) == "7,8");
  BOOST_TEST(in_hand_of(std::string()) == "a record without text");
  BOOST_TEST(in_hand_of(texts{"two\nlines\t\x7F", {}}) == "two lines  ,");
  BOOST_TEST(in_hand_of(std::string(200, 'x')) == std::string(200, 'x'));
  BOOST_TEST(in_hand_of(std::string(201, 'x')) == std::string(200, 'x') + "...");
  const std::string accented = std::string(199, 'x') + "\xC3\xA9";
  BOOST_TEST(in_hand_of(accented) == std::string(199, 'x') + "...");
  BOOST_TEST(in_hand_of(std::vector<int>(100'000, 5)).size() == 203U);
  BOOST_TEST((in_hand_of(no_record()).find("no_record") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(the_newest_note_counts) {
  record_in_hand hand;
  hand.note(std::string(500, 'x'));
  hand.note(5);
  BOOST_TEST(hand.text() == "5");
}

BOOST_AUTO_TEST_CASE(a_task_holds_the_record_that_made_it_throw) {
  job target;
  target.source("n", generate(10, [](std::uint64_t i, random_stream&) { return i; }))
      .rebalance()
      .map([](std::uint64_t n) {
        if (n == 6)
          throw n;
        return n;
      })
      .sink("out", discard());
  const auto task = target.graph().chains()[1].make_task({});
  auto budget = plenty();
  BOOST_TEST(task->process(0, *batch_of({3, 4, 5}), 0, budget) == 3U);
  BOOST_TEST(task->in_hand().empty());
  BOOST_CHECK_THROW(task->process(0, *batch_of({4, 5, 6, 7}), 0, budget), std::uint64_t);
  BOOST_TEST(task->in_hand() == "6");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_counting
