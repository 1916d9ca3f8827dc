// The lines of one subtask's share of an input, file after file, or those of an open
// input, which the first subtask reads alone. What the sources that read text have in
// common. Its position in files is what is left of them, down to the line.
#pragma once

#include "operators/io/input_splits.hpp"
#include "operators/io/malformed_line.hpp"
#include "operators/io/open_input.hpp"
#include "operators/task.hpp"
#include "serialization/parse_problem.hpp"

#include <concepts>

namespace weir {

namespace detail {
class line_stream;
}

/// What a source of lines reads: a file, all files of a directory, or an open input.
class line_input {
public:
  template <std::convertible_to<std::string> Path>
  line_input(Path path) : path_(std::move(path)) {}
  line_input(open_input once)
      : once_(std::make_shared<detail::open_input_reader>(once)) {}

  /// "standard input"; empty for files, which can be read again.
  std::string reads_once() const { return once_ ? once_->name() : std::string(); }

private:
  friend class detail::line_stream;

  std::string path_;
  std::shared_ptr<detail::open_input_reader> once_;
};

namespace detail {

class line_stream {
public:
  line_stream(line_input input, std::uint32_t subtask, std::uint32_t parallelism)
      : input_(std::move(input)), subtask_(subtask), parallelism_(parallelism) {}

  /// From the beginning, or with what was `left`.
  void start(const std::vector<input_split>* left);
  /// What is left: the stretch under way last, the others from the last to the next one.
  std::vector<input_split> left() const;

  /// Moves to the next line; false when there is none now.
  bool next();
  /// What a source's poll returns after next() has returned false. Waits a moment for an
  /// open input that is silent, unless something was `emitted`, which should leave first.
  poll_result pause(bool emitted, steady_time now) const;

  /// Of all lines so far, with their ends.
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// The line, until the next one.
  std::string_view line() const noexcept { return line_; }
  /// Whether it is the first that this stream reads in its file.
  bool file_opened() const noexcept { return file_opened_; }
  bool first_of_file() const noexcept {
    return input_.once_ ? input_.once_->lines() == 1 : begins_at_ == 0;
  }
  /// Of the file that the line is in.
  std::string first_line_of_file() const;

  /// The line as one that is no record.
  malformed_line describe(const parse_problem& problem);
  /// The same for the first line of its file.
  malformed_line describe_header(const parse_problem& problem) const;

private:
  bool next_of_files();
  bool next_of_once();
  std::string file() const;
  std::uint64_t line_number();

  line_input input_;
  std::uint32_t subtask_;
  std::uint32_t parallelism_;
  // Of an open input.
  bool begun_ = false;
  bool ended_ = false;

  std::vector<input_split> splits_; // not begun, the next one last
  std::optional<line_reader> reader_;
  std::string_view line_;
  std::uint64_t begins_at_ = 0;
  bool file_opened_ = false;
  std::uint64_t bytes_ = 0;
  // How many lines of a file stand before a byte of it: only a line that is refused has
  // its number counted, and the next one goes on from there.
  input_split counted_{};
  std::uint64_t counted_lines_ = 0;
};

} // namespace detail

} // namespace weir
