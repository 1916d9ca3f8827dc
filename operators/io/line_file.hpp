// The file that a sink of lines writes, one for each subtask:
// `<directory>/part-<subtask>`. Exactly once: a barrier saves the length of the file and
// a checksum of its last bytes, a restore cuts it there. A first start refuses a file
// that already has content, a restore one that is not the file of its checkpoint.
#pragma once

#include "operators/io/output_ends.hpp"
#include "operators/io/output_file.hpp"
#include "operators/task.hpp"

#include <memory>

namespace weir::detail {

/// Where a file stood at a barrier. Frozen: it is in checkpoints.
struct file_end {
  std::uint64_t length;
  std::uint64_t tail_low; // checksum of the last bytes before length
  std::uint64_t tail_high;
};

/// One part file behind a buffer. `start` only looks at it; it is created or cut when the
/// first byte is due, when every other sink of the job has started too.
class line_file {
public:
  line_file(std::string directory, std::uint32_t subtask);

  void start(const operator_start& from);
  std::string& buffer() noexcept { return buffer_; }
  bool empty() const noexcept { return length() == 0; }
  /// With what is still in the buffer.
  std::uint64_t length() const noexcept { return length_ + buffer_.size(); }
  void end_line() {
    buffer_ += '\n';
    if (buffer_.size() >= buffer_bytes_max)
      flush();
  }
  void flush();
  operator_snapshot snapshot();
  void sync();

private:
  std::string path_of(std::uint32_t subtask) const;
  std::vector<std::uint32_t> strays(const operator_start& from) const;
  void open();
  void remember_tail(std::string_view written);

  static constexpr std::size_t buffer_bytes_max = std::size_t{64} << 10;
  static constexpr std::size_t tail_bytes_max = std::size_t{4} << 10;

  std::string directory_;
  std::string path_;
  std::string buffer_;
  std::shared_ptr<output_file> file_; // shared with the uploader's fsync
  std::uint64_t length_ = 0;
  std::string tail_;           // the last bytes before length_
  output_ends<file_end> ends_; // of files that others wrote, and it looks after
};

} // namespace weir::detail
