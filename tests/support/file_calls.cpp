// Each call of the C library on files does what it does, by way of the kernel, and tells
// whoever listens. The dynamic linker finds those of the program before those of the
// library, whoever calls.
#include "tests/support/file_calls.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace weir::testing {

namespace {

std::atomic<file_call_listener*> listening = nullptr;
thread_local int silences = 0;

file_call_listener* listener() noexcept {
  return silences > 0 ? nullptr : listening.load(std::memory_order_acquire);
}

} // namespace

void listen_to_file_calls(file_call_listener* listener) {
  listening.store(listener, std::memory_order_release);
}

unheard::unheard() {
  ++silences;
}

unheard::~unheard() {
  --silences;
}

std::string named_file::path() const {
  const unheard looking;
  if (name != nullptr && (descriptor == AT_FDCWD || name[0] == '/'))
    return name;
  std::error_code unknown;
  const std::filesystem::path opened = std::filesystem::read_symlink(
      "/proc/self/fd/" + std::to_string(descriptor), unknown);
  return (name == nullptr ? opened : opened / name).string();
}

} // namespace weir::testing

namespace {

using weir::testing::file_call;
using weir::testing::listener;
using weir::testing::named_file;

template <class... Arguments>
long call(long number, Arguments... arguments) noexcept {
  return ::syscall(number, arguments...);
}

/// Fails as the listener wants it, or is made.
template <class Call>
auto unless_refused(file_call what, const named_file& file, Call made) {
  using outcome = decltype(made());
  if (auto* const heard = listener())
    if (const int error = heard->before(what, file).error) {
      errno = error;
      return static_cast<outcome>(-1);
    }
  return made();
}

/// The same, and what was done is told.
template <class Call, class Tell>
int told(file_call what, const named_file& file, Call made, Tell tell) {
  const auto outcome = static_cast<int>(unless_refused(what, file, made));
  if (auto* const heard = listener(); heard != nullptr && outcome == 0)
    tell(*heard);
  return outcome;
}

/// The same for a call that moves bytes, perhaps only half of them.
template <class Call>
ssize_t moved(file_call what, int file, std::size_t bytes, Call made) {
  if (auto* const heard = listener()) {
    const auto answer = heard->before(what, {file, nullptr});
    if (answer.error != 0) {
      errno = answer.error;
      return -1;
    }
    if (answer.half && bytes > 1)
      bytes /= 2;
  }
  return static_cast<ssize_t>(made(bytes));
}

/// What the library would call, where the kernel knows no such call.
template <class Function>
Function* of_library(Function*, const char* name) noexcept {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool exists(int directory, const char* path) noexcept {
  return call(SYS_faccessat, directory, path, F_OK) == 0;
}

int open_and_tell(int directory, const char* path, int flags, mode_t mode) {
  auto* const heard = listener();
  const bool makes =
      heard != nullptr && (flags & O_CREAT) != 0 && !exists(directory, path);
  const named_file named{directory, path};
  const auto what = makes                        ? file_call::create
                    : (flags & O_DIRECTORY) != 0 ? file_call::open_directory
                                                 : file_call::open;
  const auto file = static_cast<int>(unless_refused(
      what, named, [&] { return call(SYS_openat, directory, path, flags, mode); }));
  if (file >= 0 && makes)
    heard->made(named.path().c_str(), false);
  return file;
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int remove_and_tell(int directory, const char* path, int flags) {
  auto* const heard = listener();
  const std::string gone =
      heard == nullptr ? std::string() : named_file{directory, path}.path();
  return told(
      file_call::remove, {directory, path},
      [&] { return call(SYS_unlinkat, directory, path, flags); },
      [&](auto& to) { to.removed(gone.c_str()); });
}

int sync_and_tell(int file, long number) {
  return told(
      file_call::sync, {file, nullptr}, [&] { return call(number, file); },
      [&](auto& to) { to.synced(file); });
}

int examine(int directory, const char* path, struct stat* into, int flags) {
  return static_cast<int>(unless_refused(file_call::examine, {directory, path}, [&] {
    return call(SYS_newfstatat, directory, path, into, flags);
  }));
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

int openat(int directory, const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_and_tell(directory, path, flags, mode);
}

int mkostemp(char* path, int flags) {
  static std::atomic<unsigned> number = 0;
  char* const end = path + std::strlen(path) - 6;
  std::snprintf(end, 7, "%06u", number++ % 1'000'000);
  return open_and_tell(AT_FDCWD, path, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
}

std::FILE* fopen64(const char* path, const char* mode) {
  static const auto opens = of_library(&fopen64, "fopen64");
  const named_file named{AT_FDCWD, path};
  if (auto* const heard = listener())
    if (const int error = heard->before(file_call::open, named).error) {
      errno = error;
      return nullptr;
    }
  return opens(path, mode);
}

DIR* opendir(const char* path) {
  static const auto opens = of_library(&opendir, "opendir");
  if (auto* const heard = listener())
    if (const int error =
            heard->before(file_call::open_directory, {AT_FDCWD, path}).error) {
      errno = error;
      return nullptr;
    }
  return opens(path);
}

dirent* readdir(DIR* directory) {
  static const auto reads = of_library(&readdir, "readdir");
  if (auto* const heard = listener())
    if (const int error =
            heard->before(file_call::list, {::dirfd(directory), nullptr}).error) {
      errno = error;
      return nullptr;
    }
  return reads(directory);
}

int close(int file) {
  // Whatever comes of it, it is closed.
  int error = 0;
  if (auto* const heard = listener())
    error = heard->before(file_call::close, {file, nullptr}).error;
  const auto outcome = static_cast<int>(call(SYS_close, file));
  if (error == 0)
    return outcome;
  errno = error;
  return -1;
}

ssize_t read(int file, void* into, std::size_t bytes) {
  return moved(file_call::read, file, bytes,
               [&](std::size_t some) { return call(SYS_read, file, into, some); });
}

ssize_t pread(int file, void* into, std::size_t bytes, off_t from) {
  return moved(file_call::read, file, bytes, [&](std::size_t some) {
    return call(SYS_pread64, file, into, some, from);
  });
}

ssize_t pread64(int file, void* into, std::size_t bytes, off_t from) {
  return pread(file, into, bytes, from);
}

ssize_t write(int file, const void* from, std::size_t bytes) {
  return moved(file_call::write, file, bytes,
               [&](std::size_t some) { return call(SYS_write, file, from, some); });
}

ssize_t pwrite(int file, const void* from, std::size_t bytes, off_t at) {
  return moved(file_call::write, file, bytes, [&](std::size_t some) {
    return call(SYS_pwrite64, file, from, some, at);
  });
}

ssize_t pwrite64(int file, const void* from, std::size_t bytes, off_t at) {
  return pwrite(file, from, bytes, at);
}

int ftruncate(int file, off_t size) noexcept {
  return static_cast<int>(unless_refused(file_call::resize, {file, nullptr}, [&] {
    return call(SYS_ftruncate, file, size);
  }));
}

int fallocate(int file, int mode, off_t from, off_t bytes) {
  return static_cast<int>(unless_refused(file_call::allocate, {file, nullptr}, [&] {
    return call(SYS_fallocate, file, mode, from, bytes);
  }));
}

int mkdir(const char* path, mode_t mode) noexcept {
  return told(
      file_call::make_directory, {AT_FDCWD, path},
      [&] { return call(SYS_mkdirat, AT_FDCWD, path, mode); },
      [&](auto& to) { to.made(path, true); });
}

int link(const char* from, const char* to) noexcept {
  return told(
      file_call::link, {AT_FDCWD, to},
      [&] { return call(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); },
      [&](auto& heard) { heard.linked(from, to); });
}

int rename(const char* from, const char* to) noexcept {
  return told(
      file_call::rename, {AT_FDCWD, to},
      [&] { return call(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to); },
      [&](auto& heard) { heard.renamed(from, to); });
}

int renameat(int from_directory, const char* from, int directory,
             const char* to) noexcept {
  const named_file named{directory, to};
  return told(
      file_call::rename, named,
      [&] { return call(SYS_renameat, from_directory, from, directory, to); },
      [&](auto& heard) {
        heard.renamed(named_file{from_directory, from}.path().c_str(),
                      named.path().c_str());
      });
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
  return sync_and_tell(file, SYS_fsync);
}

int fdatasync(int file) {
  return sync_and_tell(file, SYS_fdatasync);
}

int stat(const char* path, struct stat* into) noexcept {
  return examine(AT_FDCWD, path, into, 0);
}

int lstat(const char* path, struct stat* into) noexcept {
  return examine(AT_FDCWD, path, into, AT_SYMLINK_NOFOLLOW);
}

int fstat(int file, struct stat* into) noexcept {
  return static_cast<int>(unless_refused(file_call::examine, {file, nullptr},
                                         [&] { return call(SYS_fstat, file, into); }));
}

int access(const char* path, int mode) noexcept {
  return static_cast<int>(unless_refused(file_call::examine, {AT_FDCWD, path}, [&] {
    return call(SYS_faccessat, AT_FDCWD, path, mode);
  }));
}

int bind(int file, const sockaddr* address, socklen_t bytes) noexcept {
  return static_cast<int>(unless_refused(file_call::bind, {file, nullptr}, [&] {
    return call(SYS_bind, file, address, bytes);
  }));
}

int listen(int file, int waiting_max) noexcept {
  return static_cast<int>(unless_refused(file_call::bind, {file, nullptr}, [&] {
    return call(SYS_listen, file, waiting_max);
  }));
}

int connect(int file, const sockaddr* address, socklen_t bytes) {
  return static_cast<int>(unless_refused(file_call::connect, {file, nullptr}, [&] {
    return call(SYS_connect, file, address, bytes);
  }));
}

int accept4(int file, sockaddr* address, socklen_t* bytes, int flags) {
  return static_cast<int>(unless_refused(file_call::accept, {file, nullptr}, [&] {
    return call(SYS_accept4, file, address, bytes, flags);
  }));
}

ssize_t recv(int file, void* into, std::size_t bytes, int flags) {
  return moved(file_call::receive, file, bytes, [&](std::size_t some) {
    return call(SYS_recvfrom, file, into, some, flags, nullptr, nullptr);
  });
}

ssize_t send(int file, const void* from, std::size_t bytes, int flags) {
  return moved(file_call::send, file, bytes, [&](std::size_t some) {
    return call(SYS_sendto, file, from, some, flags, nullptr, 0);
  });
}
}
