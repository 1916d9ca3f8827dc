@0xa1c94de77b60f385;
# The message inside an `.inflight` file: records that were on their way when a checkpoint
# was taken, because its barriers had overtaken them. Frozen: fields are never removed,
# renumbered or given another meaning; new ones are appended.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::schema");

struct InFlightFile {
  sections @0 :List(Section);
}

struct Section {             # on the way to one task
  chain @0 :Text;
  input @1 :UInt32;          # of the chain
  subtask @2 :UInt32;
  batches @3 :List(Batch);   # in the order in which they are processed
}

struct Batch {
  records @0 :Data;          # a batch frame
  times @1 :Data;            # another, of their times; empty if they have none
}
