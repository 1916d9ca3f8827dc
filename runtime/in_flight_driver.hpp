// The part of the task driver that deals with barriers that overtake: what the checkpoint
// takes in of the batches that wait in front of one, at the input and in the outbox.
//
// A checkpoint that may overtake, at one task: 1. begun (the state has been sealed)
// 2. collecting (a channel's barrier is late, or the own one waits in the outbox)
// 3. complete (uploaded).
#pragma once

#include "runtime/channel_outbox.hpp"
#include "runtime/input_gate.hpp"

namespace weir {

class in_flight_driver {
public:
  in_flight_driver(task_id id, input_gate& gate, channel_outbox& out, task_port& port)
      : id_(id), gate_(gate), outbox_(out), port_(port) {}

  /// Right after the barrier was forwarded. True if data in flight is to follow.
  bool begin(const barrier& at, steady_time now);
  /// Overtakes in the outbox when that is due, and uploads what is complete.
  void go_on(steady_time now);
  void abandon(checkpoint_id id);

private:
  task_id id_;
  input_gate& gate_;
  channel_outbox& outbox_;
  task_port& port_;
  std::optional<data_in_flight> collected_;
};

} // namespace weir
