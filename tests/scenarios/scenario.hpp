// What the scenarios have in common: how barriers go, and what a job tells.
#pragma once

#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace weir::testing {

using run_settings = std::map<std::string, std::string>;

struct alignment_settings {
  const char* name;
  run_settings settings;
};

/// Barriers that wait, that overtake, and that overtake when they have waited.
inline std::vector<alignment_settings> every_alignment() {
  const std::string unaligned = "execution.checkpointing.unaligned.enabled";
  const std::string timeout = "execution.checkpointing.aligned-checkpoint-timeout";
  return {{"aligned", {}},
          {"unaligned", {{unaligned, "true"}}},
          {"aligned for 5 ms", {{unaligned, "true"}, {timeout, "5ms"}}}};
}

struct told_of_run : job_observer {
  std::vector<completed_checkpoint> taken;
  std::vector<checkpoint_id> restores;
  std::vector<std::string> warnings;
  std::function<void()> on_completed, on_restarting, on_warned;

  void completed(const completed_checkpoint& checkpoint) override {
    taken.push_back(checkpoint);
    if (on_completed)
      on_completed();
  }
  void restored(checkpoint_id id, attempt_id) override { restores.push_back(id); }
  void restarting(const std::string&, attempt_id, std::chrono::milliseconds) override {
    if (on_restarting)
      on_restarting();
  }
  void warned(const std::string& of) override {
    warnings.push_back(of);
    if (on_warned)
      on_warned();
  }
  std::size_t warnings_of(const std::string& part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        warnings, [&](const std::string& each) { return each.find(part) != each.npos; }));
  }
};

/// A directory, an observer, and options that take a checkpoint every 10 ms.
struct scenario {
  temporary_directory place;
  told_of_run told;
  run_options options{
      .parallelism = 2,
      .settings = {{"execution.checkpointing.interval", "10ms"},
                   {"execution.checkpointing.dir", place.path() / "checkpoints"},
                   {"restart-strategy.fixed-delay.attempts", "100"},
                   {"restart-strategy.fixed-delay.delay", "0"}},
      .observer = &told,
  };

  void set(const run_settings& more) {
    for (const auto& [name, value] : more)
      options.settings[name] = value;
  }
};

} // namespace weir::testing
