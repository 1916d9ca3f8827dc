#include "state/storage/local_files.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"
#include "state/storage/file_piece.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

std::string_view remedy(int error_number) {
  switch (error_number) {
  case ENOSPC:
  case EDQUOT:
    return "free some space there, then start again";
  case EACCES:
  case EPERM:
  case EROFS:
    return "check its permissions and owner";
  case EMFILE:
  case ENFILE:
    return "raise the limit of open files (ulimit -n)";
  case EIO:
    return "check the disk";
  case ELOOP:
    return "put the file itself there, no link to it";
  case ENOENT:
  case ENOTDIR:
    return "check that nothing else moves or removes files there";
  default:
    return "check the path and its file system";
  }
}

// Up to `size` bytes into `out`; fewer only at the end of the file.
std::size_t read_fully(int fd, std::byte* out, std::size_t size, const fs::path& path,
                       failure kind) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(fd, out + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw_file_error(kind, "read", path, errno);
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

// All that the file has, however much its size says; an errno, or 0.
int read_to_end(int fd, std::vector<std::byte>& bytes) {
  struct stat found {};
  if (::fstat(fd, &found) != 0)
    return errno;
  constexpr std::size_t believed_max = std::size_t{64} << 20; // a file may have holes
  // A byte more than there are: so the end is found without more room.
  bytes.resize(std::min(static_cast<std::size_t>(found.st_size), believed_max) + 1);
  std::size_t done = 0;
  while (true) {
    const ssize_t n = ::read(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
    if (done == bytes.size())
      bytes.resize(2 * done);
  }
  bytes.resize(done);
  return 0;
}

void write_fully(int fd, std::span<const std::byte> bytes, const fs::path& path,
                 failure kind) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw_file_error(kind, "write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

bool link_is_impossible(int error_number) {
  return error_number == EXDEV || error_number == EPERM || error_number == EOPNOTSUPP ||
         error_number == ENOSYS || error_number == EMLINK;
}

/// Removes what has not got its name.
class unfinished_copy {
public:
  explicit unfinished_copy(const std::string& path) : path_(path) {}
  ~unfinished_copy() {
    if (!finished_)
      ::unlink(path_.c_str());
  }
  unfinished_copy(const unfinished_copy&) = delete;
  unfinished_copy& operator=(const unfinished_copy&) = delete;

  void finish() noexcept { finished_ = true; }

private:
  const std::string& path_;
  bool finished_ = false;
};

void copy_durably(const fs::path& from, const fs::path& to, failure kind) {
  const file_descriptor in = open_file(from, O_RDONLY, kind, "read");
  // A name of its own, because two subtasks may copy the same content at once.
  std::string temporary = (to.parent_path() / fmt::format("{}{}_XXXXXX", temporary_prefix,
                                                          to.filename().string()))
                              .string();
  const file_descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out)
    throw_file_error(kind, "create", temporary, errno);
  unfinished_copy copy(temporary);
  file_piece piece(piece_bytes);
  while (const std::size_t n =
             read_fully(in.get(), piece.bytes().data(), piece_bytes, from, kind))
    write_fully(out.get(), piece.first(n), temporary, kind);
  if (::fsync(out.get()) != 0)
    throw_file_error(kind, "make durable", temporary, errno);
  if (::rename(temporary.c_str(), to.c_str()) != 0)
    throw_file_error(kind, "create", to, errno);
  copy.finish();
}

} // namespace

file_descriptor::~file_descriptor() {
  if (fd_ >= 0)
    ::close(fd_);
}

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept {
  const file_descriptor old(std::exchange(fd_, other.release()));
  return *this;
}

int file_descriptor::release() noexcept {
  return std::exchange(fd_, -1);
}

void throw_file_error(failure kind, std::string_view doing, const fs::path& path,
                      int error_number) {
  throw error(kind, fmt::format("cannot {} '{}': {}; {}", doing, path.string(),
                                std::generic_category().message(error_number),
                                remedy(error_number)));
}

file_descriptor open_file(const fs::path& path, int flags, failure kind,
                          std::string_view doing) {
  file_descriptor file = try_open(path, flags);
  if (!file)
    throw_file_error(kind, doing, path, errno);
  return file;
}

file_descriptor try_open(const fs::path& path, int flags, unsigned mode) noexcept {
  int file = -1;
  do
    file = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (file < 0 && errno == EINTR);
  return file_descriptor(file);
}

std::vector<fs::path> names_in(const fs::path& directory, std::error_code& unreadable) {
  std::vector<fs::path> names;
  // An iterator of the standard library ends the process where there is no memory.
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(directory.c_str()),
                                                   &::closedir);
  int error_number = opened ? 0 : errno;
  while (opened) {
    errno = 0;
    const dirent* const entry = ::readdir(opened.get());
    error_number = errno;
    if (entry == nullptr)
      break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..")
      names.emplace_back(name);
  }
  unreadable.assign(error_number, std::generic_category());
  std::ranges::sort(names);
  return names;
}

std::vector<fs::path> names_in(const fs::path& directory, failure kind) {
  std::error_code unreadable;
  auto names = names_in(directory, unreadable);
  if (unreadable && !says_absent(unreadable))
    throw_file_error(kind, "list", directory, unreadable.value());
  return names;
}

std::optional<std::uint64_t> size_of(const fs::path& file, failure kind) {
  std::error_code unknown;
  const std::uintmax_t size = fs::file_size(file, unknown);
  if (!unknown)
    return size;
  if (!says_absent(unknown))
    throw_file_error(kind, "examine", file, unknown.value());
  return std::nullopt;
}

bool says_absent(const std::error_code& of) noexcept {
  return of == std::errc::no_such_file_or_directory || of == std::errc::not_a_directory;
}

bool may_exist(const fs::path& path) noexcept {
  std::error_code unknown;
  return fs::symlink_status(path, unknown).type() != fs::file_type::not_found;
}

std::vector<std::byte> read_file(const fs::path& path, failure kind) {
  const file_descriptor file = open_file(path, O_RDONLY | O_NOFOLLOW, kind, "read");
  std::vector<std::byte> bytes;
  if (const int error_number = read_to_end(file.get(), bytes))
    throw_file_error(kind, "read", path, error_number);
  return bytes;
}

std::optional<std::vector<std::byte>> try_read_file(const fs::path& path) {
  const file_descriptor file = try_open(path, O_RDONLY | O_NOFOLLOW);
  std::vector<std::byte> bytes;
  if (!file || read_to_end(file.get(), bytes) != 0)
    return std::nullopt;
  return bytes;
}

std::vector<std::byte> read_file_prefix(const fs::path& path, std::uint64_t size,
                                        failure kind) {
  const file_descriptor file = open_file(path, O_RDONLY | O_NOFOLLOW, kind, "read");
  std::vector<std::byte> bytes(size);
  const std::size_t n = read_fully(file.get(), bytes.data(), bytes.size(), path, kind);
  if (n < size)
    throw error(kind, fmt::format("cannot read '{}': it has {} bytes of {}; check that "
                                  "nothing else writes there",
                                  path.string(), n, size));
  return bytes;
}

measured_file measure_file(const fs::path& path, failure kind) {
  int error_number = 0;
  const auto measured = try_measure_file(path, error_number);
  if (!measured)
    throw_file_error(kind, "read", path, error_number);
  return *measured;
}

std::optional<measured_file> try_measure_file(const fs::path& path, int& error_number) {
  const file_descriptor file = try_open(path, O_RDONLY | O_NOFOLLOW);
  error_number = errno;
  if (!file)
    return std::nullopt;
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  // What has been read stays in the cache of the core until it is summed up.
  constexpr std::size_t summed_bytes = std::size_t{128} << 10;
  file_piece piece(summed_bytes);
  checksum_builder builder;
  measured_file result;
  while (true) {
    const ssize_t n = ::read(file.get(), piece.bytes().data(), summed_bytes);
    error_number = errno;
    if (n < 0 && error_number == EINTR)
      continue;
    if (n < 0)
      return std::nullopt;
    if (n == 0)
      break;
    builder.add(piece.first(static_cast<std::size_t>(n)));
    result.size += static_cast<std::uint64_t>(n);
  }
  result.sum = builder.finish();
  return result;
}

void write_file_durably(const fs::path& path, std::span<const std::byte> bytes) {
  const file_descriptor file =
      open_file(path, O_WRONLY | O_CREAT | O_TRUNC, failure::job_failed, "create");
  write_fully(file.get(), bytes, path, failure::job_failed);
  if (!fault("file.not-synced") && ::fsync(file.get()) != 0)
    throw_file_error(failure::job_failed, "make durable", path, errno);
}

file_writer::file_writer(const fs::path& path)
    : path_(path), file_(open_file(path, O_WRONLY | O_CREAT | O_TRUNC,
                                   failure::job_failed, "create")) {}

void file_writer::append(std::span<const std::byte> bytes) {
  write_fully(file_.get(), bytes, path_, failure::job_failed);
}

void file_writer::make_durable() {
  if (!fault("file.not-synced") && ::fsync(file_.get()) != 0)
    throw_file_error(failure::job_failed, "make durable", path_, errno);
}

file_reader::file_reader(const fs::path& path, failure kind)
    : path_(path), kind_(kind),
      file_(open_file(path, O_RDONLY | O_NOFOLLOW, kind, "read")) {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0)
    throw_file_error(kind, "read", path, errno);
  size_ = static_cast<std::uint64_t>(found.st_size);
}

void file_reader::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t n =
        ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw_file_error(kind_, "read", path_, errno);
    if (n == 0)
      throw error(kind_, fmt::format("cannot read '{}': it ends at byte {} and had {}; "
                                     "check that nothing else writes there",
                                     path_.string(), offset, size_));
    offset += static_cast<std::uint64_t>(n);
    out = out.subspan(static_cast<std::size_t>(n));
  }
}

int try_create_durably(const fs::path& directory) {
  const fs::path parent =
      directory.has_parent_path() ? directory.parent_path() : fs::path(".");
  if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) {
    if (errno != ENOENT || parent == directory)
      return errno;
    if (const int error_number = try_create_durably(parent))
      return error_number;
    if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST)
      return errno;
  }
  std::error_code unknown;
  const fs::file_status made = fs::status(directory, unknown);
  if (!fs::is_directory(made))
    return fs::status_known(made) ? ENOTDIR : unknown.value();
  fsync_directory(parent);
  return 0;
}

void fsync_directory(const fs::path& directory) {
  if (fault("directory.not-synced"))
    return;
  const file_descriptor opened =
      open_file(directory, O_RDONLY | O_DIRECTORY, failure::job_failed, "open directory");
  if (::fsync(opened.get()) != 0)
    throw_file_error(failure::job_failed, "make durable", directory, errno);
}

void rename_durably(const fs::path& temporary, const fs::path& target) {
  fsync_directory(target.parent_path());
  crash_point("metadata.names-synced");
  if (::rename(temporary.c_str(), target.c_str()) != 0)
    throw_file_error(failure::job_failed, "create", target, errno);
  crash_point("metadata.renamed");
  fsync_directory(target.parent_path());
}

link_outcome link_or_copy(const fs::path& from, const fs::path& to, failure kind) {
  if (::link(from.c_str(), to.c_str()) == 0)
    return link_outcome::linked;
  if (errno == EEXIST)
    return link_outcome::existed;
  if (!link_is_impossible(errno))
    throw_file_error(kind, fmt::format("link '{}' as", from.string()), to, errno);
  copy_durably(from, to, kind);
  return link_outcome::copied;
}

} // namespace weir
