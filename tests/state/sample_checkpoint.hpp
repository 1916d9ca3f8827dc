// A small checkpoint whose files are really there: one .keyed, one .operator, one shared.
#pragma once

#include "state/checkpoint_directory.hpp"
#include "tests/state/disk_fixture.hpp"

#include <string>

namespace weir::test {

inline std::string shared_name(const std::string& text) {
  return checksum_of(bytes_of(text)).hex() + ".sst";
}

/// Begun and written, not committed; `shared` is the content of its shared file.
inline checkpoint_metadata sample_checkpoint(checkpoint_directory& job, std::uint64_t id,
                                             const std::string& shared) {
  job.begin({id});
  write(job.shared_path() / shared_name(shared), shared);
  const file_handle sst{shared_name(shared), shared.size(),
                        checksum_of(bytes_of(shared))};
  const file_handle keyed =
      job.write_file({id}, "counts-0.keyed", bytes_of("keyed rows"));
  const file_handle state =
      job.write_file({id}, "counts-0.operator", bytes_of("position"));
  checkpoint_metadata metadata;
  metadata.id = {id};
  metadata.job_id = "job";
  metadata.operators.push_back({"counts", 1, 128, {}, {}});
  metadata.operators[0].subtasks.push_back({0, keyed_handle{keyed, {sst}}, state});
  return metadata;
}

inline checkpoint_metadata complete_checkpoint(checkpoint_directory& job,
                                               std::uint64_t id,
                                               const std::string& shared) {
  auto metadata = sample_checkpoint(job, id, shared);
  job.commit(metadata);
  return metadata;
}

} // namespace weir::test
