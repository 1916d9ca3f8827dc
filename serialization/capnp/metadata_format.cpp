#include "serialization/capnp/metadata_format.hpp"

#include "serialization/capnp/checkpoint.capnp.h"
#include "serialization/capnp/message.hpp"
#include "serialization/check.hpp"
#include "serialization/data_root.hpp"
#include "serialization/file_name.hpp"

namespace weir {

namespace {

constexpr envelope_format metadata_format{
    {'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, 1, "checkpoint metadata"};

unsigned list_size(std::size_t size) {
  WEIR_CHECK(size < (std::size_t{1} << 29)); // what a Cap'n Proto list holds
  return static_cast<unsigned>(size);
}

void write(schema::File::Builder out, const file_handle& file) {
  WEIR_CHECK(is_file_name(file.name)); // the pair of the check after reading
  out.setName(text_of(file.name));
  out.setSize(file.size);
  out.setSumLow(file.sum.low);
  out.setSumHigh(file.sum.high);
  if (file.content)
    out.setContent(data_of(*file.content));
}

void write(schema::Subtask::Builder out, const subtask_metadata& subtask) {
  out.setIndex(subtask.index);
  if (subtask.keyed) {
    auto keyed = out.initKeyed();
    write(keyed.initFile(), subtask.keyed->file);
    auto shared = keyed.initShared(list_size(subtask.keyed->shared.size()));
    for (unsigned i = 0; i < shared.size(); ++i)
      write(shared[i], subtask.keyed->shared[i]);
  }
  if (subtask.operator_state)
    write(out.initOperatorState(), *subtask.operator_state);
}

void write(schema::Operator::Builder out, const operator_metadata& op) {
  out.setName(text_of(op.name));
  out.setParallelism(op.parallelism);
  out.setMaxParallelism(op.max_parallelism);
  auto states = out.initStates(list_size(op.states.size()));
  for (unsigned i = 0; i < states.size(); ++i) {
    states[i].setName(text_of(op.states[i].name));
    states[i].setKind(text_of(op.states[i].kind));
    states[i].setKeyType(text_of(op.states[i].key_type));
    states[i].setValueType(text_of(op.states[i].value_type));
    if (!op.states[i].schema.empty())
      states[i].setSchema(text_of(op.states[i].schema));
    if (!op.states[i].key_schema.empty())
      states[i].setKeySchema(text_of(op.states[i].key_schema));
  }
  auto subtasks = out.initSubtasks(list_size(op.subtasks.size()));
  for (unsigned i = 0; i < subtasks.size(); ++i)
    write(subtasks[i], op.subtasks[i]);
  out.setStatesByName(op.states_by_name);
}

void write(schema::InFlight::Builder out, const in_flight_metadata& in_flight) {
  write(out.initFile(), in_flight.file);
  auto edges = out.initEdges(list_size(in_flight.edges.size()));
  for (unsigned i = 0; i < edges.size(); ++i) {
    edges[i].setChain(text_of(in_flight.edges[i].chain));
    edges[i].setInput(in_flight.edges[i].input);
    edges[i].setParallelism(in_flight.edges[i].parallelism);
    edges[i].setType(text_of(in_flight.edges[i].type));
  }
}

// The pair of the checks after reading.
void write_data_root(schema::CheckpointMetadata::Builder out,
                     const checkpoint_metadata& metadata) {
  if (metadata.data_root.empty())
    return;
  WEIR_CHECK(is_data_root(metadata.data_root) && is_file_name(metadata.job_id) &&
             !metadata.savepoint);
  out.setDataRoot(text_of(data_root_uri(metadata.data_root)));
}

// Reads every pointer once (the traversal limit counts) and notes the first bad name.
class metadata_reader {
public:
  explicit metadata_reader(std::string& refusal) : refusal_(refusal) {}

  checkpoint_metadata metadata(schema::CheckpointMetadata::Reader in) {
    checkpoint_metadata out;
    out.id = {in.getCheckpointId()};
    out.job_id = string_of(in.getJobId());
    out.job_name = string_of(in.getJobName());
    out.weir_version = string_of(in.getWeirVersion());
    out.state_backend = string_of(in.getStateBackend());
    out.triggered_at_ms = in.getTriggeredAtMs();
    out.completed_at_ms = in.getCompletedAtMs();
    out.savepoint = in.getSavepoint();
    out.row_files = in.getRowFiles();
    if (in.hasDataRoot())
      out.data_root = data_root_of(in);
    for (auto op : in.getOperators())
      out.operators.push_back(operator_of(op));
    for (auto in_flight : in.getInFlight())
      out.in_flight.push_back(in_flight_of(in_flight));
    return out;
  }

private:
  /// With the name of the job it makes a path.
  std::string data_root_of(schema::CheckpointMetadata::Reader in) {
    if (in.getSavepoint())
      refusal_ = "is that of a savepoint and names a data directory";
    read_file_name(in.getJobId(), refusal_);
    return read_data_root(string_of(in.getDataRoot()), refusal_);
  }

  operator_metadata operator_of(schema::Operator::Reader in) {
    operator_metadata out;
    out.name = string_of(in.getName());
    out.parallelism = in.getParallelism();
    out.max_parallelism = in.getMaxParallelism();
    for (auto state : in.getStates())
      out.states.push_back({.name = string_of(state.getName()),
                            .kind = string_of(state.getKind()),
                            .key_type = string_of(state.getKeyType()),
                            .value_type = string_of(state.getValueType()),
                            .schema = string_of(state.getSchema()),
                            .key_schema = string_of(state.getKeySchema())});
    for (auto subtask : in.getSubtasks())
      out.subtasks.push_back(subtask_of(subtask));
    out.states_by_name = in.getStatesByName();
    return out;
  }

  subtask_metadata subtask_of(schema::Subtask::Reader in) {
    subtask_metadata out;
    out.index = in.getIndex();
    if (in.hasKeyed()) {
      auto keyed = in.getKeyed();
      out.keyed.emplace();
      out.keyed->file = file_of(keyed.getFile());
      for (auto shared : keyed.getShared())
        out.keyed->shared.push_back(file_of(shared));
    }
    if (in.hasOperatorState())
      out.operator_state = file_of(in.getOperatorState());
    return out;
  }

  in_flight_metadata in_flight_of(schema::InFlight::Reader in) {
    in_flight_metadata out{file_of(in.getFile()), {}};
    for (auto edge : in.getEdges())
      out.edges.push_back({.chain = string_of(edge.getChain()),
                           .input = edge.getInput(),
                           .parallelism = edge.getParallelism(),
                           .type = string_of(edge.getType())});
    return out;
  }

  file_handle file_of(schema::File::Reader in) {
    file_handle out{.name = read_file_name(in.getName(), refusal_),
                    .size = in.getSize(),
                    .sum = {.low = in.getSumLow(), .high = in.getSumHigh()}};
    if (in.hasContent()) {
      out.content = bytes_of(in.getContent());
      if (is_file_name(out.name) &&
          (out.content->size() != out.size || checksum_of(*out.content) != out.sum))
        refusal_ =
            "is damaged: what it contains of '" + out.name + "' is not what it says";
    }
    return out;
  }

  std::string& refusal_;
};

} // namespace

std::vector<std::byte> encode_metadata(const checkpoint_metadata& metadata) {
  return encode_message(metadata_format, [&](capnp::MessageBuilder& builder) {
    auto root = builder.initRoot<schema::CheckpointMetadata>();
    root.setCheckpointId(metadata.id.value);
    root.setJobId(text_of(metadata.job_id));
    root.setJobName(text_of(metadata.job_name));
    root.setWeirVersion(text_of(metadata.weir_version));
    root.setStateBackend(text_of(metadata.state_backend));
    root.setTriggeredAtMs(metadata.triggered_at_ms);
    root.setCompletedAtMs(metadata.completed_at_ms);
    root.setSavepoint(metadata.savepoint);
    root.setRowFiles(metadata.row_files);
    write_data_root(root, metadata);
    auto operators = root.initOperators(list_size(metadata.operators.size()));
    for (unsigned i = 0; i < operators.size(); ++i)
      write(operators[i], metadata.operators[i]);
    if (metadata.in_flight.empty())
      return;
    auto in_flight = root.initInFlight(list_size(metadata.in_flight.size()));
    for (unsigned i = 0; i < in_flight.size(); ++i)
      write(in_flight[i], metadata.in_flight[i]);
  });
}

std::optional<checkpoint_metadata> try_decode_metadata(std::span<const std::byte> bytes,
                                                       std::string& refusal) {
  checkpoint_metadata metadata;
  const bool sound =
      decode_message(metadata_format, bytes, refusal, [&](capnp::MessageReader& reader) {
        metadata = metadata_reader(refusal).metadata(
            reader.getRoot<schema::CheckpointMetadata>());
      });
  if (!sound)
    return std::nullopt;
  return metadata;
}

checkpoint_metadata decode_metadata(std::span<const std::byte> bytes,
                                    const std::string& origin) {
  std::string refusal;
  auto metadata = try_decode_metadata(bytes, refusal);
  if (!metadata)
    refuse_restore(origin, refusal);
  return *std::move(metadata);
}

} // namespace weir
