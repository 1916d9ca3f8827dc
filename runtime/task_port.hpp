// What a task driver asks of the world around it. The task actor turns each call into a
// message; tests record them.
#pragma once

#include "operators/task.hpp"
#include "runtime/input_gate.hpp"

namespace weir {

/// A batch that stood in a task's outbox, waiting for credit.
struct batch_on_leave {
  out_channel to = 0;
  batch_ref records = {};
};

/// What a checkpoint takes in of the batches that a barrier has overtaken at a task, each
/// list in the order in which they were to be processed.
struct data_in_flight {
  task_id task;
  checkpoint_id checkpoint;
  std::vector<batch_in_flight> input = {};
  std::vector<batch_on_leave> output = {};
};

/// One sealed epoch on its way to disk, and what goes with it into a checkpoint.
struct upload_request {
  task_id task;
  /// None: the checkpoint was abandoned, the run is still to be ingested.
  std::optional<checkpoint_id> checkpoint;
  std::unique_ptr<encoded_run> run; // null for a task without keyed state
  std::vector<operator_snapshot> operators;
  processing_time now = processing_time::min(); // when it was sealed
  epoch sealed = 0;                             // of the run
  /// Data in flight follows when it is all there, even if it turns out to be none.
  bool in_flight_follows = false;
  /// The task had come to its end before: there is nothing to come from it.
  bool ended = false;
};

class task_port {
public:
  virtual ~task_port() = default;

  virtual void send_along(out_channel to, channel_item item) = 0;
  /// Gives a credit, and the emptied batch, back to the sender of an input channel.
  virtual void return_credit(in_channel from, batch_ref emptied) = 0;
  virtual void upload(upload_request request) = 0;
  virtual void upload_in_flight(data_in_flight overtaken) = 0;
  /// Asks for the next rows of the restored state, into a run like `empty`.
  virtual void request_rows(encoded_rows empty) = 0;
  /// No more of them are wanted, though there may be some.
  virtual void decline_rows() = 0;
  /// Asks for the rows of `missing` keys, as far as there are any, into a run like
  /// `found`.
  virtual void look_up(encoded_rows missing, encoded_rows found) = 0;
  /// The task has processed its last record and everything has been sent.
  virtual void finished() = 0;
  /// Around what a barrier costs the stream, for whoever measures it, or minds.
  virtual void barrier_pause_begins(checkpoint_id /*of*/) {}
  virtual void barrier_pause_ends() {}
};

} // namespace weir
