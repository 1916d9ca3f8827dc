// How the records of an edge become bytes, and batches for whoever runs behind the edge
// then: for checkpoints that take in what is on its way.
#pragma once

#include "operators/task.hpp"
#include "serialization/in_flight_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A batch for one of the tasks behind the edge.
struct divided_batch {
  out_channel to = 0; // counted from the first of its channels
  batch_ref records = {};
};

class edge_wire {
public:
  virtual ~edge_wire() = default;

  /// Of its records.
  virtual std::string type() const = 0;
  /// From any thread, while others read the batch.
  virtual encoded_batch encode(const batch_base& records, std::size_t first) const = 0;
  /// Batches for the tasks that `way` leads to, as whoever emits into the edge would
  /// divide the records; or all for task `only`, who was to get them. Those for a task
  /// are in order. Throws failure::restore_refused if the bytes hold no such records;
  /// `origin` says in the message where they came from.
  virtual std::vector<divided_batch> decode(const std::vector<encoded_batch>& encoded,
                                            const way_out& way,
                                            std::optional<out_channel> only,
                                            const std::string& origin) const = 0;
};

} // namespace weir
