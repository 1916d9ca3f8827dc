// What somebody asks of a running job: a savepoint, and perhaps to end with it.
#pragma once

#include "serialization/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace weir {

enum class after_savepoint : std::uint8_t {
  go_on,
  stop,  // nothing is processed behind the barrier of the savepoint
  drain, // first the sources end, and all that there is to come of it comes
};

/// Either of the two.
struct savepoint_result {
  std::filesystem::path directory;
  std::optional<error> problem;
};

struct savepoint_order {
  /// It becomes a directory in this one.
  std::filesystem::path root;
  after_savepoint then = after_savepoint::go_on;
  /// Called once, on a thread of the job; must not block.
  std::function<void(const savepoint_result&)> answer;
};

} // namespace weir
