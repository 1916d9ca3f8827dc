#include "runtime/config_options.hpp"

namespace weir {

namespace {

auto a_backend() {
  const std::string wanted = "rocksdb, filesystem or memory";
  return value_of{"text",
                  [wanted](const std::string& name, const std::string& value) {
                    const auto kind = backend_of_name(value);
                    if (!kind)
                      values::refuse(name, value, wanted);
                    return *kind;
                  },
                  values::words_in(wanted)};
}

} // namespace

std::vector<config_option> state_options() {
  return {
      option("state.backend.type", a_backend(), "rocksdb",
             "What a checkpoint writes of keyed state: rocksdb (what has changed), "
             "filesystem (all rows of a task, in a file; also hashmap) or memory (all "
             "rows, in `_metadata`; also jobmanager).",
             &run_config::state_backend, {"state.backend"}),
      option("state.backend.memory.max-size", a_size(), "5 mb",
             "What a task may keep in the memory backend; with more no checkpoint can be "
             "taken.",
             &run_config::memory_state_bytes_max),
      option("state.backend.rocksdb.memory.managed", a_boolean(), "true",
             "Whether the rocksdb backend's rows take 0.4 of the memory that the machine "
             "has, or the control group of the process, an equal part for each subtask "
             "with keyed state; false: as much as they need. The sizes below come before "
             "it.",
             &run_config::state_memory_managed),
      option("state.backend.rocksdb.memory.fixed-per-slot", a_size_or_none(), "none",
             "Memory for the rows of each subtask with keyed state, at least 16 mb; "
             "none: see state.backend.rocksdb.memory.fixed-per-tm.",
             &run_config::state_memory_per_slot),
      option("state.backend.rocksdb.memory.fixed-per-tm", a_size_or_none(), "none",
             "Memory for the rows of all subtasks with keyed state, an equal part for "
             "each; none: what the job says, or see "
             "state.backend.rocksdb.memory.managed.",
             &run_config::state_memory_per_process),
      option("state.backend.rocksdb.direct-io", a_boolean(), "false",
             "Whether the rocksdb backend reads and compacts past the kernel's cache. "
             "The file system has to have direct I/O.",
             &run_config::state_direct_io),
  };
}

} // namespace weir
