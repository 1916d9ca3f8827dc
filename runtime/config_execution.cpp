#include "runtime/config_options.hpp"
#include "state/key_group.hpp"

namespace weir {

namespace {

/// Flink's users write -1 for what is derived.
auto a_max_parallelism() {
  return value_of{"whole number", [](const std::string& name, const std::string& value) {
                    return value == "derived" || value == "-1"
                               ? 0
                               : values::whole_number(name, value, 1,
                                                      max_parallelism_limit);
                  }};
}

} // namespace

std::vector<config_option> execution_options() {
  return {
      option("parallelism.default", a_whole_number(1, max_parallelism_limit), "1",
             "Subtasks of every operator (also: -p).", &run_config::parallelism),
      option("pipeline.max-parallelism", a_max_parallelism(), "derived",
             "Number of key groups, the bound for the parallelism for as long as the "
             "state lives; derived: 1.5 times the parallelism, rounded up to a power of "
             "two, at least 128.",
             &run_config::max_parallelism),
      option("execution.buffer-timeout.interval", a_duration(0), "2 ms",
             "How long a record may wait in a batch that is not full; 0: for one slice "
             "of work.",
             &run_config::buffer_timeout, {"execution.buffer-timeout"}),
      option("pipeline.auto-watermark-interval", a_duration(1), "200 ms",
             "Time between two watermarks of a task, at least.",
             &run_config::watermark_interval),
      option("pipeline.read-limit.rows-per-second",
             a_whole_number_or("none", 0, 1, 1'000'000'000), "none",
             "Rows that each subtask of a source reads in a second, at most; none: as "
             "many as the stream takes.",
             &run_config::source_rows_per_second),
      option("pipeline.iteration.max-bytes", a_size(), "64 mb",
             "What may wait in a task of an iteration to go round again, in bytes of "
             "records; more fails the job.",
             &run_config::iteration_bytes_max),
      option(
          "task.cancellation.timeout", a_duration(0), "3 min",
          "How long tasks may take to come to an end when they are to, because the job "
          "fails, is cancelled or restarts; then the process ends without them. 0: as "
          "long as they like.",
          &run_config::cancellation_timeout),
  };
}

} // namespace weir
