#include "runtime/execution_plan.hpp"
#include "serialization/error.hpp"
#include "state/key_group.hpp"
#include "tests/runtime/sample_job.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_execution_plan {

namespace {

struct plan_fixture {
  plan_fixture() { define_sample(sample, 10); }
  execution_plan planned(std::uint32_t parallelism) const {
    return plan_execution(sample.graph(), parallelism, 128);
  }
  static auto numbers(job& of) {
    return of.source("numbers",
                     generate(10, [](std::uint64_t i, random_stream&) { return i; }));
  }
  /// Both ends of every channel name each other.
  static void check_symmetry(const execution_plan& plan) {
    for (const auto& task : plan.tasks) {
      for (std::uint32_t i = 0; i < task.outputs.size(); ++i) {
        const channel_end to = task.outputs[i];
        BOOST_TEST(
            (plan.task(to.task).inputs.at(to.channel).from == channel_end{task.id, i}));
      }
      for (std::uint32_t i = 0; i < task.inputs.size(); ++i) {
        const channel_end from = task.inputs[i].from;
        BOOST_TEST(
            (plan.task(from.task).outputs.at(from.channel) == channel_end{task.id, i}));
      }
    }
  }

  job sample;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(execution_plan, plan_fixture)

BOOST_AUTO_TEST_CASE(both_ends_of_a_channel_name_each_other) {
  for (std::uint32_t parallelism = 1; parallelism <= 4; ++parallelism)
    check_symmetry(planned(parallelism));
}

BOOST_AUTO_TEST_CASE(every_chain_has_a_task_per_subtask_and_ids_are_places) {
  for (std::uint32_t parallelism = 1; parallelism <= 4; ++parallelism) {
    const auto plan = planned(parallelism);
    BOOST_REQUIRE(plan.tasks.size() == 3 * parallelism);
    for (std::uint32_t i = 0; i < plan.tasks.size(); ++i) {
      BOOST_TEST(plan.tasks[i].id.value == i);
      BOOST_TEST(plan.tasks[i].chain == i / parallelism);
      BOOST_TEST(plan.tasks[i].subtask == i % parallelism);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_exchange_joins_all_to_all_by_subtask) {
  const auto plan = planned(3);
  for (const auto& task : plan.tasks) {
    BOOST_TEST(task.inputs.size() == (task.chain == 0 ? 0U : 3U));
    BOOST_TEST(task.outputs.size() == (task.chain == 2 ? 0U : 3U));
    for (std::uint32_t i = 0; i < task.outputs.size(); ++i)
      BOOST_TEST(plan.task(task.outputs[i].task).subtask == i);
  }
}

BOOST_AUTO_TEST_CASE(only_the_first_chain_is_a_source) {
  for (const auto& task : planned(2).tasks)
    BOOST_TEST(task.is_source() == (task.chain == 0));
}

BOOST_AUTO_TEST_CASE(more_tasks_than_there_may_be_are_refused) {
  BOOST_CHECK_EXCEPTION(planned(129), error, [](const error& e) {
    const std::string what = e.what();
    return e.kind() == failure::usage &&
           what.find("'numbers' has parallelism 129 and max parallelism 128") !=
               what.npos;
  });
}

BOOST_AUTO_TEST_CASE(a_maximum_that_nobody_chose_follows_from_each_chains_parallelism) {
  job shaped;
  numbers(shaped).parallelism(100).rebalance().parallelism(3).sink("out", discard());
  const auto plan = plan_execution(shaped.graph(), 1, 0);
  BOOST_TEST(plan.chains[0].max_parallelism == default_max_parallelism(100));
  BOOST_TEST(plan.chains[1].max_parallelism == default_max_parallelism(3));
  for (const auto& task : plan.tasks) {
    BOOST_TEST(task.ways.size() == (task.chain == 0 ? 1U : 0U));
    for (const way_out& way : task.ways)
      BOOST_TEST((way == way_out{0, 3, default_max_parallelism(3)}));
  }
}

BOOST_AUTO_TEST_CASE(a_loop_is_joined_all_to_all_where_it_goes_back) {
  job looped;
  numbers(looped)
      .parallelism(2)
      .iterate("loop",
               [](auto all) {
                 const auto shared = all.rebalance().parallelism(3).share();
                 return feedback(shared, shared);
               })
      .sink("out", discard());
  const auto plan = plan_execution(looped.graph(), 4, 128);
  check_symmetry(plan);
  for (const auto& task : plan.tasks) {
    const bool head = task.chain == 1, tail = task.chain == 2;
    BOOST_TEST(task.onward.size() == (head ? 3U : tail ? 2U : 0U));
    BOOST_TEST(task.back.size() == (tail ? 2U : 0U));
    if (head) { // as many as the source has, what comes back behind what enters
      BOOST_TEST(task.inputs.size() == 4U);
      BOOST_TEST((!task.inputs[0].feedback && task.inputs[1].feedback));
    }
  }
  BOOST_TEST(plan.chains[1].parallelism == 2U);
}

BOOST_AUTO_TEST_CASE(a_pointwise_edge_shares_the_larger_side_out) {
  for (std::uint32_t senders = 1; senders <= 7; ++senders)
    for (std::uint32_t receivers = 1; receivers <= 7; ++receivers) {
      job shaped;
      numbers(shaped).parallelism(senders).rescale().parallelism(receivers).sink(
          "out", discard());
      const auto plan = plan_execution(shaped.graph(), 1, 128);
      check_symmetry(plan);
      for (const auto& task : plan.tasks) {
        const bool sends = task.chain == 0;
        const std::uint32_t own = sends ? senders : receivers;
        const std::uint32_t others = sends ? receivers : senders;
        const std::size_t channels = sends ? task.outputs.size() : task.inputs.size();
        BOOST_TEST(channels >= std::max(1U, others / own));
        BOOST_TEST(channels <= std::max(1U, (others + own - 1) / own));
      }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_execution_plan
