// The source that reads text files line by line: one file, or all files of a directory.
// Large files are read in stretches of 64 MiB by several subtasks. Its position is what
// is left of the stretches, down to the line.
#pragma once

#include "operators/io/input_splits.hpp"
#include "operators/source_chain.hpp"

namespace weir {

class read_lines {
public:
  static constexpr bool blocking = true;

  explicit read_lines(std::string path) : path_(std::move(path)) {}

  class instance {
  public:
    using output = std::string;

    instance(std::string path, std::uint32_t subtask, std::uint32_t parallelism)
        : path_(std::move(path)), subtask_(subtask), parallelism_(parallelism) {}

    void start(const operator_start& from);
    std::vector<std::byte> position() const;
    /// Of the lines, with their ends.
    std::uint64_t bytes_moved() const noexcept { return bytes_; }

    template <class Emit>
    poll_result poll(Emit&& emit, std::size_t records_max, steady_time) {
      for (std::size_t i = 0; i < records_max; ++i) {
        if (!next_line())
          return {poll_result::next::ended, {}};
        emit(std::as_const(line_));
      }
      return {poll_result::next::more, {}};
    }

  private:
    /// Into line_; false when all is read.
    bool next_line();

    std::string path_;
    std::uint32_t subtask_;
    std::uint32_t parallelism_;
    std::vector<detail::input_split> splits_; // not begun, the next one last
    std::optional<detail::line_reader> reader_;
    std::string line_;
    std::uint64_t bytes_ = 0;
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return {path_, subtask, parallelism};
  }

private:
  std::string path_;
};

} // namespace weir
