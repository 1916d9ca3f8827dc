// The local file system as checkpoints need it: every write durable, every error one line
// with the path, the reason and what to do. Used by whatever puts state on disk; nothing
// else in weir calls open, link or fsync.
#pragma once

#include "serialization/checksum.hpp"
#include "serialization/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace weir {

/// Owns a file descriptor that is open; always close-on-exec.
class file_descriptor {
public:
  file_descriptor() = default;
  explicit file_descriptor(int fd) : fd_(fd) {}
  ~file_descriptor();
  file_descriptor(file_descriptor&& other) noexcept : fd_(other.release()) {}
  file_descriptor& operator=(file_descriptor&& other) noexcept;

  explicit operator bool() const noexcept { return fd_ >= 0; }
  int get() const noexcept { return fd_; }
  int release() noexcept;

private:
  int fd_ = -1;
};

/// `cannot <doing> '<path>': <errno text>; <what to do>`.
[[noreturn]] void throw_file_error(failure kind, std::string_view doing,
                                   const std::filesystem::path& path, int error_number);

file_descriptor open_file(const std::filesystem::path& path, int flags, failure kind,
                          std::string_view doing);

/// As open(), until no signal comes in between.
file_descriptor try_open(const std::filesystem::path& path, int flags,
                         unsigned mode = 0644) noexcept;

/// The names in a directory, sorted; those that could be read when it cannot be.
std::vector<std::filesystem::path> names_in(const std::filesystem::path& directory,
                                            std::error_code& unreadable);
/// The same, and none where there is no such directory.
std::vector<std::filesystem::path> names_in(const std::filesystem::path& directory,
                                            failure kind);

/// None where there is no such file.
std::optional<std::uint64_t> size_of(const std::filesystem::path& file, failure kind);

/// Whether an error says that there is nothing of that name.
bool says_absent(const std::error_code& of) noexcept;

/// False only where that is certain.
bool may_exist(const std::filesystem::path& path) noexcept;

/// This and what follows read the file itself, and refuse a symbolic link to one.
std::vector<std::byte> read_file(const std::filesystem::path& path, failure kind);

/// Nothing when the file cannot be read, for whoever can go on without it.
std::optional<std::vector<std::byte>> try_read_file(const std::filesystem::path& path);

/// The first `size` bytes of a file that may be growing.
std::vector<std::byte> read_file_prefix(const std::filesystem::path& path,
                                        std::uint64_t size, failure kind);

struct measured_file {
  std::uint64_t size = 0;
  checksum sum;
};

/// Streams the file through the checksum in constant memory.
measured_file measure_file(const std::filesystem::path& path, failure kind);

/// Nothing and why when the file cannot be read, for whoever can go on without it.
std::optional<measured_file> try_measure_file(const std::filesystem::path& path,
                                              int& error_number);

/// Creates or overwrites; the content is durable on return, the name once the caller has
/// called fsync_directory.
void write_file_durably(const std::filesystem::path& path,
                        std::span<const std::byte> bytes);

/// A file that is written from its beginning, a piece at a time.
class file_writer {
public:
  /// Creates or overwrites.
  explicit file_writer(const std::filesystem::path& path);

  const std::filesystem::path& path() const noexcept { return path_; }
  void append(std::span<const std::byte> bytes);
  /// The content is durable on return, the name once the caller has called
  /// fsync_directory.
  void make_durable();

private:
  std::filesystem::path path_;
  file_descriptor file_;
};

/// A file that is read at any place and stays as it was when it was opened.
class file_reader {
public:
  file_reader(const std::filesystem::path& path, failure kind);

  const std::filesystem::path& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }
  /// Fills `out` with the bytes from `offset` on.
  void read_at(std::uint64_t offset, std::span<std::byte> out) const;

private:
  std::filesystem::path path_;
  failure kind_;
  file_descriptor file_;
  std::uint64_t size_ = 0;
};

/// Creates the directory and its parents, every new name durable; an errno, or 0.
int try_create_durably(const std::filesystem::path& directory);

void fsync_directory(const std::filesystem::path& directory);

/// Makes `target` appear whole or not at all: the content of `temporary` (same directory)
/// is durable already; name and rename are durable on return.
void rename_durably(const std::filesystem::path& temporary,
                    const std::filesystem::path& target);

enum class link_outcome { linked, copied, existed };

/// Gives the file a second name in another directory; copies (durably, under a temporary
/// name first) where the file system cannot link. A target that exists is left alone.
link_outcome link_or_copy(const std::filesystem::path& from,
                          const std::filesystem::path& to, failure kind);

/// How the names of link_or_copy's temporary files begin.
inline constexpr std::string_view temporary_prefix = "._";

} // namespace weir
