// What `weir list` and `weir info` print for people. Pure: the moment is a parameter.
#pragma once

#include "apps/weir/control/control_messages.hpp"

#include <string>
#include <vector>

namespace weir::cli {

/// A line for each job.
std::string text_of(const std::vector<job_info>& jobs, std::int64_t now_ms);
/// All about one.
std::string text_of(const job_info& job, std::int64_t now_ms);

/// When the last checkpoint was, as it should be judged: "7.2 s ago, chk-42"; with a
/// warning if it was more than three intervals ago.
std::string checkpoint_age(const job_info& job, std::int64_t now_ms);

} // namespace weir::cli
