// The sink that writes one line of text per record, each subtask into its own file:
// `<directory>/part-<subtask>`. Exactly once: a barrier saves the length of the file and
// a checksum of its last bytes, a restore cuts it there. A first start refuses a file
// that already has content, a restore one that is not the file of its checkpoint.
#pragma once

#include "operators/io/output_file.hpp"
#include "operators/sink_end.hpp"
#include "serialization/text.hpp"

namespace weir {

namespace detail {

/// One part file behind a buffer. `start` only looks at it; it is created or cut when the
/// first byte is due, when every other sink of the job has started too.
class line_file {
public:
  line_file(std::string directory, std::uint32_t subtask);

  void start(const operator_start& from);
  std::string& buffer() noexcept { return buffer_; }
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
  void resume(const std::vector<std::byte>& saved);
  void open();
  void remember_tail(std::string_view written);

  static constexpr std::size_t buffer_bytes_max = std::size_t{64} << 10;
  static constexpr std::size_t tail_bytes_max = std::size_t{4} << 10;

  std::string directory_;
  std::string path_;
  std::string buffer_;
  std::shared_ptr<output_file> file_; // shared with the uploader's fsync
  std::uint64_t length_ = 0;
  std::string tail_; // the last bytes before length_
};

} // namespace detail

class write_lines {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = true;

  explicit write_lines(std::string directory) : directory_(std::move(directory)) {}

  template <record T>
  class instance {
  public:
    explicit instance(detail::line_file file) : file_(std::move(file)) {}

    void start(const operator_start& from) { file_.start(from); }
    void write(const T& record) {
      append_text(file_.buffer(), record);
      file_.end_line();
    }
    void flush() { file_.flush(); }
    std::uint64_t bytes_moved() const noexcept { return file_.length(); }
    std::optional<operator_snapshot> snapshot() { return file_.snapshot(); }
    void finish() { file_.sync(); }

  private:
    detail::line_file file_;
  };

  template <record T>
  instance<T> open(std::uint32_t subtask, std::uint32_t) const {
    return instance<T>(detail::line_file(directory_, subtask));
  }

private:
  std::string directory_;
};

} // namespace weir
