#include "state/checkpoint_names.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view checkpoint_prefix = "chk-";
constexpr std::string_view savepoint_prefix = "savepoint-";

} // namespace

std::string checkpoint_name(checkpoint_id id) {
  return std::string(checkpoint_prefix) + std::to_string(id.value);
}

std::optional<checkpoint_id> checkpoint_of_name(std::string_view name) {
  if (!name.starts_with(checkpoint_prefix))
    return std::nullopt;
  const std::string_view digits = name.substr(checkpoint_prefix.size());
  checkpoint_id id;
  std::from_chars(digits.data(), digits.data() + digits.size(), id.value);
  // Written back, so that chk-007 and chk-7x are foreign names.
  return checkpoint_name(id) == name ? std::optional(id) : std::nullopt;
}

std::string savepoint_name(const std::string& job_id) {
  constexpr int digits = 12;
  std::random_device entropy;
  std::string name = std::string(savepoint_prefix) + job_id.substr(0, 6) + "-";
  for (int i = 0; i < digits; ++i)
    name += "0123456789abcdef"[entropy() % 16];
  return name;
}

bool is_savepoint_name(std::string_view name) {
  return name.starts_with(savepoint_prefix);
}

bool is_shared_name(std::string_view name) {
  constexpr std::size_t digits = 32;
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  };
  return name.size() == digits + 4 && name.substr(digits) == ".sst" &&
         std::ranges::all_of(name.substr(0, digits), is_digit);
}

bool is_complete(const fs::path& checkpoint) {
  std::error_code unknown;
  return fs::is_regular_file(checkpoint / metadata_name, unknown);
}

std::vector<checkpoint_id> complete_checkpoints(const fs::path& job) {
  std::error_code unreadable;
  auto ids = complete_checkpoints(job, unreadable);
  if (unreadable)
    throw_file_error(failure::restore_refused, "list the checkpoints in", job,
                     unreadable.value());
  return ids;
}

std::vector<checkpoint_id> complete_checkpoints(const fs::path& job,
                                                std::error_code& unreadable) {
  std::vector<checkpoint_id> ids;
  const auto names = names_in(job, unreadable);
  if (says_absent(unreadable))
    unreadable.clear();
  for (const fs::path& name : names) {
    const auto id = checkpoint_of_name(name.string());
    if (!id)
      continue;
    std::error_code unknown;
    const fs::file_status found = fs::status(job / name / metadata_name, unknown);
    if (fs::is_regular_file(found))
      ids.push_back(*id);
    else if (!fs::status_known(found))
      unreadable = unknown;
  }
  std::ranges::sort(ids);
  return ids;
}

} // namespace weir
