#include "bench/engine/soak_run.hpp"

#include "bench/engine/engine_job.hpp"
#include "bench/harness/course_watch.hpp"

#include <string>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

/// States of every size come and go with each key, and with them its row.
class accounts {
public:
  using output = std::uint64_t;

  explicit accounts(state_binder& state)
      : balance_(state.value<std::uint64_t>("balance")),
        owner_(state.value<std::string>("owner")),
        latest_(state.list<std::uint64_t>("latest")),
        limits_(state.map<std::uint32_t, std::uint64_t>("limits")) {}

  void process(const record& r, auto& out) {
    const auto drawn = static_cast<std::uint64_t>(r.value);
    switch (drawn % 8) {
    case 0:
      balance_.clear();
      owner_.clear();
      latest_.clear();
      limits_.clear();
      break;
    case 1:
      owner_.edit().assign(8 + drawn / 8 % 57, 'x');
      break;
    case 2:
      keep_latest(drawn);
      break;
    case 3:
      ++limits_.edit(static_cast<std::uint32_t>(drawn / 8 % 8));
      break;
    case 4:
      limits_.erase(static_cast<std::uint32_t>(drawn / 8 % 8));
      break;
    default:
      out.emit(++balance_.edit());
    }
  }

private:
  void keep_latest(std::uint64_t drawn) {
    if (latest_.size() == 8)
      latest_.clear();
    latest_.add(drawn);
  }

  value_state<std::uint64_t> balance_;
  value_state<std::string> owner_;
  list_state<std::uint64_t> latest_;
  map_state<std::uint32_t, std::uint64_t> limits_;
};

/// Files come and go while they are counted.
double files_below(const fs::path& directory) {
  double files = 0;
  std::error_code gone;
  for (fs::recursive_directory_iterator each(directory, gone), end; each != end;
       each.increment(gone))
    files += each->is_regular_file(gone) ? 1 : 0;
  return files;
}

} // namespace

run_figures run_soak(const soak_params& params) {
  run_config config;
  config.checkpoint_interval = params.interval;
  config.checkpoint_dir = params.work_directory.string();
  config.checkpoints_retained = 1;
  memory_watch memory(std::chrono::milliseconds(50));
  course_watch files(std::chrono::milliseconds(50), [&params] {
    return files_below(params.work_directory) / static_cast<double>(params.parallelism);
  });
  finished_job done = run_engine(
      params.records, params.parallelism, config,
      [&](job& target, const std::shared_ptr<verdict>& result) {
        target.source("changes", stream_of(params.records, params.keys, 1))
            .key_by(&record::key)
            .process<accounts>("accounts")
            .sink("balances",
                  add_up(result, [](std::uint64_t balance) { return balance; }));
      });
  const auto of_memory = memory.stop();
  const auto of_files = files.stop();
  done.figures.extra = {
      {"memory_first", of_memory.first_third},
      {"memory_last", of_memory.last_third},
      {"memory_growth", of_memory.last_third - of_memory.first_third},
      {"files_first", of_files.first_third},
      {"files_last", of_files.last_third},
      {"files_peak", of_files.peak},
      {"files_growth", of_files.last_third - of_files.first_third},
      {"checkpoints", static_cast<double>(done.report.checkpoints.size())}};
  return done.figures;
}

} // namespace weir::bench
