#include "runtime/checkpoint_admission.hpp"

#include "serialization/check.hpp"

#include <algorithm>

namespace weir {

checkpoint_admission::checkpoint_admission(const admission_rules& rules) : rules_(rules) {
  if (rules_.interval) // more often than the pause allows is never
    rules_.interval = std::max(*rules_.interval, rules_.min_pause);
}

void checkpoint_admission::start(time now) {
  stop();
  if (rules_.interval)
    due_ = now + *rules_.interval;
}

void checkpoint_admission::stop() {
  due_.reset();
  owed_ = false;
  requested_.clear();
  under_way_ = 0;
  alone_ = false;
}

bool checkpoint_admission::blocked() const {
  const bool wants_alone =
      !requested_.empty() && *requested_.begin() == checkpoint_request::savepoint;
  return alone_ || under_way_ >= (wants_alone ? 1 : rules_.concurrent);
}

std::optional<checkpoint_request> checkpoint_admission::next(time now) {
  count_due(now);
  if (blocked())
    return std::nullopt;
  checkpoint_request begins = checkpoint_request::periodic;
  if (!requested_.empty())
    begins = requested_.extract(requested_.begin()).value();
  else if (!owed_ || now < pause_over())
    return std::nullopt;
  else
    owed_ = false;
  ++under_way_;
  alone_ = begins == checkpoint_request::savepoint;
  return begins;
}

void checkpoint_admission::settled(time now, bool completed) {
  WEIR_CHECK(under_way_ > 0);
  --under_way_;
  alone_ = false;
  if (completed)
    completed_ = now;
}

std::optional<checkpoint_admission::time> checkpoint_admission::wake_at() const {
  if (blocked() || !due_)
    return std::nullopt;
  return std::max(owed_ ? time::min() : *due_, pause_over());
}

/// The next one comes due where it would have, had this one not been late.
void checkpoint_admission::count_due(time now) {
  if (!due_ || now < *due_)
    return;
  owed_ = true;
  const auto missed = (now - *due_) / *rules_.interval;
  *due_ += (missed + 1) * *rules_.interval;
}

checkpoint_admission::time checkpoint_admission::pause_over() const {
  return completed_ ? *completed_ + rules_.min_pause : time::min();
}

} // namespace weir
