#include "runtime/restart_policy.hpp"

#include <algorithm>

namespace weir {

using std::chrono::milliseconds;

restart_policy::restart_policy(restart_strategy strategy, random_stream random)
    : strategy_(std::move(strategy)), random_(random) {}

restart_policy::pause restart_policy::failed(time now) {
  return std::visit([&](const auto& strategy) { return after(strategy, now); },
                    strategy_);
}

restart_policy::pause restart_policy::after(const no_restarts&, time) {
  return std::nullopt;
}

restart_policy::pause restart_policy::after(const fixed_delay& strategy, time) {
  if (used_ == strategy.attempts)
    return std::nullopt;
  ++used_;
  return strategy.delay;
}

restart_policy::pause restart_policy::after(const failure_rate& strategy, time now) {
  while (!failures_.empty() && now - failures_.front() > strategy.interval)
    failures_.pop_front();
  failures_.push_back(now);
  if (failures_.size() > strategy.failures_max)
    return std::nullopt;
  return strategy.delay;
}

restart_policy::pause restart_policy::after(const exponential_delay& strategy, time now) {
  if (!restarted_at_ || now - *restarted_at_ >= strategy.reset_after) {
    backoff_ = strategy.initial;
    used_ = 0;
  }
  if (strategy.attempts != exponential_delay::unlimited && used_ == strategy.attempts)
    return std::nullopt;
  ++used_;
  const double chance = 2 * random_.unit() - 1;
  const auto drawn =
      std::chrono::round<milliseconds>(backoff_ * (1 + chance * strategy.jitter));
  const milliseconds delay = std::min(std::max(drawn, strategy.initial),
                                      std::max(strategy.initial, strategy.max));
  backoff_ = std::min<decltype(backoff_)>(backoff_ * strategy.multiplier, strategy.max);
  restarted_at_ = now + delay;
  return delay;
}

} // namespace weir
