// A `_metadata` as the plan of a restore reads it, of the job in tests/runtime/
// sample_job.hpp: it is refused, or each key group of what was saved goes to one task,
// the one that it belongs to.
#include "runtime/restore_plan.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "tests/fuzz/fuzz_job.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format metadata_envelope{
    {'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, 1, "checkpoint metadata"};

/// What operator `saved` had in each group, in the plan `restored`.
void check_groups(const operator_metadata& saved, const execution_plan& plan,
                  const restore_plan& restored, chain_index chain) {
  const auto has_rows = [](const subtask_metadata& subtask) {
    return subtask.keyed.has_value();
  };
  if (std::ranges::none_of(saved.subtasks, has_rows))
    return; // and its number of groups may be any
  std::vector<int> owners(saved.max_parallelism);
  for (const planned_task& task : plan.tasks) {
    if (task.chain != chain)
      continue;
    const auto own = key_groups_of(task.subtask, plan.chains[chain].parallelism,
                                   saved.max_parallelism);
    for (const keyed_source& source : restored[task.id.value].keyed) {
      FUZZ_REQUIRE(source.groups.first >= own.first && source.groups.last <= own.last,
                   saved.name);
      for (unsigned group = source.groups.first; group <= source.groups.last; ++group)
        ++owners.at(group);
    }
  }
  for (const subtask_metadata& subtask : saved.subtasks) {
    const auto groups =
        key_groups_of(subtask.index, saved.parallelism, saved.max_parallelism);
    for (unsigned group = groups.first; group <= groups.last; ++group)
      FUZZ_REQUIRE(owners.at(group) == (subtask.keyed ? 1 : 0), saved.name);
  }
}

void check_plan(const checkpoint_metadata& metadata, std::uint32_t parallelism) {
  execution_plan plan;
  if (refusal_of(
          [&] { plan = plan_execution(sample_graph(), parallelism, 0, &metadata); }))
    return;
  restore_plan restored;
  const auto refused = refusal_of([&] {
    restored = plan_restore(sample_graph(), plan, metadata.state_backend, metadata);
  });
  if (refused) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  const auto& chains = sample_graph().chains();
  for (const operator_metadata& saved : metadata.operators)
    for (chain_index chain = 0; chain < chains.size(); ++chain)
      if (chains[chain].name == saved.name)
        check_groups(saved, plan, restored, chain);
}

void check(byte_span bytes) {
  std::string refusal;
  auto metadata = try_decode_metadata(bytes, refusal);
  if (!metadata)
    return;
  for (const std::uint32_t parallelism : {1U, 2U, 3U})
    check_plan(*metadata, parallelism);
  skip_unclaimed(sample_graph(), *metadata);
  check_plan(*metadata, 2);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(metadata_envelope, data, size, check);
}
