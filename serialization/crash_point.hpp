// Places at which a process can be told to die, for the crash harness: one that runs with
// WEIR_CRASH_AT=NAME:N kills itself with SIGKILL when it comes to that place for the Nth
// time. Only where weir is built with WEIR_FAULTS; a product has neither the calls nor
// the names. Not for headers of users, who are built without it.
#pragma once

#include "serialization/name_in.hpp"

namespace weir {

/// All of them. The harness hits each one, so that none is here without being reached.
inline constexpr std::string_view crash_points[] = {
    // The coordinator.
    "checkpoint.triggered",
    "checkpoint.given-up",
    "acknowledge.arrived",
    "acknowledge.last",
    "complete.committed",
    "complete.told",
    "attempt.failed",
    "attempt.over",
    // Savepoints, and a job that ends with one.
    "order.arrived",
    "order.begun",
    "order.told",
    "savepoint.ordered",
    "savepoint.directory-made",
    "savepoint.placed",
    "savepoint.triggered",
    "savepoint.rows-written",
    "savepoint.taken",
    "savepoint.told",
    "stop.task-stopped",
    "stop.told",
    "stop.answered",
    "drain.begun",
    "drain.all-ended",
    // A task and its barriers.
    "barrier.injected",
    "barrier.in",
    "barrier.aligned",
    "barrier.out",
    "barrier.overtook-input",
    "barrier.overtook-output",
    "snapshot.saved",
    "seal.done",
    "encode.step",
    "encode.run",
    "in-flight.collected",
    "task.completed",
    "task.abandoned",
    "task.ended",
    "task.answered-after-end",
    // What becomes of its rows, and of the files of a checkpoint.
    "ingest.table-written",
    "ingest.done",
    "ingest.merged",
    "upload.output-durable",
    "upload.begun",
    "upload.operator-written",
    "upload.linked",
    "upload.names-synced",
    "upload.keyed-written",
    "upload.rows-linked",
    "upload.in-flight-written",
    "upload.done",
    "metadata.begun",
    "metadata.written",
    "metadata.synced",
    "metadata.checkpoint-synced",
    "metadata.names-synced",
    "metadata.renamed",
    "metadata.committed",
    "abandon.removed",
    "prune.begun",
    "prune.unmade",
    "prune.unmade-synced",
    "prune.removed",
    "prune.shared-removed",
    // The two phases of sinks.
    "transaction.prepared",
    "transaction.stale-removed",
    "commit.begun",
    "commit.renamed",
    "commit.synced",
    "commit.done",
    "output.truncated",
    // A job that begins with a checkpoint, and one that ends.
    "work.locked",
    "work.swept",
    "restore.begun",
    "restore.operators-read",
    "restore.linked",
    "restore.opened",
    "restore.migrated",
    "restore.in-flight-read",
    "restore.outputs-committed",
    "restore.task-started",
    "restore.rows-read",
    "restore.rows-loaded",
    "rescale.cut",
    "rescale.joined",
    "claim.taken",
    "claim.removed",
    "retention.begun",
    "retention.removed",
};

using crash_point_name = name_in<crash_points>;

#ifdef WEIR_FAULTS
void crash_point(crash_point_name here);
#else
inline void crash_point(crash_point_name) {}
#endif

} // namespace weir
