// Every message between the actors of a job, on one page. Each names its attempt: what a
// dead attempt still sends changes nothing.
#pragma once

#include "runtime/checkpoint_order.hpp"
#include "runtime/job_observer.hpp"
#include "runtime/restore_plan.hpp"
#include "runtime/savepoint_order.hpp"
#include "runtime/task_port.hpp"
#include "serialization/error.hpp"
#include "state/backend.hpp"

#include <caf/all.hpp>

#include <memory>

namespace weir::messages {

// Along the channels: `channel` is the receiver's index.
struct along_channel {
  attempt_id attempt;
  in_channel channel;
  channel_item item;
};
struct credit {
  attempt_id attempt;
  out_channel channel;
  batch_ref emptied;
};

// Coordinator -> task.
struct start {
  attempt_id attempt;
  std::vector<caf::actor> peers; // by task id
  caf::actor uploader;
  caf::actor reader; // null: no rows can be looked up
  task_start from;
  bool keyed_restored;
  std::vector<batch_in_flight> in_flight;
};
/// Every task has started: work begins.
struct go {
  attempt_id attempt;
};
struct inject {
  attempt_id attempt;
  barrier begun;
};
/// To a source: it is to end, as if it had nothing left to read.
struct drain {
  attempt_id attempt;
};
struct abandon { // also -> uploader
  attempt_id attempt;
  checkpoint_id id;
};
/// It has been committed, and older ones will not be any more.
struct complete {
  attempt_id attempt;
  checkpoint_id id;
};

// Task -> itself.
struct work {};
struct wake {};

// Task -> uploader -> task.
struct upload {
  attempt_id attempt;
  std::shared_ptr<upload_request> request;
};
struct upload_in_flight {
  attempt_id attempt;
  std::shared_ptr<const data_in_flight> overtaken;
};
struct want_rows {
  attempt_id attempt;
  task_id task;
  std::shared_ptr<encoded_rows> empty; // null: no more of them
};
struct rows {
  attempt_id attempt;
  std::shared_ptr<encoded_rows> restored;
};
struct ingested {
  attempt_id attempt;
  epoch sealed;
};

// Task -> reader -> task.
struct look_up {
  attempt_id attempt;
  std::shared_ptr<const encoded_rows> missing;
  std::shared_ptr<encoded_rows> found;
};
struct found {
  attempt_id attempt;
  std::shared_ptr<encoded_rows> rows;
};

// Coordinator -> uploader -> coordinator.
struct prepare {
  attempt_id attempt;
};
struct prepared {
  attempt_id attempt;
  std::vector<task_start> starts;                      // by task id
  std::vector<bool> keyed_restored;                    // by task id
  std::vector<std::shared_ptr<row_reader>> readers;    // by task id, null for most
  std::vector<std::vector<batch_in_flight>> in_flight; // by task id
  std::optional<checkpoint_id> from;
  std::vector<std::string> warnings;
};
struct commit {
  attempt_id attempt;
  std::shared_ptr<const checkpoint_metadata> metadata;
  bool settles; // what sinks have prepared is committed, older ones are pruned
};
struct committed {
  attempt_id attempt;
  checkpoint_id id;
  std::filesystem::path directory;
};
/// Checkpoint `id` will be a savepoint below `root`.
struct place_savepoint {
  attempt_id attempt;
  checkpoint_id id;
  std::filesystem::path root;
};
/// Before any barrier of it: checkpoint `id` has all rows in files of its own.
struct make_full {
  attempt_id attempt;
  checkpoint_id id;
};
struct savepoint_placed {
  attempt_id attempt;
  checkpoint_id id;
  std::optional<error> problem; // why it cannot be
};
struct acknowledge {
  attempt_id attempt;
  checkpoint_id id;
  std::shared_ptr<task_handle> handle;
};

/// The uploader has done all that it had to do for it.
struct abandoned {
  attempt_id attempt;
  checkpoint_id id;
};
/// Nothing will come of this checkpoint; the attempt goes on.
struct decline {
  attempt_id attempt;
  checkpoint_id id;
  std::optional<task_id> task; // whose snapshot it was; none: its `_metadata`
  error cause;
};

// Anyone of an attempt -> coordinator.
struct started {
  attempt_id attempt;
};
struct finished {
  attempt_id attempt;
  task_id task;
  std::shared_ptr<const task_pauses> pauses; // null if nobody asked for them
};
struct failed {
  attempt_id attempt;
  error cause;
};

// Whoever runs the job -> coordinator.
struct cancel {};
struct order_savepoint {
  std::shared_ptr<const savepoint_order> order;
};
struct order_checkpoint {
  std::shared_ptr<const checkpoint_order> order;
};

// Coordinator -> itself.
struct begin_attempt {};
struct checkpoint_due {
  attempt_id attempt;
};
struct checkpoint_expires {
  attempt_id attempt;
};
/// Does any of them stand at a barrier for too long?
struct look_at_tasks {
  attempt_id attempt;
};
/// All of them should have come to their end.
struct end_is_overdue {
  attempt_id attempt;
};

} // namespace weir::messages

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::along_channel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::credit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::go)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::inject)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::drain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::abandon)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::complete)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::abandoned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::decline)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::upload)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::upload_in_flight)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::want_rows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::rows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::ingested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::look_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::prepare)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::prepared)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::commit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::savepoint_placed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::place_savepoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::acknowledge)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::finished)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::cancel)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::order_savepoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::order_checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::make_full)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::begin_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::checkpoint_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::checkpoint_expires)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::look_at_tasks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::messages::end_is_overdue)
