#include "tests/crash/lossy_disk.hpp"

#include "serialization/error.hpp"
#include "state/storage/local_files.hpp"
#include "tests/support/files.hpp"
#include "tests/support/process.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t image_bytes = std::uint64_t{512} << 20;

// Of the kernel's fs/ext4/ext4.h, which is in no header of the system.
constexpr unsigned long ext4_shutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t without_flushing_the_journal = 2;

finished_process run_tool(const std::vector<std::string>& command) {
  return run_process(command, "/", std::chrono::seconds(60));
}

void check_done(const std::vector<std::string>& command, const finished_process& done) {
  if (done.end.code == 0)
    return;
  std::string line;
  for (const std::string& each : command)
    line += each + " ";
  throw error(failure::job_failed,
              line + "has failed" + (done.lines.empty() ? "" : ": " + done.lines.back()));
}

void run_or_throw(const std::vector<std::string>& command) {
  check_done(command, run_tool(command));
}

bool was_busy(const finished_process& done) {
  return done.end.code != 0 && !done.lines.empty() &&
         done.lines.back().find("busy") != std::string::npos;
}

/// Tried again for a while: the kernel may let go of the files of a killed process a
/// moment after it has been waited for, and tells nobody.
finished_process run_until_free(const std::vector<std::string>& command) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  finished_process done = run_tool(command);
  while (was_busy(done) && std::chrono::steady_clock::now() < end)
    done = run_tool(command);
  return done;
}

} // namespace

std::optional<std::string> lossy_disk::impossible() {
  if (::geteuid() != 0)
    return "only root may mount a disk";
  if (!fs::exists("/dev/loop-control"))
    return "there is no /dev/loop-control";
  if (!fs::exists("/usr/sbin/mkfs.ext4"))
    return "there is no mkfs.ext4 (Debian's e2fsprogs)";
  try {
    const temporary_directory place;
    lossy_disk tried(place.path());
    tried.cut_power();
  } catch (const std::exception& refused) {
    return refused.what();
  }
  return std::nullopt;
}

lossy_disk::lossy_disk(const fs::path& directory)
    : image_(directory / "image"), mounted_(directory / "disk") {
  fs::create_directories(mounted_);
  write_text(image_, "");
  fs::resize_file(image_, image_bytes);
  run_or_throw({"/usr/sbin/mkfs.ext4", "-q", "-F", image_.string()});
  mount();
}

lossy_disk::~lossy_disk() {
  run_until_free({"/usr/bin/umount", mounted_.string()});
}

void lossy_disk::mount() {
  run_or_throw(
      {"/usr/bin/mount", "-t", "ext4", "-o", "loop", image_.string(), mounted_.string()});
}

void lossy_disk::unmount() {
  const std::vector<std::string> command{"/usr/bin/umount", mounted_.string()};
  check_done(command, run_until_free(command));
}

void lossy_disk::cut_power() {
  const file_descriptor root =
      open_file(mounted_, O_RDONLY | O_DIRECTORY, failure::job_failed, "open");
  std::uint32_t how = without_flushing_the_journal;
  if (::ioctl(root.get(), ext4_shutdown, &how) != 0)
    throw_file_error(failure::job_failed, "shut down", mounted_, errno);
}

void lossy_disk::mount_again() {
  unmount();
  mount();
}

} // namespace weir::testing
