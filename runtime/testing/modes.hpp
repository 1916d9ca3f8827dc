// The ways in which a test body is run. What an operator emits should not depend on how
// records are cut into batches, on when its task is stopped, or on how often it was
// restored; each mode varies one of these.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>

namespace weir::testing {

enum class mode : std::uint8_t {
  whole_batch,    // what is pushed together is one batch
  single_records, // each record is a batch, worked off before the next one comes
  tiny_outputs,   // an outbox is full after one small batch: tasks stop wherever they can
  restore,        // like single_records, and after each from a snapshot, in new tasks
  restore_1_to_3, // the same at another parallelism each time: 1, 3, 1, ...
  restore_3_to_1, // the same, 3 first
};

inline constexpr std::array every_mode{mode::whole_batch,    mode::single_records,
                                       mode::tiny_outputs,   mode::restore,
                                       mode::restore_1_to_3, mode::restore_3_to_1};

/// For functions with a `struct task_state`: what a task keeps for itself cannot be
/// divided among three tasks.
inline constexpr std::array all_but_rescale{mode::whole_batch, mode::single_records,
                                            mode::tiny_outputs, mode::restore};

/// "whole batch", "restore 1->3" and so on.
std::string to_string(mode how);
std::ostream& operator<<(std::ostream& out, mode how);

/// Runs `body` in each of the modes. What it throws comes out as a weir::error that names
/// the mode, with the original nested in it; what is no std::exception as it is.
void in_modes(std::span<const mode> modes, const std::function<void(mode)>& body);

inline void in_every_mode(const std::function<void(mode)>& body) {
  in_modes(every_mode, body);
}

} // namespace weir::testing
