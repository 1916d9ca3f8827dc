// Checkpoints that are committed with the source, one of each backend: they open for
// ever. When a new version of a format comes, new ones are added beside them:
// WEIR_WRITE_GOLDEN names a directory to write them into.
#include "state/checkpoint_directory.hpp"
#include "state/open_backend.hpp"
#include "tests/state/bound_sample.hpp"
#include "tests/state/disk_fixture.hpp"

#include <cstdlib>

namespace weir::test::test_golden_checkpoints {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t tasks = 2;

using counts = keyed_table<std::uint64_t, std::uint64_t>;
using model_rows = std::map<std::uint64_t, model>;

/// What the golden checkpoints contain. Frozen.
model_rows golden_rows() {
  const event_time then{1'000s};
  model full{.value = 7,
             .name = "seven",
             .list = {"a", "", "ccc"},
             .map = {{1, "one"}, {2, "two"}},
             .most = 42,
             .sum = 11,
             .deadline = then,
             .deadlines = {then + 1s, then + 2s}};
  model only_value;
  only_value.value = 1;
  model only_list;
  only_list.list = {"alone"};
  return {{7, full}, {8, only_value}, {500, only_list}, {501, full}};
}

void write(states& bound, const model& what) {
  if (what.value)
    bound.value.set(*what.value);
  if (what.name)
    bound.name.set(*what.name);
  for (const std::string& each : what.list)
    bound.list.add(each);
  for (const auto& [key, value] : what.map)
    bound.map.put(key, value);
  if (what.most)
    bound.most.add(*what.most);
  if (what.sum != 0)
    bound.sum.add(what.sum);
  if (what.deadline)
    bound.one.set(*what.deadline);
  for (const event_time each : what.deadlines)
    bound.many.add(each);
}

std::uint32_t owner(std::uint64_t key) {
  return subtask_of(key_group_of(hash_of(key), bound_groups), tasks, bound_groups);
}

keyed_handle saved(keyed_state& state, const backend_settings& settings,
                   checkpoint_directory& job, const std::string& label) {
  const auto disk = open_backend(settings, job.create_work_directory({1}, label));
  state.seal();
  while (state.encode_some()) {
  }
  while (const auto run = state.take_run())
    disk->ingest(*run->rows);
  return disk->snapshot(job.checkpoint_path({1}), job.shared_path(), label + ".keyed");
}

operator_metadata operator_of(const std::string& name,
                              std::vector<state_description> states) {
  return {name, tasks, bound_groups, std::move(states), {}};
}

void write_golden(backend_kind kind, const fs::path& root) {
  const backend_settings settings{.kind = kind, .compress = true};
  checkpoint_directory job(root, to_string(kind));
  job.begin({1});
  auto clicks = operator_of("clicks", {});
  auto counted = operator_of("counts", {counts::description("value")});
  for (std::uint32_t subtask = 0; subtask < tasks; ++subtask) {
    bound_table<std::uint64_t> bound;
    counts plain(bound_groups);
    for (const auto& [key, what] : golden_rows())
      if (owner(key) == subtask) {
        bound.bound.row().enter(key, hash_of(key));
        write(*bound.function, what);
        bound.bound.row().leave();
        plain.rows().write(key, hash_of(key)).value = 3 * key;
      }
    const std::string number = "-" + std::to_string(subtask);
    clicks.subtasks.push_back(
        {subtask, saved(bound.bound, settings, job, "clicks" + number), {}});
    counted.subtasks.push_back(
        {subtask, saved(plain, settings, job, "counts" + number), {}});
  }
  checkpoint_metadata metadata{.id = {1},
                               .job_id = "golden",
                               .job_name = "golden",
                               .weir_version = "0.1",
                               .state_backend = to_string(kind),
                               .operators = {clicks, counted}};
  job.commit(metadata);
}

keyed_origin origin_of(const located_checkpoint& checkpoint, std::size_t op) {
  keyed_origin origin{checkpoint.directory, checkpoint.shared, {}};
  for (const subtask_metadata& subtask : checkpoint.metadata.operators[op].subtasks)
    origin.sources.push_back(
        {*subtask.keyed, key_groups_of(subtask.index, tasks, bound_groups)});
  return origin;
}

void load(keyed_state& state, backend& from) {
  const auto cursor = from.scan();
  for (bool more = true; more;) {
    encoded_rows read = state.empty_rows();
    more = cursor->read(read, 100);
    for (std::size_t at = 0; at < read.rows();)
      at = state.restore(read, at, 100);
  }
}

struct golden_fixture : scratch_directory {
  /// By one task, which takes over both.
  void opens(const fs::path& checkpoint, backend_kind kind) const {
    const located_checkpoint located = locate_checkpoint(checkpoint);
    verify_checkpoint(located);
    BOOST_TEST(located.metadata.state_backend == to_string(kind));
    bound_table<std::uint64_t> bound;
    load(bound.bound, *open_backend({.kind = kind}, make("clicks-" + to_string(kind)),
                                    origin_of(located, 0)));
    counts plain(bound_groups);
    load(plain, *open_backend({.kind = kind}, make("counts-" + to_string(kind)),
                              origin_of(located, 1)));
    BOOST_TEST(bound.bound.rows().size() == golden_rows().size());
    for (const auto& [key, what] : golden_rows()) {
      bound.bound.row().enter(key, hash_of(key));
      BOOST_TEST((bound.function->read() == what));
      bound.bound.row().leave();
      BOOST_TEST_REQUIRE(plain.rows().find(key) != nullptr);
      BOOST_TEST(*plain.rows().find(key) == 3 * key);
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(golden_checkpoints, golden_fixture)

BOOST_AUTO_TEST_CASE(those_of_every_backend_open) {
  for (const backend_kind kind :
       {backend_kind::rocksdb, backend_kind::filesystem, backend_kind::memory}) {
    if (const char* place = std::getenv("WEIR_WRITE_GOLDEN"))
      write_golden(kind, place);
    for (const auto& version :
         fs::directory_iterator(fs::path(WEIR_GOLDEN_DIR) / "checkpoints"))
      opens(version.path() / to_string(kind) / "chk-1", kind);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_golden_checkpoints
