@0xbfe9244bf0e36562;
# The message inside a `.keyed` file of the rocksdb backend. Frozen: fields are never
# removed, renumbered or given another meaning; new ones are appended.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::schema");

struct KeyedFile {
  tables @0 :List(Table);
  manifestName @1 :Text;
  manifest @2 :Data;
  current @3 :Data;
}

struct Table {
  local @0 :Text;            # its name in the database
  shared @1 :Text;           # its name in shared/
}
