// Text files cut into stretches that subtasks read on their own, and the reader of one. A
// line belongs to the stretch in which it begins.
#pragma once

#include "operators/io/line_buffer.hpp"

#include <memory>
#include <string>

namespace weir::detail {

/// What is left of a stretch: a position in it is a split, too.
struct input_split {
  std::string path;
  std::uint64_t next = 0;
  std::uint64_t end = 0;
  /// A line begins at `next`; otherwise one may have begun before it.
  bool at_line = true;
};

/// A file, or every regular file of a directory in the order of their names, but not
/// those that begin with a dot. Throws failure::usage for what is not there or cannot be
/// read.
std::vector<input_split> split_input(const std::string& path,
                                     std::uint64_t bytes_max = std::uint64_t{64} << 20);

/// Those of one subtask: every n-th.
std::vector<input_split> share_of(const std::vector<input_split>& splits,
                                  std::uint32_t subtask, std::uint32_t parallelism);

/// The same of what several subtasks had left, each with the next one last; so is this.
std::vector<input_split> share_of_left(const std::vector<std::vector<input_split>>& left,
                                       std::uint32_t subtask, std::uint32_t parallelism);

/// Throws failure::restore_refused unless the file of `saved` is still there and long
/// enough.
void check_resumable(const input_split& saved);

std::vector<std::byte> save_splits(const std::vector<input_split>& splits);
std::vector<input_split> load_splits(const std::vector<std::byte>& saved);

/// Reads one split line by line.
class line_reader {
public:
  explicit line_reader(input_split split);
  ~line_reader();
  line_reader(line_reader&&) noexcept;
  line_reader& operator=(line_reader&&) noexcept;

  /// The next line without its end ("\n" or "\r\n"), valid until the next call; false at
  /// the end of the split.
  bool next(std::string_view& line);

  /// Where the next line begins, and the end.
  const input_split& left() const noexcept { return split_; }

private:
  struct open_file;

  std::string_view take_line();
  bool fill();
  void skip_to_line();

  input_split split_;
  std::unique_ptr<open_file> file_;
  std::uint64_t first_byte_; // of what went into the buffer
  line_buffer buffer_;
};

} // namespace weir::detail
