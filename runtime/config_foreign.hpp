// The options of Flink's that weir does not have: those that it refuses, with the reason,
// and those that mean nothing to it. So that a configuration that was written for Flink
// can be pasted whole, and nothing that it asks for is left out on the quiet. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace weir {

/// One that means something for checkpoints, recovery or the shape of a job.
struct refused_option {
  std::string name;
  std::vector<std::string> aliases; // older names of it
  /// Values that ask for nothing that weir does not do anyway.
  std::vector<std::string> accepted;
  std::string reason; // what is so in weir, and what to write instead
  /// What is accepted and worth a word: value and warning.
  std::vector<std::pair<std::string, std::string>> noted = {};
  /// A cluster's own business: in a file it is left out with the others of that kind.
  bool of_clusters = false;
};

const std::vector<refused_option>& refused_options();

/// What begins with one of these, or is one, is about a cluster, a JVM or a storage.
const std::vector<std::string>& unused_prefixes();
/// Others, one by one, where weir has options of its own beside them.
const std::vector<std::string>& unused_names();

struct foreign_verdict {
  enum class kind {
    unknown,  // no option of Flink's
    unused,   // it means nothing to weir: left out of a file
    refused,  // weir does not do that
    accepted, // weir does that anyway
  };
  kind what = kind::unknown;
  /// Refused, unused: the error where somebody has asked for it. Accepted: a warning, or
  /// nothing.
  std::string note = {};
};

/// Of an option that weir does not have.
foreign_verdict judge_foreign(const std::string& name, const std::string& value);

} // namespace weir
