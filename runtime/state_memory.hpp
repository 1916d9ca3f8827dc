// How much memory the rows of a subtask may take: what the options or the job say, else a
// part of what the machine has.
#pragma once

#include "runtime/config.hpp"
#include "runtime/execution_plan.hpp"

#include <filesystem>

namespace weir {

/// Subtasks that keep rows by key.
std::uint32_t keyed_subtasks(const job_graph& graph, const execution_plan& plan);

/// What this process may have: that of the machine, or less if a control group of the
/// process, or one around it, says so. 0: nobody knows.
std::uint64_t machine_memory(const std::filesystem::path& proc = "/proc",
                             const std::filesystem::path& groups = "/sys/fs/cgroup");

/// As backend_settings::memory_max; `of_job` is what the job says of it. No machine: only
/// a size that somebody gave is a limit. Throws failure::usage for one that is too small.
std::uint64_t memory_of_subtask(const run_config& config, std::uint64_t of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory);

} // namespace weir
