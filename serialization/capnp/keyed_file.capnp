@0xbfe9244bf0e36562;
# The message inside a `.keyed` file of the rocksdb backend. Frozen: fields are never
# removed, renumbered or given another meaning; new ones are appended.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::schema");

struct KeyedFile {
  # The first four are a database of all key groups, in files that name no others.
  tables @0 :List(Table);
  manifestName @1 :Text;
  manifest @2 :Data;
  current @3 :Data;
  databases @4 :List(Database);
}

struct Table {
  local @0 :Text;            # its name in the database
  shared @1 :Text;           # its name in shared/
}

struct Database {
  firstGroup @0 :UInt16;     # rows of other key groups in it do not count
  lastGroup @1 :UInt16;
  tables @2 :List(Table);
  manifestName @3 :Text;
  manifest @4 :Data;
  current @5 :Data;
}
