// What would be left of a directory if the power were lost: a model of a file system that
// keeps what was synced, and of the rest what it likes. Of a file it keeps what stood in
// it at its last fsync; of a directory, the names that it had at its last one. The calls
// of the whole process are told to it, those of RocksDB included.
#pragma once

#include "tests/support/file_calls.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace weir::testing {

/// What a power cut leaves beside what was synced.
enum class leftover {
  nothing,    // what was made, renamed or removed since is undone
  removals,   // what was removed since is gone
  names,      // all names are as they were; of contents only what was synced
  any,        // for each directory one of these, drawn
  everything, // as if only the process had been killed
};

class volatile_disk final : public file_call_listener {
public:
  /// There is one for a process.
  static volatile_disk& instance();

  /// Watches what is done below `root`, an empty directory. `changed` is called after
  /// each operation there, except below a directory `work`; files elsewhere may be used
  /// in it.
  void watch(const std::filesystem::path& root, std::function<void()> changed);
  void forget();
  /// Writes what would be left now, without directories `work`, below `into`.
  void leave(leftover of, std::uint64_t seed, const std::filesystem::path& into);

  void made(const char* path, bool directory) override;
  void linked(const char* from, const char* to) override;
  void renamed(const char* from, const char* to) override;
  void removed(const char* path) override;
  void synced(int file) override;

private:
  struct node;
  using names = std::map<std::string, std::shared_ptr<node>>;
  struct node {
    bool directory = false;
    std::string content = {};            // of a file: when it was synced last
    names now = {};                      // of a directory
    names synced = {};                   // when it was synced last
    std::set<std::string> unlinked = {}; // since then
  };
  struct place {
    std::shared_ptr<node> in;
    std::string name;
  };

  template <class Change>
  void on(const char* path, Change change);
  std::optional<place> find(const std::filesystem::path& path);
  std::shared_ptr<node> take(const place& at, bool unlinked);
  void leave(const node& directory, const std::filesystem::path& now, leftover of,
             std::uint64_t& seed, const std::filesystem::path& into);

  std::recursive_mutex lock_;
  std::filesystem::path root_; // empty: nothing is watched
  std::shared_ptr<node> top_;
  std::function<void()> changed_;
};

} // namespace weir::testing
