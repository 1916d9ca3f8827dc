#include "tests/crash/lineage.hpp"

#include "state/checkpoint_directory.hpp"

#include <charconv>
#include <iterator>
#include <map>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

std::uint64_t number_of(const fs::path& checkpoint) {
  const std::string name = checkpoint.filename().string();
  std::uint64_t number = 0;
  std::from_chars(name.data() + sizeof "chk-" - 1, name.data() + name.size(), number);
  return number;
}

} // namespace

void lineage::verify(const fs::path& checkpoint) {
  verify_checkpoint(locate_checkpoint(checkpoint));
}

bool lineage::killed(bool older) {
  unfinished_seen_ = false;
  if (!fs::exists(root_))
    return false;
  std::map<std::uint64_t, fs::path> complete;
  for (const auto& job : fs::directory_iterator(root_)) {
    if (!known_.insert(job.path()).second)
      continue;
    for (const auto& entry : fs::directory_iterator(job)) {
      if (!entry.path().filename().string().starts_with("chk-"))
        continue;
      if (fs::exists(entry.path() / "_metadata"))
        complete[number_of(entry.path())] = entry.path();
      else
        unfinished_seen_ = true;
    }
  }
  for (const auto& [number, checkpoint] : complete)
    verify(checkpoint);
  if (complete.empty())
    return false;
  auto chosen = std::prev(complete.end());
  const bool chose_older = older && chosen != complete.begin();
  if (chose_older)
    --chosen;
  from_ = chosen->second;
  // Nothing else is needed any more: what a job resumes from is in one job directory.
  for (const auto& job : fs::directory_iterator(root_))
    if (job.path() != from_->parent_path())
      fs::remove_all(job);
  return chose_older;
}

} // namespace weir::testing
