#include "runtime/state_memory.hpp"
#include "serialization/error.hpp"
#include "state/memory_shares.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/state/disk_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_state_memory {

namespace {

constexpr std::uint64_t mb = 1 << 20;
constexpr std::uint64_t machine = 10'000 * mb;

const std::string per_slot = "state.backend.rocksdb.memory.fixed-per-slot";
const std::string per_tm = "state.backend.rocksdb.memory.fixed-per-tm";
const std::string managed = "state.backend.rocksdb.memory.managed";

struct memory_fixture : scratch_directory {
  void set(const std::string& name, const std::string& value) {
    set_option(config, name, value);
  }
  std::uint64_t of_subtask(std::uint32_t subtasks, std::uint64_t of_job = 0) const {
    return memory_of_subtask(config, of_job, subtasks, machine);
  }
  /// The files of a machine of 8 GB; `of_process` is what /proc/self/cgroup says.
  std::uint64_t of_machine(const std::string& of_process) const {
    fs::create_directories(path() / "self");
    write(path() / "meminfo", "MemTotal:        8192 kB\nMemFree: 1 kB\n");
    write(path() / "self/cgroup", of_process);
    return machine_memory(path(), path() / "groups");
  }
  void limit(const std::string& group, const std::string& file,
             const std::string& content) const {
    fs::create_directories(path() / "groups" / group);
    write(path() / "groups" / group / file, content + "\n");
  }

  run_config config;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_memory, memory_fixture)

BOOST_AUTO_TEST_CASE(subtasks_have_equal_parts_of_four_tenths_of_the_machine) {
  BOOST_TEST(of_subtask(1) == 4000 * mb);
  BOOST_TEST(of_subtask(4) == 1000 * mb);
  BOOST_TEST(of_subtask(1000) == 16 * mb); // the least: nobody asked for less
  BOOST_TEST(of_subtask(0) == 0U);
  BOOST_TEST(memory_of_subtask(config, 0, 4, 0) == 0U); // of no machine
  set(managed, "false");
  BOOST_TEST(of_subtask(4) == 0U);
}

BOOST_AUTO_TEST_CASE(a_size_that_is_given_comes_first_that_of_the_subtask_above_all) {
  set(managed, "false");
  BOOST_TEST(of_subtask(4, 100 * mb) == 100 * mb);
  set(per_tm, "1 gb");
  BOOST_TEST(of_subtask(4, 100 * mb) == 256 * mb);
  set(per_slot, "20 mb");
  BOOST_TEST(of_subtask(4, 100 * mb) == 20 * mb);
  set(per_slot, "none");
  set(per_tm, "none");
  BOOST_TEST(of_subtask(4) == 0U);
}

BOOST_AUTO_TEST_CASE(less_than_a_subtask_needs_is_refused) {
  check_error([&] { of_subtask(1, 16 * mb - 1); }, failure::usage,
              {"the job gives", "16383 kb", "at least 16 mb"});
  set(per_tm, "60 mb");
  BOOST_TEST(of_subtask(3) == 20 * mb);
  check_error([&] { of_subtask(4); }, failure::usage, {per_tm, "15360 kb", "16 mb"});
  set(per_slot, "1 mb");
  check_error([&] { of_subtask(1); }, failure::usage, {per_slot, "1024 kb", "16 mb"});
  BOOST_TEST(of_subtask(0) == 0U);
}

BOOST_AUTO_TEST_CASE(only_the_rocksdb_backend_keeps_to_it) {
  const auto settings = weir::rocksdb().memory(32 * mb).settings();
  BOOST_TEST(chosen_backend(config, settings, 1, machine).memory_max == 32 * mb);
  BOOST_TEST(chosen_backend(config, {}, 1, machine).memory_max == 4000 * mb);
  set("state.backend.type", "filesystem");
  BOOST_TEST(chosen_backend(config, settings, 1, machine).memory_max == 0U);
  BOOST_TEST(!chosen_backend(config, {}, 1, machine).direct_reads);
  set("state.backend.rocksdb.direct-io", "true");
  BOOST_TEST(chosen_backend(config, {}, 1, machine).direct_reads);
}

BOOST_AUTO_TEST_CASE(only_subtasks_that_keep_rows_by_key_count) {
  job sample;
  define_sample(sample, 10);
  const execution_plan plan = plan_execution(sample.graph(), 3, 0);
  BOOST_TEST(plan.tasks.size() == 9U);
  BOOST_TEST(keyed_subtasks(sample.graph(), plan) == 6U);
}

BOOST_AUTO_TEST_CASE(the_shares_of_a_limit_are_all_of_it) {
  BOOST_TEST((shares_of(0) == memory_shares{}));
  BOOST_TEST((shares_of(160 * mb) == memory_shares{100 * mb, 20 * mb, 40 * mb}));
  for (const std::uint64_t odd : {16 * mb + 1, 16 * mb + 15, 99'999'999 * mb + 7}) {
    const memory_shares shares = shares_of(odd);
    BOOST_TEST(shares.table + shares.runs + shares.cache == odd);
  }
}

BOOST_AUTO_TEST_CASE(a_process_has_what_its_machine_has_or_its_groups_let_it_have) {
  constexpr std::uint64_t whole = 8 * mb;
  BOOST_TEST(of_machine("") == whole);
  BOOST_TEST(of_machine("no such line\n:\n0::/none\n4:memory:/none\n") == whole);
  limit("", "memory.max", "max");
  BOOST_TEST(of_machine("0::/user/job\n") == whole);
  limit("user/job", "memory.max", "5000000");
  BOOST_TEST(of_machine("0::/user/job\n") == 5'000'000U);
  limit("user", "memory.max", "4000000");
  BOOST_TEST(of_machine("0::/user/job\n") == 4'000'000U);
  BOOST_TEST(of_machine("0::/other\n") == whole);
  limit("memory/a", "memory.limit_in_bytes", "3000000");
  BOOST_TEST(of_machine("9:cpu:/\n4:memory:/a\n0::/user/job\n") == 3'000'000U);
  limit("", "memory.max", "2000000"); // as a container sees its own
  BOOST_TEST(of_machine("0::/only/the/host/knows\n") == 2'000'000U);
}

BOOST_AUTO_TEST_CASE(a_machine_that_says_nothing_is_unknown) {
  BOOST_TEST(machine_memory(path() / "nothing", path()) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_state_memory
