// That each mode of the test kit does what it says, shown with steps that a mode must
// find wrong and steps that it must find right.
#include "tests/test_kit/records.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <sstream>
#include <stdexcept>

namespace weir::test::test_modes {

namespace {

using namespace weir::testing;

constexpr side_output<int, "even"> even;
constexpr side_output<int, "threefold"> threefold;

/// heat_alarm, wrong: it counts where no checkpoint sees it.
struct forgetful_alarm {
  using output = std::string;

  double limit;
  std::map<std::string, int> hot = {};

  void process(const reading& r, auto& out) {
    if (r.celsius > limit && ++hot[r.sensor] == 3)
      out.emit(r.sensor);
  }
};

template <class Alarm>
words alarms(mode how, Alarm alarm) {
  operator_harness<reading, std::string> harness(how, [&](auto readings) {
    return readings.key_by(&reading::sensor).process("alarm", alarm);
  });
  harness.push({{"oven", 230}, {"oven", 240}, {"hall", 20}, {"oven", 250}});
  harness.finish();
  return harness.take();
}

bool restores(mode how) {
  return how == mode::restore || how == mode::restore_1_to_3 ||
         how == mode::restore_3_to_1;
}

/// Each number and the next one, behind another exchange.
auto in_pairs(auto numbers) {
  return numbers
      .template flat_map<std::uint64_t>([](std::uint64_t n, auto& out) {
        out.emit(n);
        out.emit(n + 1);
      })
      .rebalance()
      .map([](std::uint64_t n) { return n; });
}

/// How often a task of `pairs` was stopped by its outbox.
template <class Pairs>
std::uint64_t congestion_of(mode how, Pairs pairs) {
  operator_harness<std::uint64_t, std::uint64_t> harness(how, pairs);
  harness.push({10, 20, 30, 40});
  BOOST_TEST((harness.take_sorted() == numbers_list{10, 11, 20, 21, 30, 31, 40, 41}),
             how);
  return harness.counts().congestion;
}

} // namespace

BOOST_AUTO_TEST_SUITE(modes)

BOOST_AUTO_TEST_CASE(a_function_with_state_does_the_same_in_every_mode) {
  in_every_mode([](mode how) {
    BOOST_TEST_CONTEXT(how)
    BOOST_TEST((alarms(how, heat_alarm{200}) == words{"oven"}));
  });
}

BOOST_AUTO_TEST_CASE(what_a_function_keeps_outside_of_its_state_is_lost_at_a_restore) {
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how)
  BOOST_TEST((alarms(how, forgetful_alarm{200}) == words{"oven"}) != restores(how));
}

// Where streams meet again, batches show in the order of what comes out.
BOOST_AUTO_TEST_CASE(single_records_are_done_one_after_the_other) {
  const auto forked = [](mode how) {
    operator_harness<int, int> harness(how, [](auto numbers) {
      const auto both = numbers.share();
      return both.map([](int n) { return 10 * n; }).union_with(both.map([](int n) {
        return 10 * n + 1;
      }));
    });
    harness.push({1, 2, 3});
    return harness.take();
  };
  BOOST_TEST((forked(mode::whole_batch) == std::vector{10, 20, 30, 11, 21, 31}));
  BOOST_TEST((forked(mode::single_records) == std::vector{10, 11, 20, 21, 30, 31}));
}

BOOST_AUTO_TEST_CASE(modes_that_restore_do_so_after_every_record) {
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how) {
      operator_harness<std::uint64_t, std::uint64_t> harness(
          how, [](auto numbers) { return numbers.process("numbering", numbering()); });
      harness.push({7, 7, 7});
      harness.push({7});
      BOOST_TEST(harness.counts().restores == (restores(how) ? 4 : 0));
      BOOST_TEST((harness.take() == numbers_list{1, 2, 3, 4}));
    }
}

BOOST_AUTO_TEST_CASE(what_is_pushed_together_is_interrupted_64_times_at_most) {
  operator_harness<std::uint64_t, std::uint64_t> harness(
      mode::restore, [](auto numbers) { return numbers.process("n", numbering()); });
  harness.push(numbers_list(1000, 7));
  BOOST_TEST(harness.counts().restores <= 64);
  BOOST_TEST(harness.counts().restores > 32);
  BOOST_TEST(harness.take().back() == 1000);
}

// Runs say what has changed: a row that was not written again must survive them.
BOOST_AUTO_TEST_CASE(rows_come_back_from_older_runs_too) {
  in_every_mode([](mode how) {
    operator_harness<std::string, std::string> harness(
        how, [](auto lines) { return count_words(lines); });
    harness.push({"a"});
    harness.push({"b"});
    harness.push({"b"});
    harness.push({"a"});
    BOOST_TEST((harness.take() == words{"a 1", "b 1", "b 2", "a 2"}), how);
  });
}

BOOST_AUTO_TEST_CASE(rescaling_modes_go_on_with_another_number_of_tasks) {
  const auto copies = [](mode how) {
    operator_harness<std::uint64_t, std::uint64_t> harness(how, [](auto numbers) {
      return numbers.broadcast().map([](std::uint64_t n) { return n; });
    });
    numbers_list made;
    for (std::uint64_t n = 0; n < 3; ++n) {
      harness.push({n});
      made.push_back(harness.take().size());
    }
    return made;
  };
  BOOST_TEST((copies(mode::restore_1_to_3) == numbers_list{1, 3, 1}));
  BOOST_TEST((copies(mode::restore_3_to_1) == numbers_list{3, 1, 3}));
  BOOST_TEST((copies(mode::restore) == numbers_list{1, 1, 1}));
  BOOST_TEST((copies(mode::whole_batch) == numbers_list{1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(every_key_finds_its_row_at_another_parallelism) {
  in_every_mode([](mode how) {
    operator_harness<std::uint64_t, std::uint64_t> harness(how, [](auto numbers) {
      return numbers.key_by(std::identity{})
          .count("counts")
          .map([](const counted<std::uint64_t>& c) { return c.count; });
    });
    numbers_list keys(200);
    for (std::uint64_t i = 0; i < keys.size(); ++i)
      keys[i] = i;
    for (std::uint64_t round = 1; round <= 3; ++round) {
      harness.push(keys);
      BOOST_TEST((harness.take() == numbers_list(keys.size(), round)), how);
    }
  });
}

BOOST_AUTO_TEST_CASE(tiny_outputs_congest_after_each_record) {
  const auto congestion = [](mode how) {
    return congestion_of(how, [](auto numbers) { return in_pairs(numbers); });
  };
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how) {
      if (how == mode::tiny_outputs)
        BOOST_TEST(congestion(how) == 3); // before each batch but the first
      else
        BOOST_TEST(congestion(how) == 0);
    }
}

// The second chain gets one batch with all records, and is stopped after each of them.
BOOST_AUTO_TEST_CASE(tiny_outputs_stop_a_task_in_the_middle_of_a_batch) {
  const auto congestion = [](mode how) {
    return congestion_of(how, [](auto numbers) { return in_pairs(numbers.rebalance()); });
  };
  BOOST_TEST(congestion(mode::tiny_outputs) == 3);
  BOOST_TEST(congestion(mode::whole_batch) == 0);
}

// Before a record the chain looks at three outboxes, each of which may be full.
BOOST_AUTO_TEST_CASE(tiny_outputs_come_to_an_end_with_side_outputs_too) {
  operator_harness<int, int> harness(mode::tiny_outputs, [](auto numbers) {
    const auto split = numbers.template flat_map<int>(
        [](int n, auto& out) {
          if (n % 2 == 0)
            out.emit(even, n);
          else if (n % 3 == 0)
            out.emit(threefold, n);
          else
            out.emit(n);
        },
        even, threefold);
    return split.rebalance().union_with(split.side(even), split.side(threefold));
  });
  harness.push({1, 2, 3, 4, 5, 6, 7, 8, 9});
  BOOST_TEST((harness.take_sorted() == std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

// More than fits into a batch, so that a record is left in its midst.
BOOST_AUTO_TEST_CASE(long_ranges_are_worked_off_in_every_mode) {
  in_every_mode([](mode how) {
    operator_harness<std::uint64_t, std::uint64_t> harness(how, [](auto numbers) {
      return numbers
          .template flat_map<std::uint64_t>(
              [](std::uint64_t n) { return numbers_list(n, n); })
          .rebalance()
          .template flat_map<std::uint64_t>(
              [](std::uint64_t n) { return numbers_list(2, n); });
    });
    harness.push({3000, 1, 2500});
    numbers_list expected(2, 1);
    expected.resize(5002, 2500);
    expected.resize(11'002, 3000);
    BOOST_TEST((harness.take_sorted() == expected), how);
  });
}

BOOST_AUTO_TEST_CASE(a_state_of_each_task_is_not_divided) {
  const auto numbered = [](mode how, std::optional<std::uint32_t> tasks) {
    operator_harness<std::uint64_t, std::uint64_t> harness(how, [&](auto numbers) {
      const auto end = numbers.rebalance().process("numbering", numbering());
      return tasks ? end.parallelism(*tasks) : end;
    });
    harness.push({7, 7});
    return harness.take();
  };
  for (const mode how : {mode::restore_1_to_3, mode::restore_3_to_1}) {
    BOOST_TEST(problem_of([&] { numbered(how, {}); }) ==
               "'numbering' saves a state of each task, which cannot be divided among 3 "
               "tasks; give its chain .parallelism(1), or run the test with "
               "in_modes(weir::testing::all_but_rescale, ...)");
    BOOST_TEST((numbered(how, 1) == numbers_list{1, 2}));
  }
  in_modes(all_but_rescale, [&](mode how) {
    BOOST_TEST((numbered(how, {}) == numbers_list{1, 2}), how);
  });
}

BOOST_AUTO_TEST_CASE(a_failure_names_its_mode) {
  const auto only_at_three = [](mode how) {
    if (how == mode::restore_1_to_3)
      throw std::out_of_range("no such row");
  };
  BOOST_TEST(problem_of([&] { in_every_mode(only_at_three); }) ==
             "in mode 'restore 1->3': no such row");
  BOOST_CHECK_NO_THROW(in_modes(all_but_rescale, only_at_three));
  try {
    in_every_mode(only_at_three);
  } catch (const error& problem) {
    BOOST_CHECK_THROW(std::rethrow_if_nested(problem), std::out_of_range);
  }
}

BOOST_AUTO_TEST_CASE(each_mode_has_a_name) {
  std::ostringstream names;
  for (const mode how : every_mode)
    names << how << '\n';
  BOOST_TEST(names.str() == "whole batch\nsingle records\ntiny outputs\nrestore\n"
                            "restore 1->3\nrestore 3->1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_modes
