// What the sinks of lines have in common, whatever their format: each subtask writes its
// own file, exactly once.
#pragma once

#include "operators/io/line_file.hpp"
#include "operators/io/published_lines.hpp"
#include "operators/sink_end.hpp"

namespace weir::detail {

/// How a T becomes a line, and what stands before the first line of a file.
template <class Format, class T>
concept line_format = requires(const Format format, std::string& out, const T& value) {
  format.template begin<T>(out);
  format.append(out, value);
};

template <class T, line_format<T> Format>
class line_sink {
public:
  line_sink(line_file file, Format format) : file_(std::move(file)), format_(format) {}

  void start(const operator_start& from) { file_.start(from); }
  void write(const T& record) {
    begin();
    format_.append(file_.buffer(), record);
    file_.end_line();
  }
  void flush() { file_.flush(); }
  std::uint64_t bytes_moved() const noexcept { return file_.length(); }
  std::optional<operator_snapshot> snapshot() { return file_.snapshot(); }
  void finish() {
    begin(); // a file without records has a header, too
    file_.sync();
  }

private:
  void begin() {
    if (file_.empty()) [[unlikely]]
      format_.template begin<T>(file_.buffer());
  }

  line_file file_;
  Format format_;
};

/// The same in files that are seen only when they are complete.
template <class T, line_format<T> Format>
class published_line_writer {
public:
  using committable = pending_part;

  published_line_writer(published_lines files, Format format)
      : files_(std::move(files)), format_(format) {}

  void start(const transactions_start& from) { files_.start(from); }
  void write(const T& record) {
    if (files_.empty()) [[unlikely]]
      format_.template begin<T>(files_.buffer());
    format_.append(files_.buffer(), record);
    files_.end_line();
  }
  void flush() { files_.flush(); }
  std::uint64_t bytes_moved() const noexcept { return files_.bytes_moved(); }
  prepared_transaction<committable> prepare() { return files_.prepare(); }

private:
  published_lines files_;
  Format format_;
};

/// The spec of the latter.
template <class Format>
class published_line_spec {
public:
  published_line_spec(std::string directory, Format format)
      : directory_(std::move(directory)), format_(std::move(format)) {}

  template <class T>
  requires line_format<Format, T>
  auto open(std::uint32_t subtask, std::uint32_t) const {
    return published_line_writer<T, Format>(published_lines(directory_, subtask),
                                            format_);
  }
  void commit(const std::vector<pending_part>& parts) const {
    published_lines::publish(directory_, parts);
  }

private:
  std::string directory_;
  Format format_;
};

/// The spec of the former.
template <class Format>
class line_sink_spec {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = true;
  static constexpr bool rescales = true;

  template <class T>
  requires line_format<Format, T>
  auto open(std::uint32_t subtask, std::uint32_t) const {
    return line_sink<T, Format>(line_file(directory_, subtask), format_);
  }

  /// Lines that nobody sees before the checkpoint that has them: in files of their own,
  /// which appear whole and never change, see published_lines.hpp.
  published_line_spec<Format> transactional() const { return {directory_, format_}; }

protected:
  explicit line_sink_spec(std::string directory) : directory_(std::move(directory)) {}

  std::string directory_;
  Format format_;
};

} // namespace weir::detail
