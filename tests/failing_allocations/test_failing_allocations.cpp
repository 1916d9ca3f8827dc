// Where there is no memory, whatever reads a configuration, the metadata of a checkpoint
// or what a restore begins with says so: it neither crashes nor leaks, nor takes that for
// damage, and does what it should when there is memory again.
#include "runtime/config_file.hpp"
#include "runtime/execution_plan.hpp"
#include "runtime/restore_plan.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "tests/corruption/kept_checkpoints.hpp"
#include "tests/failing_allocations/failing_allocations.hpp"
#include "tests/support/figures.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <new>
#include <span>

namespace weir::testing::test_failing_allocations {

namespace {

constexpr std::uint64_t allocations_max = 100'000; // far more than any of these makes

/// Fails allocation after allocation until none is left that could. `operation` returns
/// what comes of it, so that it can be compared.
template <class Operation>
class each_allocation {
public:
  each_allocation(const char* name, Operation operation)
      : name_(name), operation_(std::move(operation)), expected_(operation_()) {}

  void fail_all() {
    for (const shortage how : {shortage::passing, shortage::lasting})
      for (number_ = 1; number_ < allocations_max && fail(how);)
        ++number_;
    BOOST_TEST(failures_ > 0U);
    print_figures("failing allocations", fmt::format("{} {}", failures_, name_));
  }

private:
  /// False if the operation has fewer allocations.
  bool fail(shortage how) {
    BOOST_TEST_CHECKPOINT(name_ << ", allocation " << number_);
    const std::int64_t before = live_allocations();
    bool failed = false;
    {
      const failing_allocation next(number_, how);
      try {
        const bool right = operation_() == expected_;
        failed = next.has_failed();
        if (!right)
          wrong("another result");

      } catch (const std::bad_alloc&) {
        failed = true;
      } catch (const std::exception& other) {
        failed = true;
        wrong(other.what());
      }
    }
    failures_ += failed;
    if (live_allocations() != before)
      wrong("a leak");
    if (number_ % 16 == 0 && operation_() != expected_)
      wrong("another result afterwards");
    return failed;
  }

  void wrong(const char* what) {
    if (++wrongs_ <= 10)
      BOOST_ERROR(name_ << ", allocation " << number_ << ": " << what);
  }

  const char* name_;
  Operation operation_;
  decltype(std::declval<Operation>()()) expected_;
  std::uint64_t number_ = 0;
  std::uint64_t wrongs_ = 0;
  std::uint64_t failures_ = 0;
};

constexpr const char* own_text = R"(# weir's own
execution.checkpointing.interval: 10 s
execution.checkpointing.dir: /var/lib/weir/checkpoints-of-all-jobs
state.backend.type: rocksdb
parallelism.default: 4
)";

constexpr const char* of_flink = R"(jobmanager.rpc.address: localhost
taskmanager.numberOfTaskSlots: 2
execution:
  checkpointing:
    interval: 3min
    mode: EXACTLY_ONCE
    unaligned:
      enabled: true
    tolerable-failed-checkpoints: 7
state:
  backend: {type: hashmap}
  savepoints.dir: file:///somewhere
restart-strategy:
  type: exponential-delay
  exponential-delay: {initial-backoff: 1 s, max-backoff: 2 min}
no.such.option: 7
)";

constexpr const char* of_seatunnel = R"(seatunnel:
  engine:
    backup-count: 1
    checkpoint:
      interval: 6000
      timeout: 7000
      storage:
        type: hdfs
        max-retained: 3
        plugin-config:
          namespace: /tmp/seatunnel/checkpoint_snapshot/
          storage.type: hdfs
)";

auto configured(const char* name, const char* text) {
  return [name, text] {
    run_config config;
    const config_file file = parse_config(name, text);
    auto problems = set_options(config, file);
    return std::pair(std::move(config), std::move(problems));
  };
}

/// A plan of a restore, as text.
std::string planned(const job_graph& graph, std::uint32_t parallelism,
                    const checkpoint_metadata& metadata) {
  const execution_plan plan = plan_execution(graph, parallelism, 0, &metadata);
  std::string text;
  for (const restored_task& task :
       plan_restore(graph, plan, metadata.state_backend, metadata)) {
    text += fmt::format("{}: {} keyed;", task.task.value, task.keyed.size());
    for (const restored_operator& op : task.operators)
      text +=
          fmt::format(" {} {} {}", op.name, op.own ? op.own->name : "", op.before.size());
  }
  return text;
}

template <class Operation>
void fail_each_allocation(const char* name, Operation operation) {
  operation(); // what is made once is made
  each_allocation(name, std::move(operation)).fail_all();
}

} // namespace

BOOST_AUTO_TEST_SUITE(failing_allocations)

BOOST_AUTO_TEST_CASE(a_leak_and_a_failure_are_seen) {
  const std::int64_t before = live_allocations();
  auto held = std::make_unique<int>(1);
  BOOST_TEST(live_allocations() == before + 1);
  held.reset();
  const failing_allocation second(2, shortage::passing);
  held = std::make_unique<int>(1);
  BOOST_TEST(!second.has_failed());
  BOOST_CHECK_THROW(held = std::make_unique<int>(1), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(a_configuration_is_read_or_there_is_no_memory) {
  fail_each_allocation("in weir.yaml", configured("weir.yaml", own_text));
  fail_each_allocation("in Flink's config.yaml", configured("config.yaml", of_flink));
  fail_each_allocation("in SeaTunnel's seatunnel.yaml",
                       configured("seatunnel.yaml", of_seatunnel));
  fail_each_allocation("in -D", [] {
    run_config config;
    set_option(config, "execution.checkpointing.interval", "500ms");
    set_option(config, "execution.checkpointing.dir", "/var/lib/weir/a-long-directory");
    set_option(config, "state.backend.type", "filesystem");
    set_option(config, "restart-strategy.type", "fixed-delay");
    check_config(config);
    return config;
  });
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_found_or_there_is_no_memory) {
  for (const backend_kind backend : {backend_kind::rocksdb, backend_kind::memory}) {
    const kept_checkpoints kept({.name = "kept", .backend = backend});
    const auto bytes = read_file(kept.newer() / metadata_name, failure::restore_refused);
    fail_each_allocation("in decoding _metadata",
                         [&] { return decode_metadata(bytes, "_metadata"); });
    fail_each_allocation("in locating a checkpoint", [&] {
      const located_checkpoint found = locate_checkpoint(kept.newer());
      verify_checkpoint(found);
      return found.metadata;
    });
    fail_each_allocation("in locating the newest one", [&] {
      return locate_checkpoint(kept.newer().parent_path()).metadata;
    });
  }
}

BOOST_AUTO_TEST_CASE(a_restore_is_planned_or_there_is_no_memory) {
  const kept_checkpoints kept({.name = "kept", .unaligned = true});
  const checkpoint_metadata metadata = locate_checkpoint(kept.newer()).metadata;
  counting_job counting;
  job job;
  const auto written = counting.build(job);
  for (const std::uint32_t parallelism : {2U, 3U})
    fail_each_allocation("in planning a restore",
                         [&] { return planned(job.graph(), parallelism, metadata); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_failing_allocations
