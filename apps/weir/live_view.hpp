// The view of a running job on a terminal: a frame of lines from plain data, and the
// bytes that draw one frame over the one before. Pure.
#pragma once

#include "runtime/job_figures.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct checkpoint_seen {
  std::uint64_t id = 0;
  std::chrono::nanoseconds age{};
};

/// What a frame shows: a job at one moment, and what has changed since another.
struct view_moment {
  std::string job_id;
  std::chrono::nanoseconds elapsed{};
  std::optional<checkpoint_seen> checkpoint; // the newest
  std::uint32_t restarts = 0;
  job_figures now;
  std::chrono::system_clock::time_point wall_clock{};
  job_figures before;
  std::chrono::nanoseconds between{};
};

struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

struct frame_line {
  std::string text;
  bool heading = false;

  friend bool operator==(const frame_line&, const frame_line&) = default;
};

/// No line is as wide as the terminal, no frame as high.
std::vector<frame_line> live_frame(const view_moment& moment, terminal_size size);

/// Knows what stands on the terminal, right above the cursor. It neither hides the cursor
/// nor changes a mode, so that whoever dies in between leaves nothing to be repaired.
class frame_painter {
public:
  explicit frame_painter(bool colored) : colored_(colored) {}

  std::string draw(const std::vector<frame_line>& lines, std::size_t columns);
  /// Takes the frame away; the cursor stands where it began.
  std::string erase(std::size_t columns);

private:
  std::string to_top(std::size_t columns) const;

  bool colored_;
  std::vector<std::size_t> drawn_; // the width of each line
};

} // namespace weir::cli
