// Files of lines that are seen only when they are complete, one for each subtask and
// checkpoint: `<directory>/part-<subtask>-<number>`. Until its checkpoint exists a file
// is in `<directory>/.pending`; publishing it is a rename, so whoever reads the directory
// sees all of a file or nothing of it, and it never changes again.
//
// A restore takes back what a later checkpoint had published: it will come again.
#pragma once

#include "operators/io/output_file.hpp"
#include "operators/transactions.hpp"

#include <filesystem>
#include <memory>

namespace weir::detail {

/// Frozen: it is in checkpoints.
struct pending_part {
  std::uint32_t subtask;
  std::uint64_t number;
};

class published_lines {
public:
  using committable = pending_part;

  published_lines(std::string directory, std::uint32_t subtask);

  /// Only looks; what has to go goes when the first byte is due.
  void start(const transactions_start& from);
  std::string& buffer() noexcept { return buffer_; }
  /// Nothing was written into this file.
  bool empty() const noexcept { return !file_ && buffer_.empty(); }
  std::uint64_t bytes_moved() const noexcept { return written_ + buffer_.size(); }
  void end_line() {
    buffer_ += '\n';
    if (buffer_.size() >= buffer_bytes_max)
      flush();
  }
  void flush();
  prepared_transaction<committable> prepare();

  /// Renames what is pending; what is not has been published before.
  static void publish(const std::string& directory,
                      const std::vector<pending_part>& parts);

private:
  std::optional<std::uint64_t> next_of(std::uint32_t subtask) const;
  void look_through(const std::filesystem::path& directory);
  void begin();

  static constexpr std::size_t buffer_bytes_max = std::size_t{64} << 10;

  std::filesystem::path directory_;
  std::uint32_t subtask_;
  transactions_start from_;
  std::vector<std::filesystem::path> to_remove_;
  bool begun_ = false;
  std::uint64_t number_ = 0; // of the file under way
  std::string buffer_;
  std::shared_ptr<output_file> file_; // shared with the uploader's fsync
  std::uint64_t written_ = 0;
};

} // namespace weir::detail
