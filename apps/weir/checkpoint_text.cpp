#include "apps/weir/checkpoint_text.hpp"

#include "apps/weir/number_text.hpp"
#include "serialization/error.hpp"
#include "serialization/json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

namespace weir::cli {

// Their names are in what scripts read: adding fields is fine, renaming them is not.
namespace documents {

struct listed {
  std::string job_id; // the name of its directory
  bool running;
  std::uint64_t checkpoint;
  std::string directory;
  bool complete;
  std::optional<std::string> problem;
  std::optional<std::string> job_name;
  std::optional<std::int64_t> completed_at_ms;
  std::optional<std::uint64_t> bytes;
  std::vector<std::string> operators;
  static constexpr std::array weir_fields{
      "job_id",  "running",  "checkpoint",      "directory", "complete",
      "problem", "job_name", "completed_at_ms", "bytes",     "operators"};
};

struct file {
  std::string name;
  std::uint64_t bytes;
  std::string checksum;
  bool shared;
  bool in_metadata;
  static constexpr std::array weir_fields{"name", "bytes", "checksum", "shared",
                                          "in_metadata"};
};
struct state {
  std::string name;
  std::string kind;
  std::string key_type;
  std::string value_type;
  static constexpr std::array weir_fields{"name", "kind", "key_type", "value_type"};
};
struct of_operator {
  std::string name;
  std::uint32_t parallelism;
  std::uint32_t max_parallelism;
  std::vector<state> states;
  std::vector<std::vector<file>> subtasks;
  static constexpr std::array weir_fields{"name", "parallelism", "max_parallelism",
                                          "states", "subtasks"};
};
struct in_flight {
  file with;
  std::vector<std::string> chains; // to which its records were on their way
  static constexpr std::array weir_fields{"file", "to"};
};
struct shown {
  std::uint64_t checkpoint;
  std::string directory;
  std::optional<std::string> data_directory; // of its files, if that is another one
  std::string job_id;
  std::string job_name;
  std::string weir_version;
  std::string state_backend;
  std::int64_t triggered_at_ms;
  std::int64_t completed_at_ms;
  std::uint64_t files;
  std::uint64_t bytes;
  std::vector<of_operator> operators;
  std::vector<in_flight> overtaken;
  static constexpr std::array weir_fields{
      "checkpoint",   "directory",     "data_directory",  "job_id",          "job_name",
      "weir_version", "state_backend", "triggered_at_ms", "completed_at_ms", "files",
      "bytes",        "operators",     "in_flight"};
};

struct removed {
  std::string directory;
  std::uint64_t bytes;
  bool shared_kept;
  static constexpr std::array weir_fields{"removed", "bytes", "shared_kept"};
};

} // namespace documents

namespace {

template <class Document>
std::string json_line(const Document& document) {
  std::string text;
  append_json(text, document);
  return text += '\n';
}

/// What a checkpoint says of itself may have anything in it that a terminal obeys.
template <class... Args>
std::string shown_line(fmt::format_string<Args...> format, Args&&... args) {
  return one_line(fmt::format(format, std::forward<Args>(args)...)) + '\n';
}

std::string utc_text(std::int64_t ms) {
  constexpr std::int64_t end_ms = 253'402'300'800'000; // of the year 9999
  if (ms < 0 || ms >= end_ms)
    return fmt::format("{} ms since 1970", ms);
  const auto whole = static_cast<std::time_t>(ms / 1000);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(whole));
}

/// "12 s ago"; a clock that has been set back makes nothing younger than now.
std::string age_text(std::int64_t then_ms, std::int64_t now_ms) {
  return duration_text(time_between(then_ms, now_ms)) + " ago";
}

std::vector<std::string> operator_names(const checkpoint_metadata& metadata) {
  std::vector<std::string> names;
  for (const operator_metadata& op : metadata.operators)
    names.push_back(op.name);
  return names;
}

std::string listed_text(const listed_checkpoint& checkpoint, std::int64_t now_ms) {
  const std::string name = checkpoint.directory.filename().string();
  if (!checkpoint.complete)
    return shown_line("  {:<10} incomplete", name);
  if (!checkpoint.metadata)
    return shown_line("  {:<10} damaged: its _metadata {}", name, checkpoint.problem);
  const checkpoint_metadata& metadata = *checkpoint.metadata;
  return shown_line("  {:<10} complete  {:>18}  {:>9}  {}", name,
                    age_text(metadata.completed_at_ms, now_ms),
                    byte_text(size_of(metadata).bytes),
                    fmt::join(operator_names(metadata), ", "));
}

documents::file document_of(const file_handle& file, bool shared) {
  return {file.name, file.size, file.sum.hex(), shared, bool(file.content)};
}

std::vector<documents::file> files_of(const subtask_metadata& subtask) {
  std::vector<documents::file> files;
  const auto add = [&](bool shared, const file_handle& file) {
    files.push_back(document_of(file, shared));
  };
  if (subtask.keyed) {
    add(false, subtask.keyed->file);
    for (const file_handle& file : subtask.keyed->shared)
      add(true, file);
  }
  if (subtask.operator_state)
    add(false, *subtask.operator_state);
  return files;
}

std::string operator_text(const operator_metadata& op) {
  std::string text =
      shown_line("operator '{}', {} {}, max parallelism {}", op.name, op.parallelism,
                 op.parallelism == 1 ? "task" : "tasks", op.max_parallelism);
  for (const state_description& state : op.states)
    text += shown_line("  state '{}': {} of {}, key {}", state.name, state.kind,
                       state.value_type, state.key_type);
  for (const subtask_metadata& subtask : op.subtasks)
    for (const documents::file& file : files_of(subtask))
      text += shown_line(
          "  task {}: {}{}, {}", subtask.index, file.shared ? "shared/" : "", file.name,
          byte_text(file.bytes) + (file.in_metadata ? " in _metadata" : ""));
  return text;
}

std::string in_flight_text(const in_flight_metadata& overtaken) {
  std::string text = fmt::format("in flight: {}, {}", overtaken.file.name,
                                 byte_text(overtaken.file.size));
  for (const in_flight_edge& edge : overtaken.edges)
    text += fmt::format(", {} for input {} of '{}'", edge.type, edge.input, edge.chain);
  return shown_line("{}", text);
}

documents::of_operator document_of(const operator_metadata& op) {
  documents::of_operator document{op.name, op.parallelism, op.max_parallelism, {}, {}};
  for (const state_description& state : op.states)
    document.states.push_back({state.name, state.kind, state.key_type, state.value_type});
  for (const subtask_metadata& subtask : op.subtasks)
    document.subtasks.push_back(files_of(subtask));
  return document;
}

} // namespace

std::string text_of(const listed_job& job, std::int64_t now_ms) {
  std::string name;
  for (const listed_checkpoint& checkpoint : job.checkpoints)
    if (checkpoint.metadata)
      name = ": " + checkpoint.metadata->job_name;
  std::string text =
      shown_line("{}{}{}", job.directory.string(), name, job.running ? " (running)" : "");
  for (const listed_checkpoint& checkpoint : job.checkpoints)
    text += listed_text(checkpoint, now_ms);
  return text;
}

std::string json_of(const listed_job& job) {
  std::string text;
  for (const listed_checkpoint& checkpoint : job.checkpoints) {
    const auto& metadata = checkpoint.metadata;
    documents::listed document{metadata && metadata->savepoint
                                   ? metadata->job_id
                                   : job.directory.filename().string(),
                               job.running,
                               checkpoint.id.value,
                               checkpoint.directory.string(),
                               checkpoint.complete,
                               {},
                               {},
                               {},
                               {},
                               {}};
    if (!checkpoint.problem.empty())
      document.problem = checkpoint.problem;
    if (metadata) {
      document.job_name = metadata->job_name;
      document.completed_at_ms = metadata->completed_at_ms;
      document.bytes = size_of(*metadata).bytes;
      document.operators = operator_names(*metadata);
    }
    text += json_line(document);
  }
  return text;
}

std::string text_of(const located_checkpoint& checkpoint, std::int64_t now_ms) {
  const checkpoint_metadata& metadata = checkpoint.metadata;
  const checkpoint_size size = size_of(metadata);
  const auto took = time_between(metadata.triggered_at_ms, metadata.completed_at_ms);
  std::string text = shown_line("checkpoint {}", checkpoint.directory.string());
  text += shown_line("job {}, {}", metadata.job_id, metadata.job_name);
  text += shown_line("written by weir {}, state backend {}", metadata.weir_version,
                     metadata.state_backend);
  text += shown_line("triggered {}, completed {} ms later, {}",
                     utc_text(metadata.triggered_at_ms), took.count(),
                     age_text(metadata.completed_at_ms, now_ms));
  text += shown_line("{} in {} files, {} of them in shared/ ({})", byte_text(size.bytes),
                     size.files, size.shared_files, byte_text(size.shared_bytes));
  if (checkpoint.data != checkpoint.directory)
    text += shown_line("files in {}", checkpoint.data.string());
  for (const operator_metadata& op : metadata.operators)
    text += operator_text(op);
  for (const in_flight_metadata& overtaken : metadata.in_flight)
    text += in_flight_text(overtaken);
  return text;
}

std::string json_of(const located_checkpoint& checkpoint) {
  const checkpoint_metadata& metadata = checkpoint.metadata;
  const checkpoint_size size = size_of(metadata);
  documents::shown document{metadata.id.value,
                            checkpoint.directory.string(),
                            {},
                            metadata.job_id,
                            metadata.job_name,
                            metadata.weir_version,
                            metadata.state_backend,
                            metadata.triggered_at_ms,
                            metadata.completed_at_ms,
                            size.files,
                            size.bytes,
                            {},
                            {}};
  if (checkpoint.data != checkpoint.directory)
    document.data_directory = checkpoint.data.string();
  for (const operator_metadata& op : metadata.operators)
    document.operators.push_back(document_of(op));
  for (const in_flight_metadata& overtaken : metadata.in_flight) {
    auto& shown = document.overtaken.emplace_back(
        documents::in_flight{document_of(overtaken.file, false), {}});
    for (const in_flight_edge& edge : overtaken.edges)
      shown.chains.push_back(edge.chain);
  }
  return json_line(document);
}

std::string text_of(const removal& done, const std::filesystem::path& checkpoint) {
  return fmt::format("removed {}, {}{}\n", checkpoint.string(), byte_text(done.bytes),
                     done.shared_kept
                         ? "; shared files stay, because the metadata of another "
                           "checkpoint there cannot be read"
                         : "");
}

std::string json_of(const removal& done, const std::filesystem::path& checkpoint) {
  return json_line(documents::removed{checkpoint.string(), done.bytes, done.shared_kept});
}

} // namespace weir::cli
