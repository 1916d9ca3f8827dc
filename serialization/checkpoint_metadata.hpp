// The plain structs that are a checkpoint: what `_metadata` says about every file of it.
// serialization/capnp turns them into bytes and back; everybody else sees only these.
#pragma once

#include "serialization/checksum.hpp"
#include "serialization/strong_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A file of the checkpoint. `name` is a plain file name, never a path: the reader
/// refuses anything but [A-Za-z0-9._-]{1,128} that does not begin with a dot.
struct file_handle {
  std::string name;
  std::uint64_t size = 0;
  checksum sum;
  /// Its bytes, where they stand in `_metadata` and not in a file.
  std::optional<std::vector<std::byte>> content = {};

  friend bool operator==(const file_handle&, const file_handle&) = default;
};

/// The keyed state of one subtask: `<operator>-<i>.keyed` in chk-N, and the files in
/// `shared/` that it refers to.
struct keyed_handle {
  file_handle file;
  std::vector<file_handle> shared;

  friend bool operator==(const keyed_handle&, const keyed_handle&) = default;
};

struct subtask_metadata {
  std::uint32_t index = 0;
  std::optional<keyed_handle> keyed;
  std::optional<file_handle> operator_state; // `<operator>-<i>.operator`

  friend bool operator==(const subtask_metadata&, const subtask_metadata&) = default;
};

/// One state of an operator, as it was declared when the checkpoint was taken.
struct state_description {
  std::string name;
  std::string kind;       // "value"
  std::string key_type;   // "u64", "{u32,u32}", ...
  std::string value_type; // likewise
  /// What is written for a key, with the names of fields (schema_text.hpp); empty in old
  /// checkpoints.
  std::string schema = {};
  /// The key type with the names of its fields; empty if it has none, or in old
  /// checkpoints.
  std::string key_schema = {};

  friend bool operator==(const state_description&, const state_description&) = default;
};

struct operator_metadata {
  std::string name;
  std::uint32_t parallelism = 0;
  std::uint32_t max_parallelism = 0;
  std::vector<state_description> states;
  std::vector<subtask_metadata> subtasks; // ascending by index
  /// Its rows are those of a state_layout; in old checkpoints false in any case.
  bool states_by_name = false;

  friend bool operator==(const operator_metadata&, const operator_metadata&) = default;
};

/// The records that were on their way to one input of a chain.
struct in_flight_edge {
  std::string chain;
  std::uint32_t input = 0;
  std::uint32_t parallelism = 0; // of the chain
  std::string type;              // of the records

  friend bool operator==(const in_flight_edge&, const in_flight_edge&) = default;
};

/// What barriers had overtaken at one task: `<chain>-<i>.inflight`.
struct in_flight_metadata {
  file_handle file;
  std::vector<in_flight_edge> edges; // of what is in it

  friend bool operator==(const in_flight_metadata&, const in_flight_metadata&) = default;
};

struct checkpoint_metadata {
  checkpoint_id id;
  std::string job_id;
  std::string job_name;
  std::string weir_version;
  std::string state_backend;        // "rocksdb"
  std::int64_t triggered_at_ms = 0; // since the epoch, UTC
  std::int64_t completed_at_ms = 0;
  std::vector<operator_metadata> operators;
  std::vector<in_flight_metadata> in_flight = {};
  /// All of it is in its own directory, rows in row files whatever the backend was, and
  /// it is nobody's to remove but the user's.
  bool savepoint = false;
  /// Where its files lie, in `<data_root>/<job_id>/chk-N` and `shared/` beside that;
  /// empty: with its `_metadata`. An absolute path (data_root.hpp).
  std::string data_root = {};
  /// Rows are in row files though the backend has others: one that was asked to be full.
  bool row_files = false;

  friend bool operator==(const checkpoint_metadata&,
                         const checkpoint_metadata&) = default;
};

} // namespace weir
