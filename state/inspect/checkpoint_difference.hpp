// What differs between two checkpoints, from their metadata and the positions that their
// tasks have saved; rows are not looked at. Changes nothing on disk.
#pragma once

#include "state/locate_checkpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

struct operator_difference {
  const operator_metadata* before = nullptr; // null: it is not there
  const operator_metadata* after = nullptr;
  std::vector<std::string> states; // "added 'total'", "removed ...", "changed ..."
};

struct file_difference {
  std::string name; // below the job directory: "chk-3/counts-0.keyed", "shared/..."
  std::uint64_t bytes = 0;
};

struct file_differences {
  std::vector<file_difference> fresh; // in the second one only
  std::vector<file_difference> gone;  // in the first one only
  std::uint64_t fresh_bytes = 0;
  std::uint64_t gone_bytes = 0;
  std::uint64_t kept = 0; // shared files that both have
  std::uint64_t kept_bytes = 0;
};

struct position_difference {
  std::string op;
  std::uint32_t subtask = 0;
  std::optional<std::string> before; // JSON (saved_position.hpp)
  std::optional<std::string> after;
};

struct checkpoint_difference {
  std::vector<operator_difference> operators; // those that differ, by name
  file_differences files;
  std::vector<position_difference> positions; // those that differ

  bool none() const {
    return operators.empty() && positions.empty() && files.fresh.empty() &&
           files.gone.empty();
  }
};

/// The checkpoints outlive it. Throws failure::restore_refused where a file of an
/// operator is damaged.
checkpoint_difference difference_of(const located_checkpoint& before,
                                    const located_checkpoint& after);

} // namespace weir
