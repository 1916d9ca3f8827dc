#include "operators/io/input_splits.hpp"

#include "serialization/error.hpp"
#include "serialization/record_codec.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace weir::detail {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_input(const std::string& path, const std::string& why) {
  throw error(failure::usage, "cannot read the input '" + path + "': " + why);
}

std::vector<std::string> files_of(const std::string& path) {
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (!fs::exists(status))
    refuse_input(path, problem ? problem.message() : "it does not exist");
  if (!fs::is_directory(status))
    return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path, problem))
    if (entry.is_regular_file() && !entry.path().filename().native().starts_with('.'))
      files.push_back(entry.path());
  if (problem)
    refuse_input(path, problem.message());
  if (files.empty())
    refuse_input(path, "the directory has no files");
  std::ranges::sort(files);
  return files;
}

std::uint64_t readable_size(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0)
    refuse_input(path, std::strerror(errno));
  std::error_code problem;
  const std::uint64_t size = fs::file_size(path, problem);
  if (problem)
    refuse_input(path, problem.message());
  return size;
}

} // namespace

std::vector<input_split> split_input(const std::string& path, std::uint64_t bytes_max) {
  std::vector<input_split> splits;
  for (const std::string& file : files_of(path)) {
    const std::uint64_t size = readable_size(file);
    for (std::uint64_t at = 0; at < size; at += bytes_max)
      splits.push_back({file, at, std::min(size, at + bytes_max), at == 0});
  }
  return splits;
}

std::vector<input_split> share_of(const std::vector<input_split>& splits,
                                  std::uint32_t subtask, std::uint32_t parallelism) {
  std::vector<input_split> share;
  for (std::size_t i = subtask; i < splits.size(); i += parallelism)
    share.push_back(splits[i]);
  return share;
}

std::vector<input_split> share_of_left(const std::vector<std::vector<input_split>>& left,
                                       std::uint32_t subtask, std::uint32_t parallelism) {
  std::vector<input_split> all;
  for (const auto& part : left)
    all.insert(all.end(), part.rbegin(), part.rend());
  auto share = share_of(all, subtask, parallelism);
  std::ranges::reverse(share);
  return share;
}

void check_resumable(const input_split& saved) {
  std::error_code problem;
  const std::uint64_t size = fs::file_size(saved.path, problem);
  if (problem)
    throw error(failure::restore_refused, "the input '" + saved.path +
                                              "' that the checkpoint was reading: " +
                                              problem.message() + "; put it back");
  if (size < saved.end)
    throw error(failure::restore_refused,
                "the input '" + saved.path + "' has " + std::to_string(size) +
                    " bytes, and the checkpoint was to read up to " +
                    std::to_string(saved.end) + "; put the file back as it was");
}

std::vector<std::byte> save_splits(const std::vector<input_split>& splits) {
  using codec = record_codec<std::vector<input_split>>;
  std::vector<std::byte> saved(codec::size(splits));
  codec::encode(splits, saved.data());
  return saved;
}

std::vector<input_split> load_splits(const std::vector<std::byte>& saved) {
  std::vector<input_split> splits;
  byte_reader in(saved);
  record_codec<std::vector<input_split>>::decode_into(splits, in);
  return splits;
}

struct line_reader::open_file {
  int descriptor;

  explicit open_file(const std::string& path)
      : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor < 0)
      fail("opening", path);
  }
  ~open_file() { ::close(descriptor); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  std::size_t read(char* into, std::size_t bytes, std::uint64_t at,
                   const std::string& path) const {
    while (true) {
      const ssize_t got = ::pread(descriptor, into, bytes, static_cast<off_t>(at));
      if (got >= 0)
        return static_cast<std::size_t>(got);
      if (errno != EINTR)
        fail("reading", path);
    }
  }

  [[noreturn]] static void fail(const char* doing, const std::string& path) {
    throw error(failure::job_failed, std::string(doing) + " the input '" + path +
                                         "': " + std::strerror(errno));
  }
};

line_reader::line_reader(input_split split)
    : split_(std::move(split)), file_(std::make_unique<open_file>(split_.path)) {
  if (!split_.at_line)
    split_.next -= 1; // a line begins at the split if the byte before ends one
  first_byte_ = split_.next;
  if (!split_.at_line)
    skip_to_line();
}

line_reader::~line_reader() = default;
line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;

bool line_reader::next(std::string_view& line) {
  if (split_.next >= split_.end)
    return false;
  line = take_line();
  return true;
}

std::string_view line_reader::take_line() {
  std::string_view line;
  while (!buffer_.take(line)) {
    if (fill())
      continue;
    if (!buffer_.take_rest(line))
      throw error(failure::job_failed, "the input '" + split_.path + "' ends at byte " +
                                           std::to_string(split_.next) +
                                           " and was longer when the job began");
    break;
  }
  split_.next = first_byte_ + buffer_.taken();
  return line;
}

/// Reads more; false at the end of the file.
bool line_reader::fill() {
  const std::span<char> room = buffer_.room();
  if (room.empty())
    throw error(failure::job_failed, "the input '" + split_.path +
                                         "' has a line of more than 64 MiB at byte " +
                                         std::to_string(split_.next));
  const std::size_t got = file_->read(room.data(), room.size(),
                                      first_byte_ + buffer_.received(), split_.path);
  buffer_.filled(got);
  return got > 0;
}

/// The line that began before this split belongs to the one before.
void line_reader::skip_to_line() {
  take_line();
  split_.at_line = true;
}

} // namespace weir::detail
