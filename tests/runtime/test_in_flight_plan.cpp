// What barriers have overtaken, as files of a checkpoint, and who gets it back.
#include "runtime/in_flight_plan.hpp"
#include "serialization/error.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/support/batches.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::test::test_in_flight_plan {

namespace {

using numbers_of = std::vector<std::uint64_t>;

/// The sample job: tasks 0, 1 are sources, 2, 3 count, 4, 5 sum.
struct plan_fixture {
  plan_fixture() {
    define_sample(sample, 10'000);
    two = plan_execution(sample.graph(), 2, 128);
  }

  /// Saves what task `id` had taken in, and what it had for others.
  void save(std::uint32_t id, std::vector<batch_in_flight> input,
            std::vector<batch_on_leave> output) {
    auto gathered = gather_in_flight(sample.graph(), two, {{id}, {1}, input, output});
    saved.push_back({{gathered.file_name, 0, {}}, gathered.edges});
    files.push_back(std::move(gathered.file));
  }
  /// All numbers that a task gets.
  static numbers_of numbers_for(const std::vector<batch_in_flight>& batches) {
    numbers_of all;
    for (const batch_in_flight& each : batches)
      for (const std::uint64_t value : values_of(each.records))
        all.push_back(value);
    return all;
  }
  auto divided(std::uint32_t parallelism) {
    const auto plan = plan_execution(sample.graph(), parallelism, 128);
    return divide_in_flight(sample.graph(), plan, saved, files);
  }
  std::vector<std::string> mismatches_in(const job& other) const {
    checkpoint_metadata checkpoint;
    checkpoint.in_flight = saved;
    return in_flight_mismatches(other.graph(), checkpoint);
  }

  job sample;
  execution_plan two;
  std::vector<in_flight_metadata> saved;
  std::vector<in_flight_file> files;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(in_flight_plan, plan_fixture)

BOOST_AUTO_TEST_CASE(a_file_is_named_after_the_task_and_says_what_is_in_it) {
  save(3, {{0, batch_of({1, 2, 3}), 1}}, {{1, batch_of({4})}});
  BOOST_TEST(saved[0].file.name == "counts-1.inflight");
  const std::vector<in_flight_edge> edges{{"counts", 0, 2, "u64"}, {"sums", 0, 2, "u64"}};
  BOOST_TEST((saved[0].edges == edges));
}

BOOST_AUTO_TEST_CASE(at_the_same_parallelism_each_task_gets_back_its_own) {
  save(0, {}, {{0, batch_of({10})}, {1, batch_of({11})}}); // of a source, for 2 and 3
  save(2, {{0, batch_of({1, 2, 3}), 1}}, {{0, batch_of({20})}});
  const auto by_task = divided(2);
  // What it had taken in comes before what was still to be sent to it.
  BOOST_TEST(numbers_for(by_task[2]) == (numbers_of{2, 3, 10}));
  BOOST_TEST(numbers_for(by_task[3]) == numbers_of{11});
  BOOST_TEST(numbers_for(by_task[4]) == numbers_of{20});
  BOOST_TEST(numbers_for(by_task[0]).empty());
}

BOOST_AUTO_TEST_CASE(at_another_parallelism_records_go_to_the_tasks_of_their_keys) {
  save(2, {{0, batch_from(0, 100)}}, {});
  save(3, {{0, batch_from(100, 100)}}, {});
  const auto by_task = divided(3);
  numbers_of all;
  for (std::uint32_t subtask = 0; subtask < 3; ++subtask)
    for (const std::uint64_t number : numbers_for(by_task[3 + subtask])) {
      BOOST_TEST(subtask_of(key_group_of(hash_of(number), 128), 3, 128) == subtask);
      all.push_back(number);
    }
  std::ranges::sort(all);
  BOOST_TEST((all == values_of(batch_from(0, 200))));
}

BOOST_AUTO_TEST_CASE(records_for_a_chain_that_is_gone_or_takes_others_are_named) {
  save(2, {{0, batch_of({1})}}, {});
  BOOST_TEST(mismatches_in(sample).empty());
  job gone;
  gone.source("numbers", generate(1, [](std::uint64_t i, random_stream&) { return i; }))
      .sink("out", discard());
  BOOST_TEST(mismatches_in(gone).size() == 1U);
  BOOST_TEST(mismatches_in(gone)[0].find("'counts', which the job does not have") !=
             std::string::npos);
  job others;
  others
      .source("numbers",
              generate(1, [](std::uint64_t i, random_stream&) { return double(i); }))
      .key_by([](const double& d) { return static_cast<std::uint64_t>(d); })
      .count("counts")
      .sink("out", discard());
  BOOST_TEST(mismatches_in(others)[0].find("records of type u64") != std::string::npos);
}

// Somebody has written it so, for its checksum is right.
BOOST_AUTO_TEST_CASE(a_file_that_contradicts_the_metadata_is_refused) {
  save(2, {{0, batch_of({1})}}, {});
  const in_flight_section sound = files[0][0];
  std::vector<in_flight_section> wrong(4, sound);
  wrong[0].subtask = 2; // of 2
  wrong[1].subtask = 4'000'000'000;
  wrong[2].input = 1;
  wrong[3].chain = "elsewhere";
  for (const in_flight_section& each : wrong)
    for (const std::uint32_t parallelism : {2U, 3U}) {
      files[0][0] = each;
      BOOST_CHECK_EXCEPTION(divided(parallelism), error, [](const error& e) {
        return e.kind() == failure::restore_refused &&
               std::string(e.what()).find("contradicts") != std::string::npos;
      });
    }
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_none_is_a_restore_that_is_refused) {
  save(2, {{0, batch_of({1})}}, {});
  files[0][0].batches[0].records.pop_back();
  BOOST_CHECK_EXCEPTION(divided(2), error, [](const error& e) {
    return e.kind() == failure::restore_refused;
  });
}

BOOST_AUTO_TEST_CASE(labels_are_file_names_and_no_two_chains_have_the_same) {
  job odd;
  const auto begin = [&](const char* name) {
    return odd.source(name,
                      generate(1, [](std::uint64_t i, random_stream&) { return i; }));
  };
  begin("a").rebalance().sink("x", discard());
  begin("b").name("a/rebalance").sink("y", discard());
  begin("c").name(".hidden").sink("z", discard());
  const auto labels = chain_labels(odd.graph());
  BOOST_TEST(labels == (std::vector<std::string>{"a", "a-rebalance", "a-rebalance.2",
                                                 "-.hidden"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_in_flight_plan
