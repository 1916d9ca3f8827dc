@0xd4f1b6a03c9e5d27;
# The message inside a batch frame. Frozen: fields are never removed, renumbered or given
# another meaning; new ones are appended, with a default that means what their absence
# means today.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::schema");

struct BatchFrame {
  count @0 :UInt32;          # of the records
  type @1 :Text;             # "{u64,string}", as a checkpoint describes it
  flags @2 :UInt32;          # none are known; a reader refuses those that it does not know
  values @3 :Data;           # the encoded records, one after the other
}
