#include "bench/engine/inspect_runs.hpp"

#include "bench/engine/rows_on_disk.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/page_supplier.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"

#include <sys/resource.h>

#include <cstdlib>
#include <stdexcept>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

using counts = keyed_table<std::uint64_t, std::uint64_t>;

double children_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string quoted(const fs::path& path) {
  return std::string("'").append(path.string()).append("'");
}

} // namespace

inspected_checkpoint::inspected_checkpoint(const fs::path& directory, std::uint64_t rows)
    : rows_(rows) {
  checkpoint_directory job(directory, "inspected");
  job.begin({1});
  const auto state = open_rocksdb_backend(job.create_work_directory({1}, "counts"));
  {
    page_supplier pages;
    counts table(durable_groups, &pages);
    for (std::uint64_t key = 0; key < rows; ++key)
      table.rows().write(key, weir::hash_of(key)).value = key * 7;
    state->ingest(*run_of(table));
  }
  const keyed_handle saved =
      state->snapshot(job.checkpoint_path({1}), job.shared_path(), "counts-0.keyed");
  checkpoint_metadata metadata;
  metadata.id = {1};
  metadata.job_id = "inspected";
  metadata.state_backend = "rocksdb";
  operator_metadata& op = metadata.operators.emplace_back();
  op.name = "counts";
  op.parallelism = 1;
  op.max_parallelism = durable_groups;
  op.states = {counts::declare("value").description};
  op.subtasks.emplace_back().keyed = saved;
  checkpoint_ = job.checkpoint_path({1});
  for (const file_handle& file : saved.shared) {
    files_.append(" ").append(quoted(job.shared_path() / file.name));
    bytes_ += file.size;
  }
  files_.append(" ").append(quoted(checkpoint_ / saved.file.name));
  bytes_ += saved.file.size;
  job.commit(metadata);
}

run_figures inspected_checkpoint::timed(const std::string& command,
                                        std::uint64_t records) const {
  const double before = children_seconds();
  const run_clock clock;
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("this failed: " + command);
  run_figures figures = clock.stop(records);
  figures.cpu_seconds = children_seconds() - before;
  return figures;
}

run_figures inspected_checkpoint::dump(bool json, bool pipe) const {
  return timed(std::string(WEIR_BENCH_COMMAND) + " state dump " +
                   (json ? "--json " : "") + quoted(checkpoint_) +
                   (pipe ? " | cat > /dev/null" : " > /dev/null"),
               rows_);
}

run_figures inspected_checkpoint::verify() const {
  return timed(std::string(WEIR_BENCH_COMMAND) + " checkpoint verify " +
                   quoted(checkpoint_) + " > /dev/null",
               bytes_);
}

run_figures inspected_checkpoint::xxhsum() const {
  return timed("xxhsum -q -H2" + files_ + " > /dev/null", bytes_);
}

bool has_xxhsum() {
  return std::system("command -v xxhsum > /dev/null") == 0;
}

} // namespace weir::bench
