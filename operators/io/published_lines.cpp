#include "operators/io/published_lines.hpp"

#include "serialization/crash_point.hpp"
#include "state/storage/local_files.hpp"

#include <charconv>
#include <system_error>

namespace weir::detail {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "part-";

fs::path pending_in(const fs::path& directory) {
  return directory / ".pending";
}

std::string name_of(const pending_part& part) {
  return std::string(prefix)
      .append(std::to_string(part.subtask))
      .append("-")
      .append(std::to_string(part.number));
}

std::optional<pending_part> part_of_name(const std::string& name) {
  pending_part part{};
  const char* const end = name.data() + name.size();
  if (!name.starts_with(prefix))
    return std::nullopt;
  const auto subtask = std::from_chars(name.data() + prefix.size(), end, part.subtask);
  if (subtask.ec != std::errc() || subtask.ptr == end || *subtask.ptr != '-')
    return std::nullopt;
  const auto number = std::from_chars(subtask.ptr + 1, end, part.number);
  if (number.ec != std::errc() || number.ptr != end)
    return std::nullopt;
  return part;
}

void create(const fs::path& directory) {
  if (const int error_number = try_create_durably(directory))
    throw error(failure::usage,
                "cannot create the output directory '" + directory.string() +
                    "': " + std::generic_category().message(error_number) +
                    "; choose another one");
}

} // namespace

published_lines::published_lines(std::string directory, std::uint32_t subtask)
    : directory_(std::move(directory)), subtask_(subtask) {}

void published_lines::start(const transactions_start& from) {
  from_ = from;
  number_ = from.next;
  look_through(directory_);
  look_through(pending_in(directory_));
  if (from.began_before || to_remove_.empty())
    return;
  throw error(failure::usage, "the output '" + to_remove_.front().string() +
                                  "' is there already; remove it, choose another "
                                  "directory, or resume with -s");
}

/// Notes the files that no checkpoint knows of, as far as this subtask looks after them.
void published_lines::look_through(const fs::path& directory) {
  for (const fs::path& name : names_in(directory, failure::job_failed)) {
    const auto part = part_of_name(name.string());
    if (!part)
      continue;
    const auto next = next_of(part->subtask);
    if (next && part->number >= *next)
      to_remove_.push_back(directory / name);
  }
}

/// The number from which on files of a subtask are none of the checkpoint's; none if
/// another one looks after them.
std::optional<std::uint64_t> published_lines::next_of(std::uint32_t subtask) const {
  if (subtask == subtask_)
    return from_.next;
  if (const auto known = from_.others.find(subtask); known != from_.others.end())
    return known->second;
  const bool nobodys = subtask >= from_.parallelism;
  if (nobodys && subtask % from_.parallelism == subtask_)
    return 0; // a run with more subtasks died before it took a checkpoint
  return std::nullopt;
}

void published_lines::begin() {
  begun_ = true;
  create(pending_in(directory_));
  for (const fs::path& stale : to_remove_)
    if (std::error_code problem; !fs::remove(stale, problem) && problem)
      throw_file_error(failure::job_failed, "remove", stale, problem.value());
  if (!to_remove_.empty())
    crash_point("transaction.stale-removed");
  to_remove_.clear();
}

void published_lines::flush() {
  if (!begun_)
    begin();
  if (buffer_.empty())
    return;
  if (!file_) {
    file_ = std::make_shared<output_file>(pending_in(directory_) /
                                          name_of({subtask_, number_}));
    file_->resume_at(0);
  }
  file_->write_all(buffer_);
  written_ += buffer_.size();
  buffer_.clear();
}

prepared_transaction<pending_part> published_lines::prepare() {
  flush();
  const pending_part part{subtask_, number_++};
  crash_point("transaction.prepared");
  if (!file_)
    return {};
  return {part, [file = std::exchange(file_, {}), pending = pending_in(directory_)] {
            file->sync();
            fsync_directory(pending); // the file's name
          }};
}

void published_lines::publish(const std::string& directory,
                              const std::vector<pending_part>& parts) {
  const fs::path pending = pending_in(directory);
  for (const pending_part& part : parts) {
    const fs::path from = pending / name_of(part);
    const fs::path to = fs::path(directory) / name_of(part);
    std::error_code problem;
    fs::rename(from, to, problem);
    // Without it, it has been published before, and perhaps fetched.
    if (problem && problem != std::errc::no_such_file_or_directory)
      throw_file_error(failure::job_failed, "publish", from, problem.value());
    crash_point("commit.renamed");
  }
  if (!may_exist(pending))
    return;
  fsync_directory(directory);
  fsync_directory(pending);
  crash_point("commit.synced");
}

} // namespace weir::detail
