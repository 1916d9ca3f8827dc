#include "runtime/task_failure.hpp"

#include <fmt/format.h>

namespace weir {

error task_failure(const chain& of, const planned_task& task, failure kind,
                   std::string_view reason, std::string_view in_hand) {
  std::string line =
      fmt::format("operator '{}', subtask {}: {}", of.name, task.subtask, reason);
  if (!in_hand.empty())
    line += fmt::format(" (while processing: {})", in_hand);
  return {kind, line};
}

} // namespace weir
