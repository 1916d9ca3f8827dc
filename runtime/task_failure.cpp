#include "runtime/task_failure.hpp"

#include <fmt/format.h>

namespace weir {

error task_failure(const chain& of, const planned_task& task, const error& cause,
                   std::string_view in_hand) {
  std::string line =
      fmt::format("operator '{}', subtask {}: {}", of.name, task.subtask, cause.what());
  if (!in_hand.empty())
    line += fmt::format(" (while processing: {})", in_hand);
  return {cause.kind(), line};
}

} // namespace weir
