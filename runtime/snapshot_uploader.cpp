#include "runtime/snapshot_uploader.hpp"

#include "runtime/in_flight_plan.hpp"
#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"
#include "serialization/error.hpp"
#include "state/migrate_rows.hpp"
#include "state/row_expiry.hpp"
#include "state/save_rows.hpp"

#include <algorithm>
#include <limits>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t restore_chunk_rows = std::size_t{1} << 16;

std::shared_ptr<const operator_parts>
read_parts(const located_checkpoint& checkpoint,
           const std::vector<std::optional<file_handle>>& files) {
  auto parts = std::make_shared<operator_parts>();
  for (const auto& file : files)
    parts->push_back(file ? std::optional(read_checkpoint_file(checkpoint.data, *file))
                          : std::nullopt);
  return parts;
}

} // namespace

snapshot_uploader::snapshot_uploader(const job_graph& graph, const execution_plan& plan,
                                     const backend_settings& settings, attempt_id attempt,
                                     checkpoint_directory* directory)
    : graph_(graph), plan_(plan), settings_(settings), attempt_(attempt),
      directory_(directory) {}

snapshot_uploader::~snapshot_uploader() {
  cursors_.clear();
  backends_.clear();
  if (!directory_)
    return;
  for (const auto& [id, names] : unfinished_)
    directory_->abandon(id);
  directory_->remove_work_directories(attempt_);
  // What only an unfinished checkpoint or a database had referred to.
  directory_->prune(std::numeric_limits<std::size_t>::max(), {});
}

std::vector<task_start> snapshot_uploader::restore(const located_checkpoint& checkpoint) {
  const auto planned =
      plan_restore(graph_, plan_, to_string(settings_.kind), checkpoint.metadata);
  std::map<std::string, std::shared_ptr<const operator_parts>> parts; // by operator
  std::vector<task_start> starts;
  for (const restored_task& restored : planned) {
    task_start& start = starts.emplace_back();
    for (const restored_operator& op : restored.operators) {
      if (op.own)
        start.saved.emplace(op.name, read_checkpoint_file(checkpoint.data, *op.own));
      if (op.before.empty())
        continue;
      auto& all = parts[op.name];
      if (!all)
        all = read_parts(checkpoint, op.before);
      start.before.emplace(op.name, all);
    }
    if (restored.keyed.empty())
      continue;
    auto& opened = backends_[restored.task];
    opened = restore_rows(checkpoint, restored);
    cursors_[restored.task] = opened->scan();
  }
  crash_point("restore.operators-read");
  return starts;
}

std::vector<std::vector<batch_in_flight>>
snapshot_uploader::restore_in_flight(const located_checkpoint& checkpoint) const {
  const auto& saved = checkpoint.metadata.in_flight;
  std::vector<in_flight_file> files;
  for (const in_flight_metadata& each : saved)
    files.push_back(decode_in_flight(read_checkpoint_file(checkpoint.data, each.file),
                                     (checkpoint.data / each.file.name).string()));
  if (!files.empty())
    crash_point("restore.in-flight-read");
  return divide_in_flight(graph_, plan_, saved, files);
}

/// A backend with the rows of a task, as the job declares them.
std::unique_ptr<backend>
snapshot_uploader::restore_rows(const located_checkpoint& checkpoint,
                                const restored_task& restored) {
  const keyed_origin origin{checkpoint.data, checkpoint.shared, restored.keyed};
  const std::string label = keyed_label(restored.task);
  const auto directory = directory_->create_work_directory(attempt_, label);
  backend_settings as_written = settings_;
  if (checkpoint.metadata.savepoint || checkpoint.metadata.row_files)
    as_written.kind = backend_kind::filesystem; // it has row files
  if (!restored.migration && as_written.kind == settings_.kind)
    return open_backend(settings_, directory, origin, rows_expire(restored.task));
  const auto written = open_backend(
      as_written, directory_->create_work_directory(attempt_, label + ".before"), origin);
  auto declared = open_backend(settings_, directory, rows_expire(restored.task));
  migrate_rows(*written, restored.migration.get(),
               plan_.chain_of(plan_.task(restored.task)).max_parallelism, *declared);
  crash_point("restore.migrated");
  return declared;
}

void snapshot_uploader::read_rows(task_id task, encoded_rows& rows) {
  const auto cursor = cursors_.find(task);
  WEIR_CHECK(cursor != cursors_.end());
  crash_point("restore.rows-read");
  if (!cursor->second->read(rows, restore_chunk_rows) && rows.empty())
    cursors_.erase(cursor);
}

std::shared_ptr<row_reader> snapshot_uploader::reader(task_id task) {
  if (keyed_operator_of(task) == nullptr || directory_ == nullptr)
    return nullptr;
  if (!has_rows(task) && settings_.memory_max == 0)
    return nullptr;
  return backend_of(task).reader();
}

/// A failure here is that of the attempt: of what could not be synced once, a second
/// fsync says nothing.
void snapshot_uploader::take_in(const upload_request& request) {
  if (request.run) {
    backend& rows = backend_of(request.task);
    if (rows_expire(request.task))
      rows.expire(request.now);
    rows.ingest(*request.run);
    crash_point("ingest.done");
  }
  if (!request.checkpoint || abandoned_.contains(*request.checkpoint))
    return;
  for (const auto& saved : request.operators)
    if (saved.make_durable)
      saved.make_durable();
  crash_point("upload.output-durable");
}

std::optional<task_handle> snapshot_uploader::upload(upload_request request) {
  if (!request.checkpoint || abandoned_.contains(*request.checkpoint))
    return std::nullopt;
  const checkpoint_id id = *request.checkpoint;
  begin(id);
  task_handle handle{request.task, std::nullopt, {}};
  handle.ended = request.ended;
  const std::uint32_t subtask = plan_.task(request.task).subtask;
  for (auto& saved : request.operators) {
    handle.operators.emplace_back(
        saved.operator_name,
        save(id, subtask_label(saved.operator_name, subtask) + ".operator",
             std::move(saved.bytes)));
    crash_point("upload.operator-written");
  }
  if (request.run) {
    handle.keyed = save_keyed(id, request.task);
    for (const auto& file : handle.keyed->shared)
      unfinished_[id].insert(file.name);
  }
  crash_point("upload.done");
  if (!request.in_flight_follows)
    return handle;
  if (auto before = without_state_.extract(part_of{id, request.task})) {
    handle.in_flight = std::move(before.mapped());
    return handle;
  }
  without_in_flight_.emplace(part_of{id, request.task}, std::move(handle));
  return std::nullopt;
}

std::optional<task_handle> snapshot_uploader::upload(const data_in_flight& overtaken) {
  const checkpoint_id id = overtaken.checkpoint;
  if (abandoned_.contains(id))
    return std::nullopt;
  std::optional<in_flight_metadata> saved;
  if (!overtaken.input.empty() || !overtaken.output.empty()) {
    begin(id);
    auto encoded = gather_in_flight(graph_, plan_, overtaken);
    saved = {save(id, encoded.file_name, encode_in_flight(encoded.file)),
             std::move(encoded.edges)};
    crash_point("upload.in-flight-written");
  }
  if (auto before = without_in_flight_.extract(part_of{id, overtaken.task})) {
    before.mapped().in_flight = std::move(saved);
    return std::move(before.mapped());
  }
  without_state_.emplace(part_of{id, overtaken.task}, std::move(saved));
  return std::nullopt;
}

/// A savepoint needs no other file, and no backend to read it; no more does one that is
/// to be full.
keyed_handle snapshot_uploader::save_keyed(checkpoint_id id, task_id task) {
  const fs::path to = directory_->data_path(id);
  const std::string name = keyed_label(task) + ".keyed";
  keyed_handle saved =
      directory_->is_savepoint(id) || full_.contains(id)
          ? save_rows(backend_of(task), to, name, settings_.compress)
          : backend_of(task).snapshot(to, directory_->shared_path(), name);
  if (!saved.file.content && stands_in_metadata(saved.file.size)) {
    saved.file.content = read_file(to / name, failure::job_failed);
    std::error_code left; // it goes with the checkpoint
    fs::remove(to / name, left);
  }
  return saved;
}

void snapshot_uploader::begin_savepoint(checkpoint_id id, const fs::path& root) {
  directory_->begin_savepoint(id, root);
  unfinished_.try_emplace(id);
}

void snapshot_uploader::take_back_savepoint(checkpoint_id id) {
  if (directory_->is_savepoint(id))
    directory_->take_back(id);
}

void snapshot_uploader::begin(checkpoint_id id) {
  if (unfinished_.try_emplace(id).second)
    directory_->begin(id);
  crash_point("upload.begun");
}

void snapshot_uploader::commit(const checkpoint_metadata& metadata) {
  if (fault("commit.before-metadata"))
    commit_outputs(directory_->data_path(metadata.id), metadata);
  directory_->commit(metadata);
  unfinished_.erase(metadata.id);
}

void snapshot_uploader::settle(const checkpoint_metadata& metadata,
                               std::size_t retained) {
  commit_outputs(directory_->data_path(metadata.id), metadata);
  std::set<std::string> in_use;
  for (const auto& [id, names] : unfinished_)
    in_use.insert(names.begin(), names.end());
  directory_->prune(fault("prune.keeps-none") ? 0 : retained, in_use);
}

void snapshot_uploader::commit_outputs(const std::filesystem::path& data,
                                       const checkpoint_metadata& metadata) const {
  for (const chain& each : graph_.chains())
    for (const stateful_operator& op : each.operators) {
      const auto saved =
          std::ranges::find(metadata.operators, op.name, &operator_metadata::name);
      if (!op.commit || saved == metadata.operators.end())
        continue;
      operator_parts parts;
      for (const subtask_metadata& subtask : saved->subtasks)
        if (subtask.operator_state)
          parts.push_back(read_checkpoint_file(data, *subtask.operator_state));
      crash_point("commit.begun");
      op.commit(parts);
      crash_point("commit.done");
    }
}

void snapshot_uploader::abandon(checkpoint_id id) {
  abandoned_.insert(id);
  const auto of_id = [&](const auto& part) { return part.first.first == id; };
  std::erase_if(without_in_flight_, of_id);
  std::erase_if(without_state_, of_id);
  if (unfinished_.erase(id) > 0)
    directory_->abandon(id);
}

/// In a file of the checkpoint, or where its metadata is all there is.
file_handle snapshot_uploader::save(checkpoint_id id, const std::string& name,
                                    std::vector<std::byte> bytes) {
  if (settings_.kind != backend_kind::memory && !stands_in_metadata(bytes.size()))
    return directory_->write_file(id, name, bytes);
  const checksum sum = checksum_of(bytes);
  const std::uint64_t size = bytes.size();
  return {.name = name, .size = size, .sum = sum, .content = std::move(bytes)};
}

backend& snapshot_uploader::backend_of(task_id task) {
  auto& opened = backends_[task];
  if (!opened)
    opened = open_backend(settings_,
                          directory_->create_work_directory(attempt_, keyed_label(task)),
                          rows_expire(task));
  return *opened;
}

const stateful_operator* snapshot_uploader::keyed_operator_of(task_id task) const {
  for (const auto& op : graph_.chains()[plan_.task(task).chain].operators)
    if (!op.keyed_states.empty())
      return &op;
  return nullptr;
}

bool snapshot_uploader::rows_expire(task_id task) const {
  const stateful_operator* op = keyed_operator_of(task);
  return op != nullptr &&
         std::ranges::any_of(op->keyed_states, [](const declared_state& state) {
           return expires(state.description);
         });
}

std::string snapshot_uploader::keyed_label(task_id task) const {
  const stateful_operator* op = keyed_operator_of(task);
  WEIR_CHECK(op);
  return subtask_label(op->name, plan_.task(task).subtask);
}

} // namespace weir
