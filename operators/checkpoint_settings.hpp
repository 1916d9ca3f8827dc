// What the code of a job says about its checkpoints. Every line is the option of the same
// meaning (docs/configuration.md), so the one table of options judges it; an option that
// is given when the job is run counts more.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// What a record counts after a failure: once, or at least once and with less waiting.
enum class checkpoint_mode : std::uint8_t { exactly_once, at_least_once };
inline constexpr auto exactly_once = checkpoint_mode::exactly_once;
inline constexpr auto at_least_once = checkpoint_mode::at_least_once;

/// Of which jobs that are over the checkpoints are kept; those of one that has finished
/// never are.
enum class checkpoint_retention : std::uint8_t {
  never,
  on_failure,      // also called DELETE_ON_CANCELLATION
  on_cancellation, // and on failure; also called RETAIN_ON_CANCELLATION
};
inline constexpr auto never = checkpoint_retention::never;
inline constexpr auto on_failure = checkpoint_retention::on_failure;
inline constexpr auto on_cancellation = checkpoint_retention::on_cancellation;

/// Options by name, in the order in which they were set.
using job_settings = std::vector<std::pair<std::string, std::string>>;

class checkpoint_settings {
public:
  using duration = std::chrono::milliseconds;

  /// From the beginning of one to that of the next.
  checkpoint_settings& every(duration interval, checkpoint_mode mode = exactly_once);
  /// From the end of one to the beginning of the next, at least.
  checkpoint_settings& min_pause(duration pause);
  /// One that takes longer is given up.
  checkpoint_settings& timeout(duration limit);
  /// A task that its sinks or its state keep at a barrier for longer fails the attempt.
  checkpoint_settings& sync_phase_timeout(duration limit);
  checkpoint_settings& max_concurrent(std::uint32_t checkpoints);
  /// So many may fail in a row; one more fails the job's attempt.
  checkpoint_settings& tolerable_failures(std::uint32_t checkpoints);
  /// True: as tolerable_failures(0); false: any number of them is tolerated.
  checkpoint_settings& fail_on_error(bool fails);
  checkpoint_settings& retain(checkpoint_retention when);
  /// So many complete ones are kept.
  checkpoint_settings& keep(std::uint32_t checkpoints);
  checkpoint_settings& compress(bool on = true);
  /// Barriers overtake the records that wait.
  checkpoint_settings& unaligned(bool on = true);
  /// They do so only once the checkpoint is so old; 0: at once.
  checkpoint_settings& aligned_timeout(duration limit);
  /// False: none is taken once a task of the job has come to its end.
  checkpoint_settings& after_tasks_finish(bool on = true);
  /// A job with an iteration takes them, too, without the records that are in a loop:
  /// whoever resumes from one has lost those.
  checkpoint_settings& force_iterations(bool on = true);

  const job_settings& options() const noexcept { return options_; }

private:
  checkpoint_settings& set(const char* name, std::string value);
  checkpoint_settings& set(const char* name, duration value);

  job_settings options_;
};

} // namespace weir
