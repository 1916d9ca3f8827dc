// What a failure in a job's own code says: where, what, and about which record.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <ranges>

namespace weir::testing::test_failure {

namespace {

struct click {
  std::uint64_t user;
  std::string page;
};

constexpr std::uint64_t clicks = 5000;

click make_click(std::uint64_t index, random_stream&) {
  return {index, "page " + std::to_string(index % 7)};
}

/// Passes records on, but not that of user 1234.
click refuse_1234(const click& c) {
  if (c.user == 1234)
    throw std::runtime_error("no such user");
  return c;
}

std::string failure_of(const std::function<void(job&)>& define) {
  try {
    run(define);
  } catch (const error& problem) {
    BOOST_TEST((problem.kind() == failure::job_failed));
    return problem.what();
  }
  return "it did not fail";
}

} // namespace

BOOST_AUTO_TEST_SUITE(failures_in_user_code)

BOOST_AUTO_TEST_CASE(in_the_chain_of_a_source) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .map(refuse_1234)
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'clicks', subtask 0: no such user "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(behind_an_exchange) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .parallelism(2)
        .rebalance()
        .name("checked")
        .map(refuse_1234)
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'checked', subtask 0: no such user "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(in_the_middle_of_a_range_the_record_that_it_was_made_of) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(3, make_click))
        .flat_map([](const click&) { return std::views::iota(0, 10'000); })
        .map([](int n) { return n < 5000 ? n : throw std::runtime_error("too many"); })
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'clicks', subtask 0: too many "
                     "(while processing: 0,page 0)");
}

BOOST_AUTO_TEST_CASE(in_a_keyed_fold) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .key_by([](const click& c) { return c.user % 10; })
        .reduce("totals",
                [](const click& so_far, const click& c) {
                  return refuse_1234({c.user, so_far.page});
                })
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'totals', subtask 0: no such user "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(behind_a_keyed_fold_the_record_that_the_task_was_given) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .key_by(&click::user)
        .count("counts")
        .map([](const counted<std::uint64_t>& c) {
          if (c.key == 1234)
            throw std::runtime_error("no such user");
          return c.count;
        })
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'counts', subtask 0: no such user "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(in_a_route_out_of_the_chain) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .key_by([](const click& c) { return refuse_1234(c).user; })
        .count("counts")
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'clicks', subtask 0: no such user "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_holds_nothing) {
  const std::string said = failure_of([](job& job) {
    const auto make = [](std::uint64_t, random_stream&) -> std::uint64_t {
      throw std::runtime_error("the well is dry");
    };
    job.source("clicks", generate(1, make)).sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'clicks', subtask 0: the well is dry");
}

BOOST_AUTO_TEST_CASE(what_is_thrown_need_not_be_an_exception) {
  const std::string said = failure_of([](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .map([](const click& c) {
          if (c.user == 1234)
            throw 42;
          return c;
        })
        .sink("nowhere", discard());
  });
  BOOST_TEST(said == "operator 'clicks', subtask 0: something of type 'int' was thrown, "
                     "which says nothing; throw a std::exception with a message "
                     "(while processing: 1234,page 2)");
}

BOOST_AUTO_TEST_CASE(a_long_record_is_cut) {
  const std::string said = failure_of([](job& job) {
    const auto make = [](std::uint64_t, random_stream&) {
      return std::string(10'000, 'x');
    };
    job.source("lines", generate(1, make))
        .map([](const std::string& line) -> std::string {
          throw std::runtime_error("too long: " + std::to_string(line.size()));
        })
        .sink("nowhere", discard());
  });
  BOOST_TEST(said.size() < 300U);
  BOOST_TEST(said.ends_with("xxx...)"), said);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Sees a run to its end, from beside it.
struct watcher : job_observer {
  std::function<job_figures()> look;
  job_report last;
  int ends = 0;

  void watchable(const std::function<job_figures()>& function) override {
    look = function;
  }
  void ended(const job_report& report) override {
    last = report;
    ++ends;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(figures_of_a_run)

BOOST_AUTO_TEST_CASE(a_report_says_what_was_read_and_written) {
  watcher seen;
  const job_report report = run(
      [](job& job) {
        job.source("clicks", generate(clicks, make_click))
            .filter([](const click& c) { return c.user % 10 != 0; })
            .key_by(&click::user)
            .count("counts")
            .sink("nowhere", discard());
      },
      {.parallelism = 2, .observer = &seen});
  BOOST_TEST(report.figures.rows_read == clicks);
  BOOST_TEST(report.figures.rows_written == clicks * 9 / 10);
  BOOST_TEST_REQUIRE(report.figures.operators.size() == 2U);
  const operator_figures& source = report.figures.operators[0];
  const operator_figures& counts = report.figures.operators[1];
  BOOST_TEST(source.name == "clicks");
  BOOST_TEST(source.parallelism == 2U);
  BOOST_TEST(source.records_in == clicks);
  BOOST_TEST(source.records_out == clicks * 9 / 10);
  BOOST_TEST(counts.records_in == clicks * 9 / 10);
  BOOST_TEST(counts.bytes_in == source.bytes_out);
  BOOST_TEST(counts.records_out == report.figures.rows_written);
  BOOST_TEST((counts.busy > counts.busy.zero()));
  BOOST_TEST(report.restarts() == 0U);

  BOOST_TEST(seen.ends == 1);
  BOOST_TEST(seen.last.job_id == report.job_id);
  BOOST_TEST(seen.look().rows_read == clicks); // even now
}

BOOST_AUTO_TEST_CASE(who_watches_sees_the_report_of_a_job_that_failed) {
  watcher seen;
  run_options options;
  options.observer = &seen;
  const auto failing = [](job& job) {
    job.source("clicks", generate(clicks, make_click))
        .rebalance()
        .map(refuse_1234)
        .sink("nowhere", discard());
  };
  BOOST_CHECK_THROW(run(failing, options), error);
  BOOST_TEST(seen.ends == 1);
  BOOST_TEST((seen.last.failure.find("no such user") != std::string::npos));
  BOOST_TEST(!seen.last.cancelled);
  BOOST_TEST(seen.last.figures.rows_read > 1234U);
}

BOOST_AUTO_TEST_CASE(what_a_restart_does_again_counts_once) {
  const temporary_directory place;
  std::atomic<bool> failing = true;
  run_options options{
      .settings = {{"execution.checkpointing.interval", "10ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"restart-strategy.fixed-delay.attempts", "1"},
                   {"restart-strategy.fixed-delay.delay", "0"}},
  };
  const job_report report = run(
      [&failing](job& job) {
        job.source("clicks", generate(20'000, make_click).records_per_second(100'000))
            .key_by(&click::user)
            .count("counts")
            .map([&failing](const counted<std::uint64_t>& c) {
              if (c.key == 15'000 && failing.exchange(false))
                throw std::runtime_error("this failure was asked for");
              return c.count;
            })
            .sink("nowhere", discard());
      },
      options);
  BOOST_TEST(report.restarts() == 1U);
  BOOST_TEST(report.figures.rows_read == 20'000U);
  BOOST_TEST(report.figures.rows_written == 20'000U);
  BOOST_TEST(report.figures.operators[1].records_in == 20'000U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_failure
