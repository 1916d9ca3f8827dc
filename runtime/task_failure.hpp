// What everybody is told when a task has thrown.
#pragma once

#include "runtime/execution_plan.hpp"
#include "serialization/error.hpp"

#include <string_view>

namespace weir {

/// `in_hand`: the record that was being processed, as text; or empty.
error task_failure(const chain& of, const planned_task& task, const error& cause,
                   std::string_view in_hand);

} // namespace weir
