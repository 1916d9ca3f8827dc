// Steps with more than one input or output, and functions that keep something. The docs
// quote them.
#include "tests/examples/results.hpp"
#include "tests/support/named_orders.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(several_streams)

namespace {

using weir::testing::customer;
using weir::testing::order;
using weir::testing::results;
using weir::testing::with_name;
using namespace std::chrono_literals;

using words = std::vector<std::string>;

struct reading {
  std::string sensor;
  double celsius;
  std::int64_t at; // milliseconds since 1970

  auto operator<=>(const reading&) const = default;
};

const std::vector<reading> measured{
    {"hall", 20, 1'000},  {"oven", 180, 1'000}, {"hall", 21, 2'000}, {"oven", 230, 2'000},
    {"oven", 240, 3'000}, {"oven", 250, 4'000}, {"hall", 20, 3'000}};

// What does not parse goes its own way.
constexpr weir::side_output<std::string, "malformed"> malformed;

constexpr weir::side_output<reading, "hot"> hot;

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

struct limit {
  std::string sensor;
  double celsius;
};

/// Judges readings by limits that every task knows; those without one wait for it.
struct judge {
  using output = std::string;
  struct task_state {
    std::map<std::string, double> limits;
    std::vector<reading> waiting;
  };

  void process_first(const reading& r, task_state& known, auto& out) {
    const auto found = known.limits.find(r.sensor);
    if (found == known.limits.end())
      known.waiting.push_back(r);
    else if (r.celsius > found->second)
      out.emit(r.sensor);
  }
  void process_second(const limit& l, task_state& known, auto& out) {
    known.limits[l.sensor] = l.celsius;
    for (const reading& r : std::exchange(known.waiting, {}))
      process_first(r, known, out);
  }
};

/// How long after its first reading a sensor sent each other one.
struct age {
  using output = std::int64_t;
  struct state {
    std::optional<weir::event_time> first;
  };

  void process(const reading&, state& known, auto& out) {
    if (!known.first)
      known.first = out.time();
    out.emit((out.time() - *known.first) / 1s);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(side) {
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        const auto numbers =
            job.source("lines", weir::collection(words{"1", "two", "3"}))
                .flat_map<int>(
                    [](const std::string& line, auto& to) {
                      if (line.find_first_not_of("0123456789") == line.npos)
                        to.emit(std::stoi(line));
                      else
                        to.emit(malformed, line);
                    },
                    malformed);
        numbers.side(malformed).sink("malformed", out);
        numbers.sink("numbers", weir::discard());
      });
  BOOST_TEST((got == words{"two"}));
}

BOOST_AUTO_TEST_CASE(side_of_a_step_that_stands_before_the_timestamps) {
  const auto got =
      results<reading>([](weir::job& job, const weir::collect<reading>& out) {
        const auto readings = job.source("readings", weir::collection(measured))
                                  .flat_map<reading>(
                                      [](const reading& r, auto& to) {
                                        if (r.celsius > 200)
                                          to.emit(hot, r);
                                        else
                                          to.emit(r);
                                      },
                                      hot)
                                  .timestamps(&reading::at, weir::monotonous());
        readings.side(hot).sink("hot", out);
        readings.sink("rest", weir::discard());
      });
  BOOST_TEST((got == std::vector<reading>{measured[3], measured[4], measured[5]}));
}

BOOST_AUTO_TEST_CASE(share) {
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        const auto readings = job.source("readings", weir::collection(measured)).share();
        readings.filter([](const reading& r) { return r.celsius > 200; })
            .map([](const reading& r) { return r.sensor; })
            .sink("hot", out);
        readings.key_by(&reading::sensor).count("counts").sink("n", weir::discard());
      });
  BOOST_TEST((got == words{"oven", "oven", "oven"}));
}

BOOST_AUTO_TEST_CASE(process) {
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        job.source("readings", weir::collection(measured))
            .parallelism(1) // in the order in which they were taken
            .key_by(&reading::sensor)
            .process("alarm", heat_alarm{.limit = 200})
            .sink("out", out);
      });
  BOOST_TEST((got == words{"oven"}));
}

BOOST_AUTO_TEST_CASE(connect) {
  const std::vector<order> orders{{1, "book"}, {2, "lamp"}, {1, "pen"}};
  const std::vector<customer> customers{{1, "Ada"}, {2, "Grace"}};
  const auto got = results<std::string>([&](weir::job& job,
                                            const weir::collect<std::string>& out) {
    job.source("orders", weir::collection(orders))
        .key_by(&order::customer)
        .connect(
            job.source("customers", weir::collection(customers)).key_by(&customer::id))
        .process("with-name", with_name())
        .sink("out", out);
  });
  BOOST_TEST((got == words{"book for Ada", "lamp for Grace", "pen for Ada"}));
}

BOOST_AUTO_TEST_CASE(connect_broadcast) {
  const std::vector<limit> limits{{"oven", 235}, {"hall", 30}};
  const auto got =
      results<std::string>([&](weir::job& job, const weir::collect<std::string>& out) {
        const auto rules = job.source("limits", weir::collection(limits)).parallelism(1);
        job.source("readings", weir::collection(measured))
            .connect(rules.broadcast())
            .process("judge", judge())
            .sink("out", out);
      });
  BOOST_TEST((got == words{"oven", "oven"}));
}

BOOST_AUTO_TEST_CASE(connect_map) {
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        job.source("numbers", weir::collection(std::vector<int>{1, 2}))
            .connect(job.source("words", weir::collection(words{"a"})))
            .map([](int n) { return std::to_string(n); },
                 [](const std::string& word) { return word; })
            .sink("out", out);
      });
  BOOST_TEST((got == words{"1", "2", "a"}));
}

BOOST_AUTO_TEST_CASE(timestamps) {
  const auto got =
      results<std::int64_t>([](weir::job& job, const weir::collect<std::int64_t>& out) {
        job.source("readings", weir::collection(measured))
            .parallelism(1)
            .timestamps(&reading::at, weir::out_of_order(5s))
            .key_by(&reading::sensor)
            .process("age", age())
            .sink("out", out);
      });
  BOOST_TEST((got == std::vector<std::int64_t>{0, 0, 1, 1, 2, 2, 3}));
}

BOOST_AUTO_TEST_CASE(chaining) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.chaining(false);
    job.source("numbers", weir::collection(std::vector<int>{1, 2}))
        .map([](int n) { return n * 10; })
        .sink("out", out);
    BOOST_TEST(job.graph().chains().size() == 2U);
  });
  BOOST_TEST((got == std::vector<int>{10, 20}));
}

BOOST_AUTO_TEST_SUITE_END()
