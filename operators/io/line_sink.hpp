// What the sinks of lines have in common, whatever their format: each subtask writes its
// own file, exactly once.
#pragma once

#include "operators/io/line_file.hpp"
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

/// The spec of such a sink.
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

protected:
  explicit line_sink_spec(std::string directory) : directory_(std::move(directory)) {}

  std::string directory_;
  Format format_;
};

} // namespace weir::detail
