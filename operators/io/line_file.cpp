#include "operators/io/line_file.hpp"

#include "serialization/codec.hpp"
#include "serialization/error.hpp"
#include "state/storage/local_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weir::detail {

namespace {

/// Where a file stood at a barrier. Frozen: it is in checkpoints.
struct saved_file {
  std::uint64_t length;
  std::uint64_t tail_low; // checksum of the last bytes before length
  std::uint64_t tail_high;
};

std::string read_part(const std::string& path, std::uint64_t from, std::uint64_t bytes) {
  std::string part(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  file.read(part.data(), static_cast<std::streamsize>(bytes));
  if (!file)
    throw error(failure::restore_refused,
                "cannot read the output '" + path + "'; make it readable and run again");
  return part;
}

} // namespace

line_file::line_file(std::string directory, std::uint32_t subtask)
    : directory_(std::move(directory)),
      path_(directory_ + "/part-" + std::to_string(subtask)) {}

void line_file::start(const operator_start& from) {
  if (from.saved)
    return resume(*from.saved);
  std::error_code absent;
  if (!from.rerun && std::filesystem::file_size(path_, absent) > 0 && !absent)
    throw error(failure::usage, "the output '" + path_ +
                                    "' already has content; remove it, choose another "
                                    "directory, or resume with -s");
}

void line_file::resume(const std::vector<std::byte>& saved) {
  if (saved.size() != codec<saved_file>::size)
    throw error(failure::restore_refused,
                "what the checkpoint saved for '" + path_ +
                    "' is not the end of a file; was it another "
                    "kind of sink?");
  const auto end = codec<saved_file>::decode(saved.data());
  std::error_code absent;
  const std::uint64_t present = std::filesystem::file_size(path_, absent);
  if (absent || present < end.length)
    throw error(failure::restore_refused,
                "the output '" + path_ + "' has " +
                    (absent ? "vanished" : std::to_string(present) + " bytes") +
                    ", the checkpoint was taken at " + std::to_string(end.length) +
                    "; put the file back or start without -s");
  const auto tail_bytes = std::min<std::uint64_t>(end.length, tail_bytes_max);
  tail_ = read_part(path_, end.length - tail_bytes, tail_bytes);
  if (checksum_of(std::as_bytes(std::span(tail_))) !=
      checksum{end.tail_low, end.tail_high})
    throw error(failure::restore_refused,
                "the output '" + path_ +
                    "' is not the one its checkpoint was taken with: another run has "
                    "written it since; put the file back or start without -s");
  length_ = end.length;
}

void line_file::open() {
  std::error_code problem;
  std::filesystem::create_directories(directory_, problem);
  if (problem)
    throw error(failure::usage, "cannot create the output directory '" + directory_ +
                                    "': " + problem.message() + "; choose another one");
  file_ = std::make_shared<output_file>(path_);
  file_->resume_at(length_);
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
  const checksum sum = checksum_of(std::as_bytes(std::span(tail_)));
  operator_snapshot saved;
  saved.bytes.resize(codec<saved_file>::size);
  codec<saved_file>::encode({length_, sum.low, sum.high}, saved.bytes.data());
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
