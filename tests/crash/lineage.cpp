#include "tests/crash/lineage.hpp"

#include "state/checkpoint_directory.hpp"
#include "state/checkpoint_names.hpp"

#include <algorithm>
#include <iterator>

namespace weir::testing {

namespace fs = std::filesystem;

void lineage::verify(const fs::path& checkpoint) {
  verify_checkpoint(locate_checkpoint(checkpoint));
}

/// What is complete there, by the id that savepoints have, too.
void lineage::find_in(const fs::path& directory, by_id& complete) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("chk-") && !name.starts_with("savepoint-"))
      continue;
    if (!fs::exists(entry.path() / "_metadata")) {
      unfinished_seen_ = true;
      continue;
    }
    const located_checkpoint found = locate_checkpoint(entry.path());
    verify_checkpoint(found);
    complete[found.metadata.id.value] = entry.path();
  }
}

bool lineage::killed(bool older, std::uint64_t told) {
  unfinished_seen_ = false;
  by_id complete;
  if (from_ && fs::exists(*from_ / "_metadata"))
    complete[locate_checkpoint(*from_).metadata.id.value] = *from_;
  if (fs::exists(root_))
    for (const auto& job : fs::directory_iterator(root_))
      if (known_.insert(job.path()).second)
        find_in(job.path(), complete);
  if (fs::exists(savepoints_))
    find_in(savepoints_, complete);
  if (complete.empty())
    return false;
  auto chosen = std::prev(complete.end());
  const bool chose_older = older && chosen != complete.begin();
  if (chose_older)
    --chosen;
  from_ = chosen->second;
  remove_others();
  return chose_older || chosen->first < told;
}

std::uint64_t lineage::newest() const {
  std::uint64_t newest = 0;
  if (fs::exists(root_))
    for (const auto& job : fs::directory_iterator(root_))
      for (const checkpoint_id id : complete_checkpoints(job.path()))
        newest = std::max(newest, id.value);
  return newest;
}

/// Nothing else is needed any more: what a job resumes from is in one directory.
void lineage::remove_others() const {
  for (const fs::path& root : {root_, savepoints_}) {
    if (!fs::exists(root))
      continue;
    for (const auto& entry : fs::directory_iterator(root))
      if (entry.path() != from_->parent_path() && entry.path() != *from_)
        fs::remove_all(entry);
  }
}

} // namespace weir::testing
