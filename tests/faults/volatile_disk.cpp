#include "tests/faults/volatile_disk.hpp"

#include "operators/random.hpp"
#include "tests/support/files.hpp"

#include <unistd.h>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

/// Databases of a running attempt: nobody looks at them after a power cut.
constexpr const char* databases = "work";

bool is_below(const fs::path& path, const fs::path& root) {
  const std::string& all = path.native();
  return all.size() > root.native().size() && all.starts_with(root.native()) &&
         all[root.native().size()] == '/';
}

bool in_databases(const fs::path& path) {
  return path.native().find("/work/") != std::string::npos;
}

} // namespace

volatile_disk& volatile_disk::instance() {
  static volatile_disk disk;
  return disk;
}

void volatile_disk::watch(const fs::path& root, std::function<void()> changed) {
  const std::lock_guard held(lock_);
  root_ = root;
  top_ = std::make_shared<node>(node{.directory = true});
  changed_ = std::move(changed);
  listen_to_file_calls(this);
}

void volatile_disk::forget() {
  listen_to_file_calls(nullptr);
  const std::lock_guard held(lock_);
  root_.clear();
  top_.reset();
  changed_ = {};
}

template <class Change>
void volatile_disk::on(const char* path, Change change) {
  const std::lock_guard held(lock_);
  if (root_.empty())
    return;
  const fs::path normal = fs::path(path).lexically_normal();
  if (normal != root_ && !is_below(normal, root_))
    return;
  change(normal);
  if (!in_databases(normal) && changed_)
    changed_();
}

/// None for what lies in a directory that nobody has made.
std::optional<volatile_disk::place> volatile_disk::find(const fs::path& path) {
  if (!is_below(path, root_))
    return std::nullopt;
  place at{top_, {}};
  for (const fs::path& step : path.lexically_relative(root_)) {
    if (!at.name.empty()) {
      const auto next = at.in->now.find(at.name);
      if (next == at.in->now.end() || !next->second->directory)
        return std::nullopt;
      at.in = next->second;
    }
    at.name = step.string();
  }
  return at;
}

std::shared_ptr<volatile_disk::node> volatile_disk::take(const place& at, bool unlinked) {
  const auto found = at.in->now.find(at.name);
  if (found == at.in->now.end())
    return std::make_shared<node>(); // made by a call that nobody has told of
  auto taken = found->second;
  at.in->now.erase(found);
  if (unlinked)
    at.in->unlinked.insert(at.name);
  return taken;
}

void volatile_disk::made(const char* path, bool directory) {
  on(path, [&](const fs::path& normal) {
    if (const auto at = find(normal))
      at->in->now.try_emplace(at->name,
                              std::make_shared<node>(node{.directory = directory}));
  });
}

void volatile_disk::linked(const char* from, const char* to) {
  on(to, [&](const fs::path& normal) {
    const auto source = find(fs::path(from).lexically_normal());
    const auto target = find(normal);
    if (source && target && source->in->now.contains(source->name))
      target->in->now[target->name] = source->in->now[source->name];
  });
}

void volatile_disk::renamed(const char* from, const char* to) {
  on(to, [&](const fs::path& normal) {
    const auto source = find(fs::path(from).lexically_normal());
    const auto target = find(normal);
    if (source && target)
      target->in->now[target->name] = take(*source, /*unlinked=*/false);
  });
}

void volatile_disk::removed(const char* path) {
  on(path, [&](const fs::path& normal) {
    if (const auto at = find(normal))
      take(*at, /*unlinked=*/true);
  });
}

void volatile_disk::synced(int file) {
  std::error_code gone;
  const fs::path path = fs::read_symlink("/proc/self/fd/" + std::to_string(file), gone);
  if (gone)
    return;
  on(path.c_str(), [&](const fs::path& normal) {
    std::shared_ptr<node> of = top_;
    if (const auto at = find(normal)) {
      const auto found = at->in->now.find(at->name);
      if (found == at->in->now.end())
        return; // it was removed
      of = found->second;
    }
    if (of->directory) {
      of->synced = of->now;
      of->unlinked.clear();
    } else {
      of->content = read_text(normal);
    }
  });
}

void volatile_disk::leave(leftover of, std::uint64_t seed, const fs::path& into) {
  const std::lock_guard held(lock_);
  fs::create_directories(into);
  leave(*top_, root_, of, seed, into);
}

void volatile_disk::leave(const node& directory, const fs::path& now, leftover of,
                          std::uint64_t& seed, const fs::path& into) {
  leftover here = of;
  if (of == leftover::any)
    here = std::array{leftover::nothing, leftover::removals,
                      leftover::names}[random_stream(seed++, 0).below(3)];
  const bool all_names = here == leftover::names || here == leftover::everything;
  for (const auto& [name, each] : all_names ? directory.now : directory.synced) {
    if (name == databases ||
        (here == leftover::removals && directory.unlinked.contains(name)))
      continue;
    if (each->directory) {
      fs::create_directory(into / name);
      leave(*each, now / name, of, seed, into / name);
    } else {
      write_text(into / name,
                 here == leftover::everything ? read_text(now / name) : each->content);
    }
  }
}

} // namespace weir::testing
