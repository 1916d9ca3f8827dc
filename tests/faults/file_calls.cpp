// The calls of the C library that change names or make them last, for the whole process:
// each does what it does, and tells the volatile disk. The dynamic linker finds those of
// the program before those of the library, whoever calls.
#include "tests/faults/volatile_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>

namespace {

weir::testing::volatile_disk& disk() {
  return weir::testing::volatile_disk::instance();
}

template <class... Arguments>
int call(long number, Arguments... arguments) noexcept {
  return static_cast<int>(::syscall(number, arguments...));
}

bool exists(int directory, const char* path) noexcept {
  return call(SYS_faccessat, directory, path, F_OK) == 0;
}

/// The path of a name in an open directory.
std::string absolute(int directory, const char* path) {
  if (directory == AT_FDCWD || path[0] == '/')
    return path;
  std::error_code unknown;
  return (std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(directory),
                                        unknown) /
          path)
      .string();
}

int open_and_tell(int directory, const char* path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0 && !exists(directory, path);
  const int file = call(SYS_openat, directory, path, flags, mode);
  if (file >= 0 && makes)
    disk().made(absolute(directory, path).c_str(), false);
  return file;
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int remove_and_tell(int directory, const char* path, int flags) {
  const std::string gone = absolute(directory, path);
  const int outcome = call(SYS_unlinkat, directory, path, flags);
  if (outcome == 0)
    disk().removed(gone.c_str());
  return outcome;
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_and_tell(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_and_tell(AT_FDCWD, path, flags, mode);
}

int mkdir(const char* path, mode_t mode) noexcept {
  const int outcome = call(SYS_mkdirat, AT_FDCWD, path, mode);
  if (outcome == 0)
    disk().made(path, true);
  return outcome;
}

int link(const char* from, const char* to) noexcept {
  const int outcome = call(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (outcome == 0)
    disk().linked(from, to);
  return outcome;
}

int rename(const char* from, const char* to) noexcept {
  const int outcome = call(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  if (outcome == 0)
    disk().renamed(from, to);
  return outcome;
}

int unlinkat(int directory, const char* path, int flags) noexcept {
  return remove_and_tell(directory, path, flags);
}

int unlink(const char* path) noexcept {
  return remove_and_tell(AT_FDCWD, path, 0);
}

int rmdir(const char* path) noexcept {
  return remove_and_tell(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char* path) noexcept {
  const int outcome = unlink(path);
  return outcome != 0 && errno == EISDIR ? rmdir(path) : outcome;
}

int fsync(int file) {
  const int outcome = call(SYS_fsync, file);
  if (outcome == 0)
    disk().synced(file);
  return outcome;
}

int fdatasync(int file) {
  const int outcome = call(SYS_fdatasync, file);
  if (outcome == 0)
    disk().synced(file);
  return outcome;
}
}
