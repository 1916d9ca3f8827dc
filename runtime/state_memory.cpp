#include "runtime/state_memory.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t megabyte = 1 << 20;
// Less would go for the blocks that are read at a time and rows that are being changed.
constexpr std::uint64_t least = 16 * megabyte;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

std::uint64_t refuse_below_least(std::uint64_t bytes, const std::string& who) {
  if (bytes >= least)
    return bytes;
  throw error(failure::usage,
              fmt::format("{} gives each subtask with keyed state {} kb of memory; it "
                          "needs at least {} mb: give more or lower the parallelism",
                          who, bytes >> 10, least / megabyte));
}

/// "max" and a file that is not there are no limit.
std::uint64_t limit_in(const fs::path& file) {
  std::uint64_t bytes = 0;
  return std::ifstream(file) >> bytes ? bytes : no_limit;
}

/// The lowest from `root` down to the group that is `path` below it. In a container the
/// root is the group itself, and `path` may be one that only the host knows.
std::uint64_t limit_of_group(const fs::path& root, const fs::path& path,
                             const char* file) {
  std::uint64_t lowest = limit_in(root / file);
  fs::path group = root;
  for (const fs::path& name : path.relative_path()) {
    group /= name;
    lowest = std::min(lowest, limit_in(group / file));
  }
  return lowest;
}

/// By lines such as "4:memory:/name" (version 1) and "0::/name" (version 2).
std::uint64_t limit_of_groups(const fs::path& proc, const fs::path& groups) {
  std::uint64_t lowest = no_limit;
  std::ifstream lines(proc / "self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = std::min(line.find(':'), line.size() - 1) + 1;
    const std::string kind_and_path = line.substr(begin);
    const std::size_t end = kind_and_path.find(':');
    if (end == kind_and_path.npos)
      continue;
    const std::string kind = kind_and_path.substr(0, end);
    const fs::path path = kind_and_path.substr(end + 1);
    if (kind.empty())
      lowest = std::min(lowest, limit_of_group(groups, path, "memory.max"));
    else if (kind == "memory")
      lowest = std::min(lowest,
                        limit_of_group(groups / "memory", path, "memory.limit_in_bytes"));
  }
  return lowest;
}

} // namespace

std::uint32_t keyed_subtasks(const job_graph& graph, const execution_plan& plan) {
  const auto keyed = [&](const planned_task& task) {
    return std::ranges::any_of(
        graph.chains()[task.chain].operators,
        [](const stateful_operator& op) { return !op.keyed_states.empty(); });
  };
  return static_cast<std::uint32_t>(std::ranges::count_if(plan.tasks, keyed));
}

std::uint64_t machine_memory(const fs::path& proc, const fs::path& groups) {
  std::uint64_t kilobytes = 0;
  std::ifstream figures(proc / "meminfo");
  std::string name;
  if (!(figures >> name >> kilobytes) || name != "MemTotal:")
    return 0;
  return std::min(kilobytes << 10, limit_of_groups(proc, groups));
}

std::uint64_t memory_of_subtask(const run_config& config, std::uint64_t of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory) {
  if (keyed_subtasks == 0)
    return 0;
  if (config.state_memory_per_slot)
    return refuse_below_least(*config.state_memory_per_slot,
                              "option state.backend.rocksdb.memory.fixed-per-slot");
  if (config.state_memory_per_process)
    return refuse_below_least(*config.state_memory_per_process / keyed_subtasks,
                              "option state.backend.rocksdb.memory.fixed-per-tm");
  if (of_job > 0)
    return refuse_below_least(of_job, "the job");
  if (!config.state_memory_managed || machine_memory == 0)
    return 0;
  // Nobody asked for a size: many subtasks on a small machine are no reason to refuse.
  return std::max(machine_memory / 10 * 4 / keyed_subtasks, least);
}

} // namespace weir
