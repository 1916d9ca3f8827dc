// The console for programs: one JSON object a line.
#pragma once

#include "apps/weir/console.hpp"
#include "apps/weir/json_events.hpp"
#include "apps/weir/standard_error.hpp"
#include "apps/weir/ticker.hpp"

namespace weir::cli {

class json_console final : public console {
public:
  using console::console;

  void started(const std::string& job_id,
               const std::filesystem::path& job_directory) override {
    tell(now().started(job_id, job_directory));
  }
  void restoring(const std::filesystem::path& checkpoint, bool claimed) override {
    tell(now().restoring(checkpoint, claimed));
  }
  void watchable(const std::function<job_figures()>& look) override {
    ticker_.emplace(std::chrono::seconds(10),
                    [this, began = std::chrono::steady_clock::now(), look] {
                      const auto elapsed = std::chrono::steady_clock::now() - began;
                      tell(now().progress(elapsed, look()));
                    });
  }
  void restored(checkpoint_id id, attempt_id attempt) override {
    tell(now().restored(id, attempt));
  }
  void completed(const completed_checkpoint& checkpoint) override {
    tell(now().checkpoint(checkpoint));
  }
  void saved(const completed_checkpoint& savepoint) override {
    tell(now().savepoint(savepoint));
  }
  void restarting(const std::string& cause, attempt_id next,
                  std::chrono::milliseconds delay) override {
    tell(now().restarting(cause, next, delay));
  }
  void warned(const std::string& of) override { tell(now().warning(of)); }
  void cancelling() override { tell(now().cancelling()); }
  void failed() override {} // the event of its end says how to go on
  void ends_at_once(const std::string& problem,
                    const std::optional<std::string>& resume) override {
    tell(now().failed(static_cast<int>(failure::job_failed), problem, resume));
  }
  void ended(const job_report& report) override {
    ticker_.reset();
    tell(now().ended(report, command_after(report)));
  }

private:
  static json_events now() { return json_events(utc_now_ms()); }
  void tell(const std::string& line) {
    const std::lock_guard lock(mutex_); // a long line is more than one write
    write_error_lines(line);
  }

  std::mutex mutex_;
  std::optional<ticker> ticker_; // last: it uses the others
};

} // namespace weir::cli
