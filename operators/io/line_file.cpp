#include "operators/io/line_file.hpp"

#include "serialization/crash_point.hpp"
#include "serialization/error.hpp"
#include "state/storage/local_files.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace weir::detail {

namespace {

std::string read_part(const std::string& path, std::uint64_t from, std::uint64_t bytes) {
  std::string part(bytes, '\0');
  std::ifstream file;
  do {
    errno = 0;
    file.open(path, std::ios::binary);
  } while (!file && errno == EINTR);
  file.seekg(static_cast<std::streamoff>(from));
  file.read(part.data(), static_cast<std::streamsize>(bytes));
  if (!file)
    throw error(failure::restore_refused,
                "cannot read the output '" + path + "'; make it readable and run again");
  return part;
}

/// The last bytes of a file that a checkpoint saw; throws failure::restore_refused unless
/// it is the same one still.
std::string tail_of(const std::string& path, const file_end& end, std::size_t bytes_max) {
  const auto present = size_of(path, failure::job_failed);
  if (!present || *present < end.length)
    throw error(failure::restore_refused,
                "the output '" + path + "' has " +
                    (present ? std::to_string(*present) + " bytes" : "vanished") +
                    ", the checkpoint was taken at " + std::to_string(end.length) +
                    "; put the file back or start without -s");
  const auto bytes = std::min<std::uint64_t>(end.length, bytes_max);
  std::string tail = read_part(path, end.length - bytes, bytes);
  if (checksum_of(std::as_bytes(std::span(tail))) !=
      checksum{end.tail_low, end.tail_high})
    throw error(failure::restore_refused,
                "the output '" + path +
                    "' is not the one its checkpoint was taken with: another run has "
                    "written it since; put the file back or start without -s");
  return tail;
}

void refuse_content(const std::string& path) {
  if (size_of(path, failure::job_failed).value_or(0) > 0)
    throw error(failure::usage, "the output '" + path +
                                    "' already has content; remove it, choose another "
                                    "directory, or resume with -s");
}

file_end end_of(std::string_view tail, std::uint64_t length) {
  const checksum sum = checksum_of(std::as_bytes(std::span(tail)));
  return {length, sum.low, sum.high};
}

} // namespace

line_file::line_file(std::string directory, std::uint32_t subtask)
    : directory_(std::move(directory)), path_(path_of(subtask)) {}

std::string line_file::path_of(std::uint32_t subtask) const {
  return directory_ + "/part-" + std::to_string(subtask);
}

void line_file::start(const operator_start& from) {
  ends_ = output_ends<file_end>::taken_over(from);
  for (const auto& [subtask, end] : ends_.others)
    tail_of(path_of(subtask), end, tail_bytes_max);
  // What stands there after a restore is of a run that got further than its checkpoint.
  const bool began_before = from.rerun || from.saved || from.before;
  for (const std::uint32_t stray : strays(from))
    if (began_before)
      ends_.others.emplace(stray, end_of({}, 0));
    else
      refuse_content(path_of(stray));
  if (ends_.own) {
    tail_ = tail_of(path_, *ends_.own, tail_bytes_max);
    length_ = ends_.own->length;
  } else if (!began_before) {
    refuse_content(path_);
  }
}

/// Files that nobody writes now and no checkpoint knows of, as far as this subtask looks
/// after them: a run with more subtasks may have died before it took one.
std::vector<std::uint32_t> line_file::strays(const operator_start& from) const {
  constexpr std::string_view prefix = "part-";
  std::vector<std::uint32_t> found;
  for (const auto& file : names_in(directory_, failure::job_failed)) {
    const std::string name = file.string();
    std::uint32_t number = 0;
    const char* const end = name.data() + name.size();
    if (!name.starts_with(prefix) ||
        std::from_chars(name.data() + prefix.size(), end, number).ptr != end)
      continue;
    if (number >= from.parallelism && number % from.parallelism == from.subtask &&
        path_of(number) != path_ && !ends_.others.contains(number))
      found.push_back(number);
  }
  return found;
}

void line_file::open() {
  if (const int error_number = try_create_durably(directory_))
    throw error(failure::usage,
                "cannot create the output directory '" + directory_ +
                    "': " + std::generic_category().message(error_number) +
                    "; choose another one");
  file_ = std::make_shared<output_file>(path_);
  file_->resume_at(length_);
  crash_point("output.truncated");
  for (const auto& [subtask, end] : ends_.others)
    output_file(path_of(subtask)).resume_at(end.length);
}

void line_file::flush() {
  if (!file_)
    open();
  if (buffer_.empty())
    return;
  file_->write_all(buffer_);
  length_ += buffer_.size();
  remember_tail(buffer_);
  buffer_.clear();
}

void line_file::remember_tail(std::string_view written) {
  if (written.size() >= tail_bytes_max) {
    tail_ = written.substr(written.size() - tail_bytes_max);
    return;
  }
  tail_ += written;
  if (tail_.size() > tail_bytes_max)
    tail_.erase(0, tail_.size() - tail_bytes_max);
}

operator_snapshot line_file::snapshot() {
  flush();
  operator_snapshot saved;
  saved.bytes = ends_.saved_with(end_of(tail_, length_));
  saved.make_durable = [file = file_, directory = directory_] {
    file->sync();
    fsync_directory(directory); // the file's name
  };
  return saved;
}

void line_file::sync() {
  flush();
  file_->sync();
  fsync_directory(directory_);
}

} // namespace weir::detail
