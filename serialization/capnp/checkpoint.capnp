@0x9df1652d4055afcc;
# The message inside `_metadata`. Frozen: fields are never removed, renumbered or given
# another meaning; new ones are appended, with a default that means what their absence
# means today.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::schema");

struct CheckpointMetadata {
  checkpointId @0 :UInt64;
  jobId @1 :Text;
  jobName @2 :Text;
  weirVersion @3 :Text;
  stateBackend @4 :Text;
  triggeredAtMs @5 :Int64;   # since the epoch, UTC
  completedAtMs @6 :Int64;
  operators @7 :List(Operator);
  inFlight @8 :List(InFlight);
  savepoint @9 :Bool;        # all files in its directory, rows in row files
  dataRoot @10 :Text;        # file:///path of all files but this one; null: beside it
  rowFiles @11 :Bool;        # rows in row files, whatever the backend
}

struct Operator {
  name @0 :Text;
  parallelism @1 :UInt32;
  maxParallelism @2 :UInt32;
  states @3 :List(StateDescription);
  subtasks @4 :List(Subtask);
  statesByName @5 :Bool;     # how rows are written; old writers do not say
}

struct StateDescription {
  name @0 :Text;
  kind @1 :Text;
  keyType @2 :Text;
  valueType @3 :Text;
  schema @4 :Text;           # null: old writers say the value type only
  keySchema @5 :Text;        # null: no more than keyType says
}

struct Subtask {
  index @0 :UInt32;
  keyed @1 :Keyed;           # null: no keyed state
  operatorState @2 :File;    # null: no operator state
}

struct Keyed {
  file @0 :File;
  shared @1 :List(File);
}

struct File {
  name @0 :Text;             # a plain file name, never a path
  size @1 :UInt64;
  sumLow @2 :UInt64;         # XXH3-128
  sumHigh @3 :UInt64;
  content @4 :Data;          # null: its bytes are in a file of that name
}

struct InFlight {            # what barriers had overtaken at one task
  file @0 :File;
  edges @1 :List(InFlightEdge);
}

struct InFlightEdge {
  chain @0 :Text;            # to which its records were on their way
  input @1 :UInt32;          # of the chain
  parallelism @2 :UInt32;    # of the chain
  type @3 :Text;             # of the records
}
