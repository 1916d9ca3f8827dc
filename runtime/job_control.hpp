// What may be asked of a job while it runs, from any thread. Includes no third-party
// library.
//
// Lifecycle: 1. made by whoever runs the job  2. given to one run (run_options::control)
// 3. over: what is asked from then on, or has not been answered, fails.
#pragma once

#include "runtime/checkpoint_order.hpp"
#include "runtime/savepoint_order.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace weir {

class job_control {
public:
  /// Takes a savepoint, a new directory in `root`, and goes on; its path, or weir::error.
  /// Without a root that is execution.checkpointing.savepoint-dir.
  std::future<std::filesystem::path> savepoint(const std::filesystem::path& root = {}) {
    return order(root, after_savepoint::go_on);
  }
  /// Ends the job with a savepoint: nothing is processed behind its barrier. Then it has
  /// finished; if the savepoint fails, it goes on.
  std::future<std::filesystem::path> stop(const std::filesystem::path& root = {}) {
    return order(root, after_savepoint::stop);
  }
  /// Likewise, for a job that will not be resumed: its sources end, every deadline comes,
  /// and the savepoint is taken when nothing more comes of it.
  std::future<std::filesystem::path> drain(const std::filesystem::path& root = {}) {
    return order(root, after_savepoint::drain);
  }
  /// Takes a checkpoint now, and goes on; its path, or weir::error.
  std::future<std::filesystem::path>
  checkpoint(checkpoint_form form = checkpoint_form::as_configured);
  /// Ends it where it stands.
  void cancel();

  /// Where a run takes them.
  struct receiver {
    std::function<void(std::shared_ptr<const savepoint_order>)> order_savepoint;
    std::function<void(std::shared_ptr<const checkpoint_order>)> order_checkpoint;
    std::function<void()> cancel;
  };

private:
  friend class controlled_run;

  std::future<std::filesystem::path> order(const std::filesystem::path& root,
                                           after_savepoint then);

  std::mutex mutex_;
  std::optional<receiver> receiver_;
  bool over_ = false;
  bool cancelled_ = false;
  std::vector<std::shared_ptr<const savepoint_order>> early_;
  std::vector<std::shared_ptr<const checkpoint_order>> early_checkpoints_;
};

/// The run that a control was given to; it may be none.
class controlled_run {
public:
  explicit controlled_run(job_control* control) : control_(control) {}
  ~controlled_run();
  controlled_run(const controlled_run&) = delete;
  controlled_run& operator=(const controlled_run&) = delete;

  /// Where orders go from now on, those that have been given so far first.
  void receive(job_control::receiver receiver);
  /// Nobody takes them any more.
  void end_receiving();

private:
  job_control* control_;
};

} // namespace weir
