#include "tests/failing_calls/failing_disk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace weir::testing {

namespace {

bool is_one_of(file_call what, std::initializer_list<file_call> these) {
  return std::ranges::find(these, what) != these.end();
}

bool is_of_sockets(file_call what) {
  return is_one_of(what, {file_call::connect, file_call::accept, file_call::receive,
                          file_call::send, file_call::bind});
}

int error_number_of(file_call what, call_failure how) {
  if (how == call_failure::io_error && what == file_call::accept)
    return EMFILE;
  if (how == call_failure::io_error && is_of_sockets(what))
    return what == file_call::bind ? EACCES : ECONNRESET;
  switch (how) {
  case call_failure::io_error:
    return EIO;
  case call_failure::no_space:
    return ENOSPC;
  case call_failure::interrupted:
    return EINTR;
  case call_failure::half:
    break;
  }
  return 0;
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> inode_of(int file) {
  struct stat found {};
  if (::fstat(file, &found) != 0 || !S_ISREG(found.st_mode))
    return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino);
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> inode_of(const char* path) {
  struct stat found {};
  if (::stat(path, &found) != 0)
    return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino);
}

} // namespace

const char* to_string(file_call what) {
  constexpr std::array names{"open",    "create",         "open directory", "list",
                             "examine", "read",           "write",          "sync",
                             "close",   "resize",         "allocate",       "rename",
                             "link",    "make directory", "remove",         "connect",
                             "accept",  "receive",        "send",           "bind"};
  return names.at(static_cast<std::size_t>(what));
}

const char* to_string(call_failure how) {
  constexpr std::array names{"EIO", "ENOSPC", "EINTR", "half"};
  return names.at(static_cast<std::size_t>(how));
}

bool can_fail(file_call what, call_failure how) {
  switch (how) {
  case call_failure::io_error:
    return true;
  case call_failure::no_space:
    return is_one_of(what, {file_call::create, file_call::write, file_call::sync,
                            file_call::resize, file_call::allocate, file_call::rename,
                            file_call::link, file_call::make_directory});
  case call_failure::interrupted:
    return is_one_of(what, {file_call::open, file_call::create, file_call::read,
                            file_call::write, file_call::sync, file_call::close,
                            file_call::accept, file_call::receive, file_call::send});
  case call_failure::half:
    return is_one_of(
        what, {file_call::read, file_call::write, file_call::receive, file_call::send});
  }
  return false;
}

/// Of what could not be synced nobody knows how much has been. RocksDB takes a close for
/// the end of a write, and does not open directories again.
bool failed_call::is_passing() const {
  const bool opens_database = is_one_of(what, {file_call::open, file_call::create}) &&
                              path.find("/attempt-") != path.npos;
  return how == call_failure::half ||
         (how == call_failure::interrupted && what != file_call::sync &&
          what != file_call::close && !opens_database);
}

std::string failed_call::text() const {
  return std::string(to_string(how)) + " of '" + to_string(what) + "' on '" + path + "'";
}

failing_disk::failing_disk(std::filesystem::path root) : root_(std::move(root)) {
  listen_to_file_calls(this);
}

failing_disk::~failing_disk() {
  stop();
}

void failing_disk::stop() {
  listen_to_file_calls(nullptr);
}

interference failing_disk::before(file_call what, const named_file& file) {
  const unheard looking;
  std::string path = file.path();
  if (!path.starts_with(root_.native()) && !is_of_sockets(what))
    return {};
  const std::lock_guard held(lock_);
  if (what == file_call::link && !links_)
    return {.error = EXDEV};
  if (what == file_call::resize && inode_of(file.descriptor) == doubtful_)
    doubtful_.reset(); // what could not be synced is gone from it
  const bool fails =
      next_ && heard_.size() >= next_->first && can_fail(what, next_->second);
  heard_.push_back(what);
  if (!fails)
    return {};
  const call_failure how = next_->second;
  next_.reset();
  // RocksDB's notes of its options are read by nobody.
  if (what == file_call::sync && path.find("/OPTIONS-") == path.npos) {
    doubtful_ = inode_of(file.descriptor);
    doubtful_path_ = path;
  }
  failed_ = {what, how, std::move(path)};
  return {.error = error_number_of(what, how), .half = how == call_failure::half};
}

void failing_disk::renamed(const char*, const char* to) {
  const unheard looking;
  const std::lock_guard held(lock_);
  if (doubtful_ && inode_of(to) == doubtful_)
    doubtful_path_ = to;
}

std::string failing_disk::doubtful_file() {
  const unheard looking;
  const std::lock_guard held(lock_);
  return doubtful_ && inode_of(doubtful_path_.c_str()) == doubtful_ ? doubtful_path_ : "";
}

} // namespace weir::testing
