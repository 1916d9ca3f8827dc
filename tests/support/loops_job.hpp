// The job that has one of every kind of loop: what goes on from each is compared with
// what a plain loop makes of the same records, whatever order it came in.
#pragma once

#include "operators/weir.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::testing {

/// A record on its way.
struct hop {
  std::uint64_t id;
  std::uint32_t left; // rounds that it has before it
  std::uint32_t gone; // and behind it

  auto operator<=>(const hop&) const = default;
};

struct loops_output {
  using sink = std::shared_ptr<collected<hop>>;
  static sink fresh() { return std::make_shared<collected<hop>>(); }

  sink stepped = fresh(); // from a loop that is one task
  sink visits = fresh();  // from one behind key_by, one record for each visit of a key
  sink grown = fresh();   // from one in which records become more for a while
  sink joined = fresh();  // from one with an input of its own
  sink shared = fresh();  // from one in which a stream has two readers
  sink dropped = fresh(); // from one to which nothing goes back in the end
  sink twice = fresh();   // from one behind another
};

struct loops_job {
  std::uint64_t records = 0; // of every source

  /// Adds the job, and returns where it will write.
  loops_output build(job& job) const;
  /// What is wrong with it, in one line; empty if nothing is. With `losses`, records may
  /// be missing, as after a restart from a checkpoint, but none may be there twice.
  std::string wrong_with(const loops_output& written, bool losses = false) const;
};

} // namespace weir::testing
