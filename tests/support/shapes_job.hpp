// The job that has one of every kind of edge between its tasks, and sinks in memory: what
// comes out is counted, whatever order it came in.
#pragma once

#include "tests/support/counting_job.hpp"

#include <filesystem>

namespace weir::testing {

struct shapes_output {
  using sink = std::shared_ptr<collected<running>>;
  static sink fresh() { return std::make_shared<collected<running>>(); }

  sink sums = fresh();      // of two united streams, one rebalanced, one expanded
  sink chosen = fresh();    // by partition_custom
  sink told = fresh();      // by broadcast
  sink gathered = fresh();  // by global
  sink scattered = fresh(); // by shuffle, then rescale
  sink words = fresh();     // counted by text, from files
  sink pairs = fresh();     // the same with weir::text, in keys and values
};

struct shapes_job {
  std::uint64_t records = 0; // of every source
  std::uint64_t seed = 1;
  std::filesystem::path text; // a directory of files with words; write_text makes it

  /// Puts as many words as there are records into files, many to a line.
  void write_text() const;
  /// Adds the job, and returns where it will write.
  shapes_output build(job& job) const;
  /// What is wrong with it, in one line; empty if nothing is.
  std::string wrong_with(const shapes_output& written) const;

private:
  std::string wrong_with_sums(const std::vector<running>& emitted) const;
  std::string wrong_with_words(const std::vector<running>& emitted) const;
  std::string wrong_with_pairs(const std::vector<running>& emitted) const;
};

} // namespace weir::testing
