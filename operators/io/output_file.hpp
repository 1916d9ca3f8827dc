// An owned file descriptor and the few calls that sinks make on it. Errors are
// weir::error with the path, the reason and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class output_file {
public:
  output_file(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  /// Opens for writing, creates if absent.
  explicit output_file(std::string path);
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  std::uint64_t size() const;
  /// Cuts the file at `size` and writes from there on.
  void resume_at(std::uint64_t size);
  void write_all(std::string_view bytes);
  void sync();
  const std::string& path() const noexcept { return path_; }

private:
  [[noreturn]] void fail(const char* doing) const;

  int fd_;
  std::string path_;
};

} // namespace weir
