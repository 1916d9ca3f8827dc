// The file calls of a process, for whoever listens to them: a program that is linked with
// file_calls.cpp makes all of its calls there, those of RocksDB and of the standard
// library included. A listener hears what was done, and may have a call fail before it is
// done.
#pragma once

#include <fcntl.h>

#include <cstdint>
#include <string>

namespace weir::testing {

enum class file_call : std::uint8_t {
  open,
  create,
  open_directory,
  list, // the next name
  examine,
  read,
  write,
  sync,
  close,
  resize,
  allocate,
  rename,
  link,
  make_directory,
  remove,
  connect, // these of sockets
  accept,
  receive,
  send,
  bind,
};

/// A name in an open directory, or, where there is no name, what is open itself.
struct named_file {
  int descriptor = AT_FDCWD;
  const char* name = nullptr;

  std::string path() const;
};

/// What becomes of a call.
struct interference {
  int error = 0;     // it fails with that; 0: it is made
  bool half = false; // of what was to be read or written
};

class file_call_listener {
public:
  virtual ~file_call_listener() = default;

  virtual interference before(file_call, const named_file&) { return {}; }
  // What has been done.
  virtual void made(const char* /*path*/, bool /*directory*/) {}
  virtual void linked(const char* /*from*/, const char* /*to*/) {}
  virtual void renamed(const char* /*from*/, const char* /*to*/) {}
  virtual void removed(const char* /*path*/) {}
  virtual void synced(int /*file*/) {}
};

/// Null: nobody listens.
void listen_to_file_calls(file_call_listener* listener);

/// Calls of this thread are not heard as long as there is one.
class unheard {
public:
  unheard();
  ~unheard();
  unheard(const unheard&) = delete;
  unheard& operator=(const unheard&) = delete;
};

} // namespace weir::testing
