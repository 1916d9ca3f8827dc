#include "operators/io/output_file.hpp"

#include "serialization/deliberate_fault.hpp"
#include "serialization/error.hpp"
#include "state/storage/local_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace weir {

output_file::output_file(std::string path)
    : fd_(try_open(path, O_WRONLY | O_CREAT, 0666).release()), path_(std::move(path)) {
  if (fd_ < 0)
    fail("opening");
}

output_file::~output_file() {
  if (fd_ > STDERR_FILENO)
    ::close(fd_);
}

std::uint64_t output_file::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0)
    fail("examining");
  return static_cast<std::uint64_t>(status.st_size);
}

void output_file::resume_at(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0)
    fail("truncating");
  if (::lseek(fd_, static_cast<off_t>(size), SEEK_SET) < 0)
    fail("seeking in");
}

void output_file::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      fail("writing");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void output_file::sync() {
  // Never retried: after a failed fsync the kernel may have dropped the pages.
  if (!fault("output.not-synced") && ::fsync(fd_) != 0)
    fail("syncing");
}

void output_file::fail(const char* doing) const {
  throw error(failure::job_failed, std::string(doing) + " '" + path_ +
                                       "': " + std::strerror(errno) +
                                       "; make it writable, with room, and run again");
}

} // namespace weir
