#include "apps/weir/text_console.hpp"

#include "apps/weir/number_text.hpp"
#include "apps/weir/printable.hpp"
#include "apps/weir/summary.hpp"

#include <fmt/format.h>

namespace weir::cli {

namespace {

constexpr std::chrono::seconds between_lines{10};
constexpr std::chrono::milliseconds between_frames{500};

} // namespace

void line_console::started(const std::string& job_id,
                           const std::filesystem::path& job_directory) {
  const std::lock_guard lock(mutex_);
  if (job_directory.empty())
    print(fmt::format("job {} started; no checkpoints are taken, so its state is lost "
                      "when it ends (set execution.checkpointing.interval)",
                      job_id));
  else
    print(
        fmt::format("job {} started, checkpoints in {}", job_id, job_directory.string()));
}

void line_console::restoring(const std::filesystem::path& checkpoint, bool claimed) {
  const std::lock_guard lock(mutex_);
  initial_ = checkpoint.filename();
  print(fmt::format("restoring from {}{}", checkpoint.string(),
                    claimed ? "; it is claimed: removed once this run has completed as "
                              "many checkpoints of its own as are kept"
                            : ""));
}

void line_console::watchable(const std::function<job_figures()>& look) {
  ticker_.emplace(between_lines, [this, look] {
    const std::lock_guard lock(mutex_);
    print_progress(look());
  });
}

void line_console::print_progress(const job_figures& now) {
  const auto looked_at = clock::now();
  print(progress_text(looked_at - began_, before_, now, looked_at - looked_at_));
  before_ = now;
  looked_at_ = looked_at;
}

/// What a run begins with may be a savepoint; its own checkpoints have greater ids.
void line_console::restored(checkpoint_id id, attempt_id attempt) {
  const std::lock_guard lock(mutex_);
  if (attempt.value == 1)
    initial_id_ = id;
  print(id == initial_id_ ? "restored from " + initial_
                          : fmt::format("restored from chk-{}", id.value));
}

void line_console::completed(const completed_checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  const std::string in_flight =
      checkpoint.in_flight_bytes == 0
          ? ""
          : fmt::format(", {} of it in flight", byte_text(checkpoint.in_flight_bytes));
  print(fmt::format("checkpoint {} completed in {:.1f} ms, {}{}", checkpoint.id.value,
                    seconds(checkpoint.duration) * 1e3, byte_text(checkpoint.files_bytes),
                    in_flight));
}

void line_console::saved(const completed_checkpoint& savepoint) {
  const std::lock_guard lock(mutex_);
  print(fmt::format("savepoint {} completed in {:.1f} ms, {}",
                    savepoint.directory.string(), seconds(savepoint.duration) * 1e3,
                    byte_text(savepoint.files_bytes)));
}

void line_console::restarting(const std::string& cause, attempt_id next,
                              std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  print(fmt::format("failed: {}; attempt {} begins in {} ms", cause, next.value,
                    delay.count()));
}

void line_console::warned(const std::string& of) {
  const std::lock_guard lock(mutex_);
  print("warning: " + of);
}

void line_console::cancelling() {
  const std::lock_guard lock(mutex_);
  print("cancelling the job; a second signal ends it at once");
}

void line_console::ends_at_once(const std::string& problem,
                                const std::optional<std::string>& resume) {
  const std::lock_guard lock(mutex_);
  print("error: " + problem);
  command_ = resume;
  failed();
}

void line_console::ended(const job_report& report) {
  ticker_.reset();
  const std::lock_guard lock(mutex_);
  write_error_lines(summary_text(report));
  print_end(report);
}

void line_console::print(const std::string& line) {
  write_error(printable(line) + "\n");
}

void line_console::print_end(const job_report& report) {
  command_ = command_after(report);
  const std::string how = command_ ? "; resume it with:" : "";
  if (report.cancelled)
    print(fmt::format("job {} cancelled after {:.2f} s{}", report.job_id,
                      seconds(report.duration),
                      command_ ? how : "; no checkpoint of it is kept to resume from"));
  else if (report.savepoint)
    print(fmt::format("job {} stopped with savepoint {}{}", report.job_id,
                      report.savepoint->string(), how));
  if (command_ && (report.cancelled || report.savepoint))
    print("  " + *command_);
}

void line_console::failed() {
  if (command_)
    write_error_lines(fmt::format("resume it with:\n  {}\n", *command_));
}

void live_console::started(const std::string& job_id,
                           const std::filesystem::path& job_directory) {
  line_console::started(job_id, job_directory);
  moment_.job_id = job_id;
}

void live_console::watchable(const std::function<job_figures()>& look) {
  {
    const std::lock_guard lock(mutex_);
    look_ = look;
    looked_at_ = clock::now();
    draw();
  }
  ticker_.emplace(between_frames, [this] {
    const std::lock_guard lock(mutex_);
    draw();
  });
}

/// The next frame tells how long ago that is.
void live_console::completed(const completed_checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  completed_at_ = clock::now();
  moment_.checkpoint = checkpoint_seen{checkpoint.id.value, {}};
}

void live_console::restarting(const std::string& cause, attempt_id next,
                              std::chrono::milliseconds delay) {
  line_console::restarting(cause, next, delay);
  const std::lock_guard lock(mutex_);
  ++moment_.restarts;
}

void live_console::ended(const job_report& report) {
  ticker_.reset();
  {
    const std::lock_guard lock(mutex_);
    write_error(painter_.erase(size_of_error().columns));
  }
  line_console::ended(report);
}

void live_console::print(const std::string& line) {
  write_error(painter_.erase(size_of_error().columns) + printable(line) + "\n");
}

void live_console::draw() {
  const auto now = clock::now();
  moment_.elapsed = now - began_;
  moment_.between = now - looked_at_;
  looked_at_ = now;
  moment_.before = std::exchange(moment_.now, look_());
  moment_.wall_clock = std::chrono::system_clock::now();
  if (moment_.checkpoint)
    moment_.checkpoint->age = now - completed_at_;
  const terminal_size size = size_of_error();
  write_error(painter_.draw(live_frame(moment_, size), size.columns));
}

} // namespace weir::cli
