#include "runtime/restore_plan.hpp"
#include "serialization/error.hpp"
#include "tests/runtime/sample_job.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::string_literals;

namespace weir::test::test_restore_plan {

namespace {

struct restore_fixture {
  restore_fixture() {
    define_sample(sample, 10);
    plan = plan_execution(sample.graph(), 2, 128);
    for (const auto& task : plan.tasks)
      handles.push_back(handle_of(task));
    checkpoint.id = {42};
    checkpoint.state_backend = "rocksdb";
    checkpoint.operators = assemble_operators(sample.graph(), plan, handles);
  }

  static file_handle file(const std::string& name) { return {name, 8, {1, 2}}; }

  static task_handle handle_of(const planned_task& task) {
    task_handle handle{task.id, std::nullopt, {}};
    if (task.chain == 0)
      handle.operators.emplace_back("numbers",
                                    file(subtask_label("numbers", task.subtask)));
    else
      handle.keyed.emplace().file = file("keyed-" + std::to_string(task.id.value));
    if (task.chain == 2)
      handle.operators.emplace_back("out", file(subtask_label("out", task.subtask)));
    return handle;
  }

  operator_metadata& saved(const std::string& name) {
    for (auto& op : checkpoint.operators)
      if (op.name == name)
        return op;
    BOOST_FAIL("no operator " << name);
    throw;
  }

  void refused(std::initializer_list<std::string> parts) { refused_by(sample, parts); }
  void refused_by(job& refusing, std::initializer_list<std::string> parts) {
    BOOST_CHECK_EXCEPTION(plan_restore(refusing.graph(), plan, "rocksdb", checkpoint),
                          error, [&](const error& e) {
                            const std::string what = e.what();
                            BOOST_TEST((e.kind() == failure::restore_refused));
                            BOOST_TEST(what.find("chk-42") != what.npos);
                            for (const auto& part : parts)
                              BOOST_TEST(what.find(part) != what.npos,
                                         "'" << part << "' in: " << what);
                            return true;
                          });
  }

  job sample;
  weir::execution_plan plan;
  std::vector<task_handle> handles;
  checkpoint_metadata checkpoint;
};

struct keeps_by_task {
  using output = std::uint64_t;
  struct task_state {
    std::uint64_t count = 0;
  };

  void process(std::uint64_t number, task_state& seen, auto& out) {
    out.emit(number + seen.count++);
  }
};

/// Binds lists by these names, in this order.
struct lists {
  using output = std::uint64_t;

  lists(state_binder& state, const std::vector<std::string>& names) {
    for (const std::string& name : names)
      state.list<std::uint64_t>(name);
  }
  void process(std::uint64_t number, auto& out) { out.emit(number); }
};

/// Binds a list of which every task gets all.
struct united {
  using output = std::uint64_t;

  explicit united(state_binder& state) { state.union_list<std::uint64_t>("seen"); }
  void process(std::uint64_t number, auto& out) { out.emit(number); }
};

std::unique_ptr<job> job_with(const std::vector<std::string>& names) {
  auto with = std::make_unique<job>();
  with->source("numbers", generate(10, [](std::uint64_t i, random_stream&) { return i; }))
      .key_by(itself)
      .process<lists>("lists", names)
      .sink("out", discard());
  return with;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(restore_plan, restore_fixture)

BOOST_AUTO_TEST_CASE(every_stateful_operator_is_described_once_with_all_its_subtasks) {
  BOOST_REQUIRE(checkpoint.operators.size() == 4U);
  for (const auto& op : checkpoint.operators) {
    BOOST_TEST(op.parallelism == 2U);
    BOOST_TEST(op.max_parallelism == 128U);
    BOOST_REQUIRE(op.subtasks.size() == 2U);
    BOOST_TEST(op.subtasks[1].index == 1U);
  }
  BOOST_TEST((saved("counts").states[0] ==
              state_description{"value", "value", "u64", "u64", "u64"}));
}

BOOST_AUTO_TEST_CASE(keyed_files_belong_to_the_keyed_operator_only) {
  BOOST_TEST(saved("counts").subtasks[0].keyed.has_value());
  BOOST_TEST(saved("sums").subtasks[1].keyed.has_value());
  BOOST_TEST(!saved("out").subtasks[0].keyed.has_value());
  BOOST_TEST(!saved("numbers").subtasks[0].keyed.has_value());
  BOOST_TEST(saved("out").subtasks[1].operator_state->name == "out-1");
}

BOOST_AUTO_TEST_CASE(every_task_gets_back_what_it_acknowledged) {
  const auto restored = plan_restore(sample.graph(), plan, "rocksdb", checkpoint);
  BOOST_REQUIRE(restored.size() == handles.size());
  for (std::size_t i = 0; i < handles.size(); ++i) {
    const restored_task& task = restored[i];
    BOOST_TEST((task.task == handles[i].task));
    BOOST_TEST(task.keyed.size() == (handles[i].keyed ? 1U : 0U));
    if (handles[i].keyed)
      BOOST_TEST((task.keyed[0].handle == *handles[i].keyed));
    BOOST_REQUIRE(task.operators.size() == handles[i].operators.size());
    for (std::size_t op = 0; op < task.operators.size(); ++op) {
      BOOST_TEST(task.operators[op].name == handles[i].operators[op].first);
      BOOST_TEST((task.operators[op].own == handles[i].operators[op].second));
      BOOST_TEST(task.operators[op].before.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(at_another_parallelism_every_key_group_goes_to_one_task) {
  for (const std::uint32_t parallelism : {1U, 3U, 5U, 128U}) {
    plan = plan_execution(sample.graph(), parallelism, 128);
    std::vector<int> owners(128);
    for (const auto& task : plan_restore(sample.graph(), plan, "rocksdb", checkpoint)) {
      const planned_task& planned = plan.task(task.task);
      if (planned.chain == 0) {
        BOOST_TEST(task.keyed.empty());
        BOOST_REQUIRE(task.operators.size() == 1U);
        BOOST_TEST(!task.operators[0].own.has_value());
        BOOST_TEST(task.operators[0].before.size() == 2U);
      }
      for (const keyed_source& source : task.keyed) {
        const auto own = key_groups_of(planned.subtask, parallelism, 128);
        const auto file = source.handle.file.name;
        const std::uint32_t half = file == "keyed-2" || file == "keyed-4" ? 0 : 1;
        for (std::uint32_t group = source.groups.first; group <= source.groups.last;
             ++group) {
          BOOST_TEST(own.has(static_cast<key_group>(group)));
          BOOST_TEST(group / 64 == half);
          owners[group] += planned.chain == 1 ? 1 : 100;
        }
      }
    }
    BOOST_TEST((owners == std::vector<int>(128, 101)));
  }
}

BOOST_AUTO_TEST_CASE(a_max_parallelism_that_nobody_chose_is_that_of_the_checkpoint) {
  for (operator_metadata& each : checkpoint.operators)
    each.max_parallelism = 64;
  const auto derived = plan_execution(sample.graph(), 3, 0, &checkpoint);
  BOOST_TEST(derived.chains[1].max_parallelism == 64U);
  plan_restore(sample.graph(), derived, "rocksdb", checkpoint);
  plan = plan_execution(sample.graph(), 65, 0, &checkpoint);
  refused({"operator 'counts' has parallelism 65", "at most 64 tasks"});
}

BOOST_AUTO_TEST_CASE(an_operator_the_job_does_not_have_is_refused) {
  saved("counts").name = "clicks";
  refused({"operator 'clicks' is in the checkpoint and not in the job"});
}

BOOST_AUTO_TEST_CASE(an_operator_the_job_does_not_have_can_be_left_behind) {
  saved("counts").name = "clicks";
  BOOST_TEST((skip_unclaimed(sample.graph(), checkpoint) == std::vector{"clicks"s}));
  BOOST_TEST(checkpoint.operators.size() == 3U);
  for (const auto& task : plan_restore(sample.graph(), plan, "rocksdb", checkpoint))
    BOOST_TEST(task.keyed.empty() == (plan.task(task.task).chain != 2));
  BOOST_TEST(skip_unclaimed(sample.graph(), checkpoint).empty());
}

BOOST_AUTO_TEST_CASE(everything_that_does_not_fit_is_told_apart) {
  saved("counts").name = "clicks";
  saved("sums").max_parallelism = 64;
  const auto found = restore_mismatches(sample.graph(), plan, "memory", checkpoint);
  BOOST_TEST(found.size() == 3U);
  BOOST_TEST(restore_mismatches(sample.graph(), plan, "rocksdb", checkpoint).size() ==
             2U);
}

BOOST_AUTO_TEST_CASE(another_parallelism_is_refused_where_tasks_keep_what_is_theirs) {
  const auto alone = std::make_unique<job>();
  alone->source("numbers", collection(std::vector<std::uint64_t>{}))
      .process("seen", keeps_by_task{})
      .sink("out", discard());
  plan = plan_execution(alone->graph(), 2, 128);
  checkpoint.operators = assemble_operators(alone->graph(), plan, {});
  for (operator_metadata& each : checkpoint.operators)
    each.subtasks = {{.index = 0, .keyed = {}, .operator_state = file("a")},
                     {.index = 1, .keyed = {}, .operator_state = file("b")}};
  plan_restore(alone->graph(), plan, "rocksdb", checkpoint);
  plan = plan_execution(alone->graph(), 3, 128);
  refused_by(*alone, {"operator 'seen' was written at parallelism 2", "runs at 3",
                      "cannot be divided", "-p 2"});
}

BOOST_AUTO_TEST_CASE(subtasks_that_are_listed_out_of_order_are_refused) {
  std::swap(saved("counts").subtasks[0], saved("counts").subtasks[1]);
  refused({"operator 'counts' lists subtask 1 where 0 belongs",
           "operator 'counts' lists subtask 0 where 1 belongs"});
}

BOOST_AUTO_TEST_CASE(a_list_of_subtasks_that_is_not_whole_is_refused) {
  saved("counts").subtasks.pop_back();
  refused({"operator 'counts' lists 1 subtasks at parallelism 2"});
}

BOOST_AUTO_TEST_CASE(another_max_parallelism_is_refused) {
  saved("sums").max_parallelism = 256;
  refused({"operator 'sums' was written at max parallelism 256", "runs at 128",
           "pipeline.max-parallelism to 256"});
}

BOOST_AUTO_TEST_CASE(a_state_of_another_type_is_refused) {
  saved("counts").states[0].value_type = "i32";
  saved("counts").states[0].schema = "i32";
  refused({"state 'value' of operator 'counts'", "i32", "u64"});
}

BOOST_AUTO_TEST_CASE(a_state_whose_integers_became_wider_is_migrated) {
  saved("counts").states[0].value_type = "u32";
  saved("counts").states[0].schema = "u32";
  const auto restored = plan_restore(sample.graph(), plan, "rocksdb", checkpoint);
  BOOST_TEST((restored[2].migration != nullptr));
  BOOST_TEST((restored[4].migration == nullptr));
}

BOOST_AUTO_TEST_CASE(a_state_the_operator_does_not_have_is_refused) {
  saved("sums").states[0].name = "other";
  refused({"operator 'sums' has no state 'other'"});
}

BOOST_AUTO_TEST_CASE(states_may_be_added_and_come_in_another_order) {
  const auto writer = job_with({"first", "second"});
  plan = plan_execution(writer->graph(), 2, 128);
  checkpoint.operators = assemble_operators(writer->graph(), plan, {});
  for (operator_metadata& each : checkpoint.operators)
    each.subtasks = {{.index = 0, .keyed = keyed_handle{}, .operator_state = {}},
                     {.index = 1, .keyed = keyed_handle{}, .operator_state = {}}};
  const auto migrates = [&](const std::vector<std::string>& names) {
    const auto restored =
        plan_restore(job_with(names)->graph(), plan, "rocksdb", checkpoint);
    return restored[2].migration != nullptr;
  };
  BOOST_TEST(!migrates({"first", "second"}));
  BOOST_TEST(!migrates({"first", "second", "third"}));
  BOOST_TEST(migrates({"second", "first"}));
  BOOST_TEST(migrates({"first", "between", "second"}));
  refused_by(*job_with({"first"}), {"operator 'lists' has no state 'second'"});
}

BOOST_AUTO_TEST_CASE(keyed_state_that_was_not_there_is_refused) {
  saved("counts").states.clear();
  refused({"operator 'counts' had no keyed state"});
}

BOOST_AUTO_TEST_CASE(another_backend_is_refused) {
  checkpoint.state_backend = "tables";
  refused({"'tables'", "'rocksdb'"});
}

BOOST_AUTO_TEST_CASE(every_mismatch_is_in_the_one_message) {
  checkpoint.state_backend = "tables";
  saved("counts").max_parallelism = 64;
  saved("sums").states[0].key_type = "bool";
  saved("out").name = "output";
  refused({"'tables'", "'counts'", "'sums'", "'output'", "; "});
}

BOOST_AUTO_TEST_CASE(an_operator_that_is_new_in_the_job_begins_empty) {
  std::erase_if(checkpoint.operators, [](const auto& op) { return op.name == "counts"; });
  const auto restored = plan_restore(sample.graph(), plan, "rocksdb", checkpoint);
  BOOST_TEST(restored[2].keyed.empty());
  BOOST_TEST(restored[4].keyed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(tasks_that_unite_what_they_have_end_in_no_checkpoint_one_by_one) {
  job uniting;
  uniting
      .source("numbers", generate(10, [](std::uint64_t i, random_stream&) { return i; }))
      .rebalance()
      .process<united>("united")
      .sink("out", discard());
  const weir::execution_plan three = plan_execution(uniting.graph(), 3, 128);
  for (std::uint32_t ended = 0; ended <= 3; ++ended) {
    std::vector<task_handle> said;
    for (const planned_task& task : three.tasks) {
      said.push_back({.task = task.id, .keyed = {}, .operators = {}});
      said.back().ended = task.chain == 0 || task.subtask < ended;
    }
    const std::string why = partly_ended(uniting.graph(), three, said);
    BOOST_TEST(why.empty() == (ended == 0 || ended == 3), why);
    if (ended == 2)
      BOOST_TEST(why ==
                 "2 of 3 subtasks of operator 'united' have come to their end, and "
                 "what they had in its union_list would be missing");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_restore_plan
