#include "bench/engine/increment_run.hpp"

#include "bench/engine/rows_on_disk.hpp"
#include "operators/random.hpp"
#include "state/page_supplier.hpp"
#include "state/rocksdb/rocksdb_backend.hpp"
#include "state/storage/local_files.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <thread>

namespace weir::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t row_bytes = 24;
constexpr std::size_t encoded_bytes = sizeof(key_group) + row_bytes;
constexpr std::uint64_t key_seed = 3;

/// All that a process or a thread has passed to write() and its like so far.
double bytes_written_by(const char* whose) {
  std::ifstream counters(std::string("/proc/") + whose + "/io");
  std::string name;
  double value = 0;
  while (counters >> name >> value)
    if (name == "wchar:")
      return value;
  throw std::runtime_error("reading the bytes written: the kernel does not count them");
}

class incremental_state {
public:
  explicit incremental_state(const increment_params& params)
      : params_(params), shared_(new_directory(params.work_directory, "shared")),
        checkpoint_(new_directory(params.work_directory, "chk")),
        state_(open_rocksdb_backend(new_directory(params.work_directory, "db"))),
        table_(durable_groups, &pages_) {
    for (std::uint64_t key = 0; key < params.keys; ++key)
      write(key, 0);
    state_->ingest(*run_of(table_));
    take_snapshot();
  }

  run_figures run() {
    const double before = bytes_written_by("self");
    const run_clock clock;
    auto due = std::chrono::steady_clock::now();
    for (std::uint64_t number = 1; number <= params_.snapshots; ++number) {
      due += std::chrono::milliseconds(params_.interval_ms);
      increment(number);
      std::this_thread::sleep_until(due);
    }
    run_figures figures = clock.stop(rows_);
    const double changed = static_cast<double>(rows_) * encoded_bytes;
    const double live = static_cast<double>(params_.keys) * encoded_bytes;
    figures.extra = {{"runs", runs_ / changed},
                     {"written", (bytes_written_by("self") - before) / changed},
                     {"files", static_cast<double>(files_)},
                     {"space", space_ / live},
                     {"keyed_kib", keyed_ / 1024}};
    return figures;
  }

private:
  void write(std::uint64_t number, std::uint64_t seed) {
    const std::uint64_t key =
        params_.scattered ? random_stream(key_seed, number).next() : number;
    write_row<row_bytes>(table_, key, seed);
  }

  void increment(std::uint64_t number) {
    random_stream random(number, 0);
    const std::uint64_t changes = params_.keys * params_.changed_percent / 100;
    for (std::uint64_t i = 0; i < changes; ++i)
      write(random.below(params_.keys), number);
    const auto run = run_of(table_);
    rows_ += run->rows();
    // Compaction has a thread of its own.
    const double before = bytes_written_by("thread-self");
    state_->ingest(*run);
    runs_ += bytes_written_by("thread-self") - before;
    take_snapshot();
  }

  void take_snapshot() {
    const keyed_handle handle = state_->snapshot(checkpoint_, shared_, "rows.keyed");
    fsync_directory(checkpoint_);
    auto space = static_cast<double>(handle.file.size);
    std::set<std::string> named;
    for (const file_handle& file : handle.shared) {
      space += static_cast<double>(file.size);
      named.insert(file.name);
    }
    files_ = std::max(files_, named.size());
    space_ = std::max(space_, space);
    keyed_ = std::max(keyed_, static_cast<double>(handle.file.size));
    for (const auto& entry :
         fs::directory_iterator(shared_)) // as if it were the only one
      if (!named.contains(entry.path().filename()))
        fs::remove(entry.path());
  }

  increment_params params_;
  fs::path shared_;
  fs::path checkpoint_;
  std::unique_ptr<backend> state_;
  page_supplier pages_;
  table_of<row_bytes> table_;
  std::uint64_t rows_ = 0; // changed
  double runs_ = 0;
  std::size_t files_ = 0;
  double space_ = 0;
  double keyed_ = 0;
};

} // namespace

run_figures run_increments(const increment_params& params) {
  return incremental_state(params).run();
}

} // namespace weir::bench
