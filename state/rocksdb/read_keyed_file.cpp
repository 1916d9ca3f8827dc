#include "state/rocksdb/read_keyed_file.hpp"

#include "serialization/envelope.hpp"
#include "state/locate_checkpoint.hpp"

#include <set>
#include <string>

namespace weir {

keyed_file read_keyed_file(const std::filesystem::path& checkpoint_dir,
                           const keyed_handle& handle) {
  const std::string path = (checkpoint_dir / handle.file.name).string();
  keyed_file keyed =
      decode_keyed_file(read_checkpoint_file(checkpoint_dir, handle.file), path);
  std::set<std::string> named;
  for (const file_handle& file : handle.shared)
    named.insert(file.name);
  std::set<std::string> used;
  for (const keyed_database& database : keyed.databases) {
    for (const saved_table& table : database.tables)
      used.insert(table.shared);
    if (database.current != database.manifest_name + "\n")
      used.insert({}); // which nobody has named
  }
  if (named != used)
    refuse_restore(path, "contradicts the checkpoint's _metadata");
  return keyed;
}

} // namespace weir
