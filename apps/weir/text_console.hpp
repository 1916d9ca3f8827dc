// The consoles for people: lines, a view that is redrawn in place, or hardly anything.
#pragma once

#include "apps/weir/console.hpp"
#include "apps/weir/standard_error.hpp"
#include "apps/weir/ticker.hpp"

namespace weir::cli {

/// A line for everything that happens, one with the progress now and then, and a summary.
class line_console : public console {
public:
  using console::console;

  void started(const std::string& job_id,
               const std::filesystem::path& job_directory) override;
  void restoring(const std::filesystem::path& checkpoint, bool claimed) override;
  void watchable(const std::function<job_figures()>& look) override;
  void restored(checkpoint_id id, attempt_id attempt) override;
  void completed(const completed_checkpoint& checkpoint) override;
  void saved(const completed_checkpoint& savepoint) override;
  void restarting(const std::string& cause, attempt_id next,
                  std::chrono::milliseconds delay) override;
  void warned(const std::string& of) override;
  void cancelling() override;
  void failed() override;
  void ends_at_once(const std::string& problem,
                    const std::optional<std::string>& resume) override;
  void ended(const job_report& report) override;

protected:
  using clock = std::chrono::steady_clock;

  /// A line among others.
  virtual void print(const std::string& line);
  /// How the job ended: how to go on with it if it has not finished.
  void print_end(const job_report& report);

  // By whom the methods are called: one at a time.
  std::mutex mutex_;
  clock::time_point began_ = clock::now();

private:
  void print_progress(const job_figures& now);

  std::optional<std::string> command_; // that goes on with it, once it is over
  std::string initial_;                // the name of what the run has begun with
  std::optional<checkpoint_id> initial_id_;
  job_figures before_;
  clock::time_point looked_at_ = began_;
  std::optional<ticker> ticker_; // last: it uses the others
};

/// Nothing, unless somebody has to do something.
class quiet_console final : public line_console {
public:
  using line_console::line_console;

  void started(const std::string&, const std::filesystem::path&) override {}
  void restoring(const std::filesystem::path&, bool) override {}
  void watchable(const std::function<job_figures()>&) override {}
  void restored(checkpoint_id, attempt_id) override {}
  void completed(const completed_checkpoint&) override {}
  void saved(const completed_checkpoint&) override {}
  void ended(const job_report& report) override { print_end(report); }
};

/// The view below the lines of what is out of the ordinary; in the end the summary takes
/// its place.
class live_console final : public line_console {
public:
  using line_console::line_console;

  void started(const std::string& job_id,
               const std::filesystem::path& job_directory) override;
  void watchable(const std::function<job_figures()>& look) override;
  void completed(const completed_checkpoint& checkpoint) override;
  void restarting(const std::string& cause, attempt_id next,
                  std::chrono::milliseconds delay) override;
  void ended(const job_report& report) override;

private:
  void print(const std::string& line) override;
  void draw();

  std::function<job_figures()> look_;
  frame_painter painter_{may_color()};
  view_moment moment_;
  clock::time_point looked_at_;
  clock::time_point completed_at_;
  std::optional<ticker> ticker_; // last: it uses the others
};

} // namespace weir::cli
