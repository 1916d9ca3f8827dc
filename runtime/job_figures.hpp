// What a job has counted and how its tasks spend their time, as plain data.
#pragma once

#include "operators/event_time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Of one chain of operators, all its tasks together.
struct operator_figures {
  std::string name; // of the chain, as messages have it
  std::uint32_t parallelism = 0;

  // A source's records come from outside, a sink's go there; in between they take
  // channels.
  std::uint64_t records_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t records_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t malformed = 0; // left out: no records
  std::uint64_t late = 0;      // left out: behind the watermark

  // The time of its tasks since they began, added up. Busy: at work, or waiting for a
  // core; back-pressured: waiting for whoever reads what they write; idle: waiting for
  // input.
  std::chrono::nanoseconds busy{};
  std::chrono::nanoseconds back_pressured{};
  std::chrono::nanoseconds idle{};

  std::uint64_t batches_queued = 0;  // arrived, not processed
  std::uint64_t batches_waiting = 0; // ready to go, without a credit

  /// How far event time has come at the task that is farthest behind.
  std::optional<event_time> watermark = {};
};

/// Counts are those of the run: what a restart takes back and does again counts once.
struct job_figures {
  std::vector<operator_figures> operators; // in the order in which the job has them
  std::uint64_t rows_read = 0;             // records that its sources made
  std::uint64_t rows_written = 0;          // records that its sinks were given
  std::uint64_t malformed = 0;
  std::uint64_t late = 0;
  std::optional<event_time> watermark; // of the operator that is farthest behind
};

} // namespace weir
