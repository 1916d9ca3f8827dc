#include "runtime/config.hpp"

#include "runtime/config_foreign.hpp"
#include "runtime/config_options.hpp"
#include "runtime/state_memory.hpp"
#include "serialization/edit_distance.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

constexpr const char* code_origin = "the job's code";

[[noreturn]] void refuse_unknown(const std::string& name) {
  const auto nearest = nearest_to(name, config_options(), &config_option::name);
  throw error(failure::usage, fmt::format("unknown option '{}'; did you mean '{}'?", name,
                                          nearest->name));
}

/// Of an option that weir does not have: sets nothing, and throws unless Flink has it and
/// `value` asks for nothing that weir does not do anyway.
void accept_or_refuse(run_config& config, const std::string& name,
                      const std::string& value) {
  const foreign_verdict verdict = judge_foreign(name, value);
  switch (verdict.what) {
  case foreign_verdict::kind::accepted:
    if (!verdict.note.empty())
      config.warnings.push_back(verdict.note);
    return;
  case foreign_verdict::kind::unused:
  case foreign_verdict::kind::refused:
    throw error(failure::usage, verdict.note);
  case foreign_verdict::kind::unknown:
    refuse_unknown(name);
  }
}

/// Without what a file says of that which the code of the job says itself.
run_config without_outdone(run_config config, const backend_settings& of_job) {
  const auto in_file = [&given = config.given](const char* name) {
    const auto found = given.find(name);
    return found != given.end() && found->second.layer == option_layer::file;
  };
  if (in_file("state.backend.type"))
    config.state_backend.reset();
  if (of_job.memory_size_max != backend_settings().memory_size_max &&
      in_file("state.backend.memory.max-size"))
    config.memory_state_bytes_max.reset();
  if (of_job.compress && in_file("execution.checkpointing.snapshot-compression"))
    config.snapshots_compressed.reset();
  if (of_job.memory_max > 0 && in_file("state.backend.rocksdb.memory.fixed-per-slot"))
    config.state_memory_per_slot.reset();
  if (of_job.memory_max > 0 && in_file("state.backend.rocksdb.memory.fixed-per-tm"))
    config.state_memory_per_process.reset();
  if (!of_job.data_root.empty() && in_file(data_dir_option))
    config.data_dir.clear();
  return config;
}

[[noreturn]] void refuse(const std::string& reason) {
  throw error(failure::usage, reason);
}

/// `chosen` has what the job says of it.
std::string chosen_data_root(const run_config& config, const backend_settings& chosen) {
  const bool has_files = chosen.kind != backend_kind::memory;
  if (!has_files && !config.data_dir.empty())
    refuse(std::string(data_dir_option) +
           " says where the files of checkpoints lie, and the memory backend writes "
           "none; leave it away, or choose another state.backend.type");
  if (!has_files || !config.data_dir.empty() || chosen.data_root.empty())
    return config.data_dir;
  return values::absolute_path(data_dir_option, chosen.data_root);
}

} // namespace

const std::vector<config_option>& config_options() {
  static const std::vector<config_option> options = [] {
    std::vector<config_option> all;
    for (auto* topic :
         {execution_options, checkpoint_options, state_options, restart_options})
      std::ranges::move(topic(), std::back_inserter(all));
    return all;
  }();
  return options;
}

const config_option* find_option(const std::string& name) {
  const auto& options = config_options();
  const auto found = std::ranges::find_if(options, [&](const config_option& each) {
    return each.name == name || std::ranges::count(each.aliases, name) > 0;
  });
  return found == options.end() ? nullptr : &*found;
}

const std::string& key_of(const config_option& option) {
  return option.sets.empty() ? option.name : option.sets;
}

void set_option(run_config& config, const std::string& name, const std::string& value,
                option_layer layer, const std::string& origin) {
  const config_option* option = find_option(name);
  if (option == nullptr)
    return accept_or_refuse(config, name, value);
  const std::string& key = key_of(*option);
  const auto said = config.given.find(key);
  const bool again = said != config.given.end();
  if (again && said->second.layer > layer)
    return;
  option->set(config, value);
  if (again && said->second.layer == layer && said->second.name != option->name)
    config.warnings.push_back(
        fmt::format("options {} and {} set the same; the last one counts, {}={}",
                    said->second.name, option->name, option->name, value));
  config.given.insert_or_assign(key, option_given{option->name, value, layer, origin});
}

run_config with_settings(run_config config, const job_settings& of_job) {
  for (const auto& [name, value] : of_job)
    set_option(config, name, value, option_layer::job, code_origin);
  return config;
}

run_config with_code(run_config config, const job_settings& of_job,
                     const std::optional<backend_settings>& backend) {
  config = with_settings(std::move(config), of_job);
  if (!backend)
    return config;
  set_option(config, "state.backend.type", to_string(backend->kind), option_layer::job,
             code_origin);
  if (!backend->data_root.empty())
    set_option(config, data_dir_option, backend->data_root, option_layer::job,
               code_origin);
  return config;
}

restart_strategy chosen_restarts(const run_config& config) {
  const auto otherwise = config.restart_attempts      ? restart_kind::fixed_delay
                         : config.checkpoint_interval ? restart_kind::exponential_delay
                                                      : restart_kind::none;
  switch (config.restart.value_or(otherwise)) {
  case restart_kind::fixed_delay:
    return fixed_delay{config.restart_attempts.value_or(1), config.restart_delay};
  case restart_kind::exponential_delay:
    return config.restart_backoff;
  case restart_kind::failure_rate:
    return config.restart_rate;
  case restart_kind::none:
    break;
  }
  return no_restarts{};
}

backend_settings chosen_backend(const run_config& given,
                                const std::optional<backend_settings>& of_job,
                                std::uint32_t keyed_subtasks,
                                std::uint64_t machine_memory) {
  const run_config config = of_job ? without_outdone(given, *of_job) : given;
  backend_settings chosen = of_job.value_or(backend_settings());
  if (config.state_backend)
    chosen.kind = *config.state_backend;
  if (config.memory_state_bytes_max)
    chosen.memory_size_max = *config.memory_state_bytes_max;
  if (config.snapshots_compressed)
    chosen.compress = *config.snapshots_compressed;
  // The other kinds have all rows in memory whatever one says.
  const bool limited = chosen.kind == backend_kind::rocksdb;
  chosen.memory_max = limited ? memory_of_subtask(config, chosen.memory_max,
                                                  keyed_subtasks, machine_memory)
                              : 0;
  chosen.direct_reads = config.state_direct_io;
  chosen.inline_max = config.inline_bytes_max;
  chosen.data_root = chosen_data_root(config, chosen);
  return chosen;
}

std::vector<std::string> contradictions(const run_config& config) {
  std::vector<std::string> found;
  if (config.max_parallelism != 0 && config.parallelism > config.max_parallelism)
    found.push_back(
        fmt::format("parallelism {} is above pipeline.max-parallelism {}; lower the "
                    "one or raise the other",
                    config.parallelism, config.max_parallelism));
  if (config.checkpoint_min_pause.count() > 0 && config.checkpoints_concurrent > 1)
    found.push_back(
        fmt::format("execution.checkpointing.min-pause ({} ms) keeps checkpoints apart, "
                    "execution.checkpointing.max-concurrent-checkpoints ({}) lets them "
                    "overlap; set the one to 0 or the other to 1",
                    config.checkpoint_min_pause.count(), config.checkpoints_concurrent));
  if (config.unaligned && !config.exactly_once)
    found.emplace_back(
        "execution.checkpointing.unaligned.enabled needs "
        "execution.checkpointing.mode=EXACTLY_ONCE: at least once, no barrier waits for "
        "another, so there is nothing to overtake; leave one of them away");
  if (config.unaligned && config.checkpoints_concurrent > 1)
    found.push_back(
        fmt::format("execution.checkpointing.unaligned.enabled needs "
                    "execution.checkpointing.max-concurrent-checkpoints=1, not {}: "
                    "records that wait can be part of one checkpoint only; leave one of "
                    "them away",
                    config.checkpoints_concurrent));
  return found;
}

void check_config(const run_config& config) {
  const std::vector<std::string> found = contradictions(config);
  if (!found.empty())
    refuse(found.front());
}

} // namespace weir
