// Checkpoints with everything in them. Frozen: tests/golden/metadata_v1 is what was once
// written of the first, tests/golden/metadata_schemas is the encoding of the second.
#pragma once

#include "serialization/checkpoint_metadata.hpp"

namespace weir {

// Built by steps: of one big initializer GCC 12 believes, when optimising, that it
// destroys strings it never made.
inline subtask_metadata sample_subtask(std::uint32_t index) {
  subtask_metadata subtask;
  subtask.index = index;
  return subtask;
}

inline checkpoint_metadata sample_metadata() {
  const file_handle sst_a{"0123456789abcdef0123456789abcdef.sst", 7340032, {11, 12}};
  const file_handle sst_b{"fedcba9876543210fedcba9876543210.sst", 65536, {13, ~0ULL}};
  operator_metadata source{"lines", 1, 128, {}, {}};
  source.subtasks.push_back(sample_subtask(0));
  source.subtasks[0].operator_state = file_handle{"lines-0.operator", 24, {1, 2}};
  operator_metadata counts{"counts", 3, 128, {}, {}};
  counts.states.push_back({"counts", "value", "string", "u64"});
  counts.states.push_back({"last", "value", "{u32,u32}", "i64"});
  for (std::uint32_t index = 0; index < 3; ++index)
    counts.subtasks.push_back(sample_subtask(index));
  keyed_handle& first = counts.subtasks[0].keyed.emplace();
  first.file = {"counts-0.keyed", 1234, {3, 4}};
  first.shared = {sst_a, sst_b};
  counts.subtasks[0].operator_state = file_handle{"counts-0.operator", 0, {5, 6}};
  counts.subtasks[1].keyed.emplace().file = {"counts-1.keyed", 345, {7, 8}};
  return {.id = {42},
          .job_id = "5f2c9a",
          .job_name = "word count",
          .weir_version = "0.1.0",
          .state_backend = "rocksdb",
          .triggered_at_ms = 1700000000123,
          .completed_at_ms = 1700000000456,
          .operators = {counts, source}};
}

inline checkpoint_metadata sample_metadata_with_schemas() {
  checkpoint_metadata metadata = sample_metadata();
  operator_metadata& counts = metadata.operators[0];
  counts.states_by_name = true;
  counts.states[0].schema = "u64";
  counts.states[1].schema = R"({first:i64,"a \"b\"":i64})";
  counts.states.push_back({"pages", "list", "string", "{string,u32}"});
  counts.states[2].schema = "list<{url:string,visits:u32}>";
  return metadata;
}

/// Frozen: tests/golden/metadata_in_flight is its encoding.
inline checkpoint_metadata sample_metadata_in_flight() {
  checkpoint_metadata metadata = sample_metadata_with_schemas();
  metadata.in_flight.push_back(
      {{.name = "counts-0.inflight", .size = 4711, .sum = {.low = 5, .high = 6}},
       {{.chain = "counts", .input = 0, .parallelism = 2, .type = "{u64,string}"},
        {.chain = "out", .input = 1, .parallelism = 3, .type = "u64"}}});
  return metadata;
}

/// Frozen: tests/golden/metadata_key_schemas is its encoding.
inline checkpoint_metadata sample_metadata_with_key_schemas() {
  checkpoint_metadata metadata = sample_metadata_with_schemas();
  metadata.operators[0].states[1].key_schema = "{region:u32,number:u32}";
  return metadata;
}

inline checkpoint_metadata sample_metadata_of_savepoint() {
  checkpoint_metadata metadata = sample_metadata_with_schemas();
  metadata.savepoint = true;
  return metadata;
}

/// Frozen: tests/golden/metadata_data_root is what was written of it.
inline checkpoint_metadata sample_metadata_apart() {
  checkpoint_metadata metadata = sample_metadata_in_flight();
  metadata.data_root = "/checkpoints-data/of a team";
  return metadata;
}

} // namespace weir
