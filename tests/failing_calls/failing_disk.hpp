// A disk on which one call fails, once. Which one, and how, is told to it by number, so
// that a test can count the calls of a run and then fail each of them.
#pragma once

#include "tests/support/file_calls.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weir::testing {

enum class call_failure : std::uint8_t {
  io_error,
  no_space,
  interrupted,
  half, // of the bytes are moved, which is no failure
};

inline constexpr std::array all_call_failures{
    call_failure::io_error, call_failure::no_space, call_failure::interrupted,
    call_failure::half};

const char* to_string(file_call what);
const char* to_string(call_failure how);

/// Whether POSIX allows it.
bool can_fail(file_call what, call_failure how);

struct failed_call {
  file_call what;
  call_failure how;
  std::string path;

  /// Whoever makes the call only has to make it again.
  bool is_passing() const;
  std::string text() const;
};

class failing_disk final : public file_call_listener {
public:
  /// Hears what is done below `root`, and on sockets.
  explicit failing_disk(std::filesystem::path root);
  ~failing_disk() override;
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  /// The first call from number `number` on that can fail so does.
  void fail(std::uint64_t number, call_failure how) { next_ = {number, how}; }
  /// It cannot give a file a second name, as some cannot.
  void refuse_links() { links_ = false; }
  void stop();

  const std::vector<file_call>& heard() const { return heard_; }
  const std::optional<failed_call>& failed() const { return failed_; }
  /// The file that could not be synced, if it is still there with what stood in it: a
  /// second sync would say nothing of that. Empty: there is none.
  std::string doubtful_file();

  interference before(file_call what, const named_file& file) override;
  void linked(const char* from, const char* to) override { renamed(from, to); }
  void renamed(const char* from, const char* to) override;

private:
  using inode = std::pair<std::uint64_t, std::uint64_t>;

  std::mutex lock_;
  std::filesystem::path root_;
  bool links_ = true;
  std::optional<std::pair<std::uint64_t, call_failure>> next_;
  std::vector<file_call> heard_;
  std::optional<failed_call> failed_;
  std::optional<inode> doubtful_; // it could not be synced
  std::string doubtful_path_;
};

} // namespace weir::testing
