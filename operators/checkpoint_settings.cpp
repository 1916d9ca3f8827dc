#include "operators/checkpoint_settings.hpp"

namespace weir {

namespace {

const char* text_of(bool value) {
  return value ? "true" : "false";
}

const char* text_of(checkpoint_retention when) {
  switch (when) {
  case checkpoint_retention::never:
    return "NO_EXTERNALIZED_CHECKPOINTS";
  case checkpoint_retention::on_failure:
    return "DELETE_ON_CANCELLATION";
  case checkpoint_retention::on_cancellation:
    break;
  }
  return "RETAIN_ON_CANCELLATION";
}

} // namespace

checkpoint_settings& checkpoint_settings::every(duration interval, checkpoint_mode mode) {
  set("mode", mode == exactly_once ? "EXACTLY_ONCE" : "AT_LEAST_ONCE");
  return set("interval", interval);
}

checkpoint_settings& checkpoint_settings::min_pause(duration pause) {
  return set("min-pause", pause);
}

checkpoint_settings& checkpoint_settings::timeout(duration limit) {
  return set("timeout", limit);
}

checkpoint_settings& checkpoint_settings::sync_phase_timeout(duration limit) {
  return set("sync-phase-timeout", limit);
}

checkpoint_settings& checkpoint_settings::max_concurrent(std::uint32_t checkpoints) {
  return set("max-concurrent-checkpoints", std::to_string(checkpoints));
}

checkpoint_settings& checkpoint_settings::tolerable_failures(std::uint32_t checkpoints) {
  return set("tolerable-failed-checkpoints", std::to_string(checkpoints));
}

checkpoint_settings& checkpoint_settings::fail_on_error(bool fails) {
  return set("fail-on-checkpoint-error", text_of(fails));
}

checkpoint_settings& checkpoint_settings::retain(checkpoint_retention when) {
  return set("externalized-checkpoint-retention", text_of(when));
}

checkpoint_settings& checkpoint_settings::keep(std::uint32_t checkpoints) {
  return set("num-retained", std::to_string(checkpoints));
}

checkpoint_settings& checkpoint_settings::compress(bool on) {
  return set("snapshot-compression", on ? "zstd" : "none");
}

checkpoint_settings& checkpoint_settings::unaligned(bool on) {
  return set("unaligned.enabled", text_of(on));
}

checkpoint_settings& checkpoint_settings::aligned_timeout(duration limit) {
  return set("aligned-checkpoint-timeout", limit);
}

checkpoint_settings& checkpoint_settings::after_tasks_finish(bool on) {
  return set("checkpoints-after-tasks-finish.enabled", text_of(on));
}

checkpoint_settings& checkpoint_settings::force_iterations(bool on) {
  return set("force", text_of(on));
}

checkpoint_settings& checkpoint_settings::set(const char* name, std::string value) {
  options_.emplace_back(std::string("execution.checkpointing.") + name, std::move(value));
  return *this;
}

checkpoint_settings& checkpoint_settings::set(const char* name, duration value) {
  return set(name, std::to_string(value.count()) + " ms");
}

} // namespace weir
