#include "apps/weir/checkpoint_commands.hpp"

#include "apps/weir/checkpoint_text.hpp"
#include "apps/weir/console.hpp"
#include "apps/weir/inspect/difference_text.hpp"
#include "apps/weir/inspect/garbage_text.hpp"
#include "apps/weir/inspect/standard_output.hpp"
#include "apps/weir/number_text.hpp"
#include "apps/weir/standard_error.hpp"
#include "serialization/error.hpp"
#include "state/copy_checkpoint.hpp"
#include "state/remove_checkpoint.hpp"

#include <fmt/format.h>

namespace weir::cli {

namespace {

int list(const checkpoint_command& command) {
  for (const listed_job& job : list_checkpoints(command.paths.front()))
    print(command.mode == output_mode::json ? json_of(job) : text_of(job, utc_now_ms()));
  return 0;
}

int show(const checkpoint_command& command) {
  const located_checkpoint found =
      locate_checkpoint(command.paths.front(), command.data_dir);
  print(command.mode == output_mode::json ? json_of(found)
                                          : text_of(found, utc_now_ms()));
  return 0;
}

int verify(const checkpoint_command& command) {
  const located_checkpoint found =
      locate_checkpoint(command.paths.front(), command.data_dir);
  const auto damaged = damaged_files(found);
  for (const damaged_file& file : damaged)
    tell_failure(output_mode::text, failure::restore_refused,
                 fmt::format("'{}' is damaged: {}", file.path.string(), file.reason));
  if (!damaged.empty())
    return static_cast<int>(failure::restore_refused);
  const checkpoint_size size = size_of(found.metadata);
  print(fmt::format("{} is intact: {} in {} files and its _metadata\n",
                    found.directory.string(), byte_text(size.bytes), size.files));
  return 0;
}

int rm(const checkpoint_command& command) {
  for (const auto& path : command.paths) {
    claimed_checkpoint chosen(path, command.data_dir);
    const removal done = chosen.remove();
    if (!done.removed)
      throw error(failure::job_failed,
                  fmt::format("cannot remove '{}'; check its permissions and owner",
                              chosen.directory().string()));
    print(command.mode == output_mode::json ? json_of(done, chosen.directory())
                                            : text_of(done, chosen.directory()));
  }
  return 0;
}

int copy(const checkpoint_command& command) {
  const located_checkpoint found =
      locate_checkpoint(command.paths.front(), command.data_dir);
  const auto copied = copy_checkpoint(found, command.destination);
  print(fmt::format("copied {} to {}, {}\n", found.directory.string(), copied.string(),
                    byte_text(size_of(found.metadata).bytes)));
  return 0;
}

int diff(const checkpoint_command& command) {
  const auto before = locate_checkpoint(command.paths[0], command.data_dir);
  const auto after = locate_checkpoint(command.paths[1], command.data_dir);
  const auto difference = difference_of(before, after);
  print(command.mode == output_mode::json ? json_of(difference, before, after)
                                          : text_of(difference, before, after));
  return command.tells_differences && !difference.none() ? they_differ : 0;
}

int gc(const checkpoint_command& command) {
  const bool json = command.mode == output_mode::json;
  const swept_job job(command.paths.front(), command.data_dir, command.deletes);
  const job_garbage all = job.find();
  const garbage* left = nullptr;
  for (const garbage& each : all.found) {
    const bool removed = command.deletes && remove_garbage(each);
    if (command.deletes && !removed)
      left = &each;
    print(json ? json_of(each, removed) : text_of(each, removed));
  }
  const bool removed = command.deletes && left == nullptr;
  print(json ? json_of_total(all, removed) : text_of_total(all, removed));
  if (left != nullptr)
    throw error(failure::job_failed,
                fmt::format("cannot remove '{}'; check its permissions and owner",
                            left->path.string()));
  return 0;
}

} // namespace

int carry_out(const checkpoint_command& command) {
  switch (command.verb) {
  case checkpoint_verb::list:
    return list(command);
  case checkpoint_verb::show:
    return show(command);
  case checkpoint_verb::verify:
    return verify(command);
  case checkpoint_verb::rm:
    return rm(command);
  case checkpoint_verb::copy:
    return copy(command);
  case checkpoint_verb::diff:
    return diff(command);
  case checkpoint_verb::gc:
    return gc(command);
  }
  return 0;
}

} // namespace weir::cli
