// The source of lines of text: of a file, of all files of a directory, or of standard
// input. Large files are read in stretches of 64 MiB by several subtasks.
#pragma once

#include "operators/io/line_stream.hpp"
#include "operators/source_chain.hpp"

namespace weir {

class read_lines {
public:
  static constexpr bool blocking = true;
  static constexpr bool rescales = true;

  explicit read_lines(line_input input) : input_(std::move(input)) {}

  class instance {
  public:
    using output = std::string;

    explicit instance(detail::line_stream lines) : lines_(std::move(lines)) {}

    void start(const operator_start& from);
    std::vector<std::byte> position() const { return save_splits(lines_.left()); }
    /// Of the lines, with their ends.
    std::uint64_t bytes_moved() const noexcept { return lines_.bytes(); }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time now) {
      for (std::size_t i = 0; i < records_max; ++i) {
        if (!lines_.next())
          return lines_.pause(i > 0, now);
        line_.assign(lines_.line());
        emit(std::as_const(line_));
      }
      return {poll_result::next::more, {}};
    }

  private:
    detail::line_stream lines_;
    std::string line_; // kept for its memory
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return instance(detail::line_stream(input_, subtask, parallelism));
  }
  std::string reads_once() const { return input_.reads_once(); }

private:
  line_input input_;
};

/// The lines of standard input, as they come, up to its end.
inline read_lines read_stdin() {
  return read_lines(standard_input);
}

} // namespace weir
