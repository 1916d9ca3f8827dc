#include "runtime/config_options.hpp"

namespace weir {

namespace {

constexpr std::uint64_t attempts_max = 4'000'000'000;
constexpr double multiplier_max = 1000;

std::vector<config_option> strategy_options() {
  using kind = std::optional<restart_kind>;
  return {
      option("restart-strategy.type",
             a_word<kind>({{"derived", std::nullopt},
                           {"none", restart_kind::none},
                           {"off", restart_kind::none},
                           {"disable", restart_kind::none},
                           {"fixed-delay", restart_kind::fixed_delay},
                           {"fixeddelay", restart_kind::fixed_delay},
                           {"exponential-delay", restart_kind::exponential_delay},
                           {"exponentialdelay", restart_kind::exponential_delay},
                           {"failure-rate", restart_kind::failure_rate},
                           {"failurerate", restart_kind::failure_rate}},
                          "none, fixed-delay, exponential-delay or failure-rate"),
             "derived",
             "Whether a failed job is restored from its newest checkpoint: none, "
             "fixed-delay, exponential-delay or failure-rate; derived: fixed-delay if "
             "restart-strategy.fixed-delay.attempts is set, else exponential-delay if "
             "checkpoints are taken, else none.",
             &run_config::restart, {"restart-strategy"}),
      option("restart-strategy.fixed-delay.attempts", a_whole_number(0, attempts_max),
             "1", "fixed-delay: how often the job is restored before it fails.",
             &run_config::restart_attempts),
      option("restart-strategy.fixed-delay.delay", a_duration(0), "1 s",
             "fixed-delay: pause before the job is restored.",
             &run_config::restart_delay),
  };
}

std::vector<config_option> exponential_options() {
  const auto field = [](auto exponential_delay::*member) {
    return [member](run_config & config) -> auto& {
      return config.restart_backoff.*member;
    };
  };
  const std::string name = "restart-strategy.exponential-delay.";
  return {
      option(name + "initial-backoff", a_duration(1), "1 s",
             "exponential-delay: the first pause.", field(&exponential_delay::initial)),
      option(name + "max-backoff", a_duration(1), "1 min",
             "exponential-delay: the longest pause.", field(&exponential_delay::max)),
      option(name + "backoff-multiplier", a_number(1, multiplier_max), "1.5",
             "exponential-delay: how much longer each pause is than the one before.",
             field(&exponential_delay::multiplier)),
      option(name + "reset-backoff-threshold", a_duration(1), "1 h",
             "exponential-delay: how long an attempt has to hold for the first pause to "
             "be due again.",
             field(&exponential_delay::reset_after)),
      option(name + "jitter-factor", a_number(0, 1), "0.1",
             "exponential-delay: by what share a pause is longer or shorter, at random.",
             field(&exponential_delay::jitter)),
      option(name + "attempts-before-reset-backoff",
             a_whole_number_or("infinite", exponential_delay::unlimited, 1, attempts_max),
             "infinite",
             "exponential-delay: how often the job is restored before it fails, if no "
             "attempt holds for the threshold.",
             field(&exponential_delay::attempts)),
  };
}

std::vector<config_option> rate_options() {
  const auto field = [](auto failure_rate::*member) {
    return [member](run_config & config) -> auto& {
      return config.restart_rate.*member;
    };
  };
  const std::string name = "restart-strategy.failure-rate.";
  return {
      option(name + "max-failures-per-interval", a_whole_number(1, attempts_max), "1",
             "failure-rate: failures that may fall into the interval.",
             field(&failure_rate::failures_max)),
      option(name + "failure-rate-interval", a_duration(1), "1 min",
             "failure-rate: the interval, which ends with the newest failure.",
             field(&failure_rate::interval)),
      option(name + "delay", a_duration(0), "1 s",
             "failure-rate: pause before the job is restored.",
             field(&failure_rate::delay)),
  };
}

} // namespace

std::vector<config_option> restart_options() {
  std::vector<config_option> all;
  for (auto* topic : {strategy_options, exponential_options, rate_options})
    std::ranges::move(topic(), std::back_inserter(all));
  return all;
}

} // namespace weir
