// What a test can ask of a harness: inputs, outputs, failures.
#include "serialization/text.hpp"
#include "tests/support/named_orders.hpp"
#include "tests/test_kit/records.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace weir::test::test_harness {

namespace {

using namespace weir::testing;

constexpr side_output<std::string, "malformed"> malformed;
constexpr side_output<std::string, "other"> other;

/// Lets pass what is below a limit that is the same for all.
struct below_limit {
  using output = std::uint64_t;
  struct task_state {
    std::uint64_t limit = 0;
  };

  void process_first(std::uint64_t n, task_state& known, auto& out) {
    if (n < known.limit)
      out.emit(n);
  }
  void process_second(std::uint64_t limit, task_state& known, auto&) {
    known.limit = limit;
  }
};

auto parse(auto lines) {
  return lines.template flat_map<int>(
      [](const std::string& line, auto& out) {
        if (line.find_first_not_of("0123456789") == std::string::npos)
          out.emit(std::stoi(line));
        else
          out.emit(malformed, line);
      },
      malformed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(operator_harness)

BOOST_AUTO_TEST_CASE(take_gives_what_came_since_the_last_time) {
  in_every_mode([](mode how) {
    testing::operator_harness<std::string, std::string> harness(how, [](auto lines) {
      return lines.map([](const std::string& s) { return s; });
    });
    BOOST_TEST(harness.take().empty());
    harness.push({"a", "b"});
    BOOST_TEST((harness.take() == words{"a", "b"}), how);
    BOOST_TEST(harness.take().empty());
    harness.push({"c"});
    harness.push({});
    harness.finish();
    BOOST_TEST((harness.take() == words{"c"}), how);
  });
}

BOOST_AUTO_TEST_CASE(several_operators_with_exchanges_between_them) {
  in_every_mode([](mode how) {
    testing::operator_harness<std::string, std::string> harness(
        how, [](auto lines) { return count_words(lines); });
    harness.push({"to be or not to be"});
    BOOST_TEST(
        (harness.take_sorted() == words{"be 1", "be 2", "not 1", "or 1", "to 1", "to 2"}),
        how);
    harness.push({"be", "to be"});
    // By word: within each of them in the order in which they came.
    const auto word = [](const std::string& s) { return s.substr(0, s.find(' ')); };
    BOOST_TEST((harness.take_sorted(word) == words{"be 3", "be 4", "to 3"}), how);
  });
}

BOOST_AUTO_TEST_CASE(side_outputs_are_taken_by_name) {
  in_every_mode([](mode how) {
    testing::operator_harness<std::string, int> harness(
        how, [](auto lines) { return parse(lines); }, malformed);
    harness.push({"1", "x2", "3", "b", "a"});
    BOOST_TEST((harness.take() == std::vector{1, 3}), how);
    BOOST_TEST((harness.take_sorted(malformed) == words{"a", "b", "x2"}), how);
    harness.push({"y"});
    BOOST_TEST((harness.take(malformed) == words{"y"}), how);
    BOOST_TEST(problem_of([&] { harness.take(other); }) ==
               "the harness was not given the side output 'other'; name it behind the "
               "steps when you make the harness");
  });
}

BOOST_AUTO_TEST_CASE(two_keyed_inputs) {
  in_every_mode([](mode how) {
    two_input_harness<order, customer, std::string> harness(
        how, [](auto orders, auto customers) {
          return orders.key_by(&order::customer)
              .connect(customers.key_by(&customer::id))
              .process("named", with_name());
        });
    harness.push_first({{1, "tea"}, {2, "rum"}, {1, "milk"}});
    BOOST_TEST(harness.take().empty(), how);
    harness.push_second({{1, "Ada"}});
    BOOST_TEST((harness.take() == words{"tea for Ada", "milk for Ada"}), how);
    harness.push_second({{2, "Bob"}});
    harness.push_first({{1, "cake"}});
    BOOST_TEST((harness.take() == words{"rum for Bob", "cake for Ada"}), how);
  });
}

BOOST_AUTO_TEST_CASE(a_broadcast_input) {
  in_modes(all_but_rescale, [](mode how) {
    two_input_harness<std::uint64_t, std::uint64_t, std::uint64_t> harness(
        how, [](auto numbers, auto limits) {
          return numbers.key_by(std::identity{})
              .connect(limits.broadcast())
              .process("below", below_limit());
        });
    harness.push_first({1});
    harness.push_second({5});
    harness.push_first({4, 6, 3});
    BOOST_TEST((harness.take() == numbers_list{4, 3}), how);
  });
}

BOOST_AUTO_TEST_CASE(texts_outlive_the_batches_they_came_in) {
  in_every_mode([](mode how) {
    testing::operator_harness<text, text> harness(how, [](auto lines) {
      return lines.key_by(std::identity{}).count("n").map([](const counted<text>& c) {
        return c.key;
      });
    });
    const std::string long_one(100, 'x');
    harness.push({text(long_one), text("short")});
    harness.push({text(long_one)});
    const auto taken = harness.take();
    BOOST_TEST_REQUIRE(taken.size() == 3);
    BOOST_TEST((taken[0] == text(long_one) && taken[2] == text(long_one)), how);
  });
}

BOOST_AUTO_TEST_CASE(what_the_users_code_throws_comes_with_operator_and_record) {
  in_every_mode([](mode how) {
    testing::operator_harness<reading, double> harness(how, [](auto readings) {
      return readings.key_by(&reading::sensor)
          .sum("sums", &reading::celsius)
          .map([](const folded<std::string, double>& sum) {
            if (sum.value > 100)
              throw std::range_error("too hot");
            return sum.value;
          });
    });
    harness.push({{"oven", 90}});
    const std::string problem = problem_of([&] { harness.push({{"oven", 20}}); });
    BOOST_TEST(problem.starts_with("operator 'sums', subtask "), how);
    BOOST_TEST(problem.ends_with(": too hot (while processing: oven,20)"), problem);
    BOOST_TEST(problem_of([&] {
                 harness.push({{"hall", 1}});
               }) == "the harness has failed before; make a new one");
    BOOST_TEST((harness.take() == std::vector{90.0}), how);
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_pushed_behind_the_end) {
  testing::operator_harness<int, int> harness(
      mode::whole_batch, [](auto n) { return n.map([](int i) { return i; }); });
  harness.finish();
  BOOST_TEST(problem_of([&] { harness.push({1}); }) ==
             "the harness has been finished; push before finish(), or make a new one");
}

BOOST_AUTO_TEST_CASE(steps_on_the_input_run_in_one_task) {
  const auto on_two_tasks = [] {
    testing::operator_harness<int, int> harness(mode::whole_batch, [](auto numbers) {
      return numbers.map([](int i) { return i; }).parallelism(2);
    });
  };
  BOOST_TEST(problem_of(on_two_tasks) ==
             "what is pushed into 'harness.input' goes to one task, in order, and the "
             "steps behind it ask for .parallelism(2); leave it out, or let an exchange "
             "such as .rebalance() come before");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_harness
