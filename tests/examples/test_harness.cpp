// How users test their steps with the test kit. docs/testing.md quotes it.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"
#include "tests/support/named_orders.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(harness)

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

using words = std::vector<std::string>;

struct reading {
  std::string sensor;
  double celsius;
  std::int64_t at; // milliseconds since 1970
};

/// Says when a sensor has been hot for three readings.
struct heat_alarm {
  using output = std::string;
  struct state {
    std::uint32_t hot_readings = 0;
  };

  double limit;

  void process(const reading& r, state& known, auto& out) {
    known.hot_readings = r.celsius > limit ? known.hot_readings + 1 : 0;
    if (known.hot_readings == 3)
      out.emit(r.sensor);
  }
};

struct line_numbers {
  using output = std::string;
  struct task_state {
    std::uint64_t lines = 0;
  };

  void process(const std::string& line, task_state& known, auto& out) {
    out.emit(std::to_string(++known.lines) + " " + line);
  }
};

constexpr weir::side_output<std::string, "malformed"> malformed;
constexpr weir::side_output<reading, "late"> late;

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

BOOST_AUTO_TEST_CASE(a_function_with_state) {
  in_every_mode([](mode how) {
    operator_harness<reading, std::string> alarm(how, [](auto readings) {
      return readings.key_by(&reading::sensor).process("alarm", heat_alarm{.limit = 200});
    });
    alarm.push({{"oven", 230, 1'000}, {"hall", 20, 1'000}, {"oven", 240, 2'000}});
    BOOST_TEST(alarm.take().empty(), how);
    alarm.push({{"oven", 250, 3'000}});
    BOOST_TEST((alarm.take() == words{"oven"}), how);
  });
}

BOOST_AUTO_TEST_CASE(a_state_of_each_task) {
  in_modes(all_but_rescale, [](mode how) {
    operator_harness<std::string, std::string> numbered(how, [](auto lines) {
      return lines.rebalance().process("numbered", line_numbers());
    });
    numbered.push({"a", "b"});
    BOOST_TEST((numbered.take() == words{"1 a", "2 b"}), how);
  });
}

BOOST_AUTO_TEST_CASE(records_of_several_keys) {
  using count = weir::counted<std::string>;
  in_every_mode([](mode how) {
    operator_harness<std::string, count> counts(how, [](auto lines) {
      return lines
          .template flat_map<std::string>(
              [](const std::string& line) { return weir::split(line); })
          .key_by(std::identity{})
          .count("counts");
    });
    counts.push({"to be or", "not to be"});
    words counted;
    for (const count& each : counts.take_sorted(&count::key))
      counted.push_back(each.key + " " + std::to_string(each.count));
    BOOST_TEST((counted == words{"be 1", "be 2", "not 1", "or 1", "to 1", "to 2"}), how);
  });
}

BOOST_AUTO_TEST_CASE(side_outputs) {
  in_every_mode([](mode how) {
    operator_harness<std::string, int> numbers(
        how, [](auto lines) { return parse(lines); }, malformed);
    numbers.push({"1", "x", "3"});
    BOOST_TEST((numbers.take() == std::vector{1, 3}), how);
    BOOST_TEST((numbers.take(malformed) == words{"x"}), how);

    BOOST_CHECK_EXCEPTION(
        numbers.push({"99999999999"}), weir::error, [](const weir::error& problem) {
          return std::string(problem.what()) == "operator 'harness.input', subtask 0: "
                                                "stoi (while processing: 99999999999)";
        });
  });
}

BOOST_AUTO_TEST_CASE(two_inputs) {
  in_every_mode([](mode how) {
    two_input_harness<order, customer, std::string> named(
        how, [](auto orders, auto customers) {
          return orders.key_by(&order::customer)
              .connect(customers.key_by(&customer::id))
              .process("named", with_name());
        });
    named.push_first({{1, "tea"}, {2, "rum"}});
    named.push_second({{1, "Ada"}});
    BOOST_TEST((named.take() == words{"tea for Ada"}), how);
  });
}

BOOST_AUTO_TEST_CASE(times_of_the_records) {
  in_every_mode([](mode how) {
    operator_harness<reading, std::string> on_time(
        how,
        [](auto readings) {
          return readings.timestamps(&reading::at, weir::out_of_order(5s))
              .on_time(late)
              .map(&reading::sensor);
        },
        late);
    on_time.push({{"oven", 230, 20'000}, {"hall", 20, 12'000}});
    on_time.push({{"yard", 8, 14'000}});
    BOOST_TEST((on_time.take() == words{"oven", "hall"}), how);
    BOOST_TEST(on_time.take(late).size() == 1U, how);
  });
}

BOOST_AUTO_TEST_CASE(times_by_hand) {
  in_every_mode([](mode how) {
    operator_harness<timed<std::string>, std::string> on_time(
        how, [](auto lines) { return lines.on_time(); });
    on_time.push({{"early", at(3s)}});
    on_time.watermark(at(5s));
    on_time.push({{"late", at(4s)}, {"right", at(6s)}});
    BOOST_TEST((on_time.take() == words{"early", "right"}), how);
  });
}

BOOST_AUTO_TEST_SUITE_END()
