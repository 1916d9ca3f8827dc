// The uploader as an actor, on a thread of its own: the only place of a job where
// blocking on a disk is right.
#pragma once

#include "runtime/caf/job_actor.hpp"
#include "runtime/caf/messages.hpp"
#include "runtime/job_setup.hpp"
#include "runtime/snapshot_uploader.hpp"

namespace weir {

class uploader_actor final : public job_actor {
public:
  uploader_actor(caf::actor_config& config, const job_setup& setup, attempt_id attempt,
                 caf::actor coordinator);

  ~uploader_actor() override { tsan_acquire(static_cast<job_actor*>(this)); }

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  messages::prepared prepare();
  void restore(const located_checkpoint& checkpoint, messages::prepared& answer);
  messages::savepoint_placed place_savepoint(const messages::place_savepoint& of);
  std::optional<located_checkpoint>
  checkpoint_to_restore(std::vector<std::string>& warnings) const;
  std::optional<error> damage_of(const std::filesystem::path& checkpoint,
                                 std::optional<located_checkpoint>& intact) const;
  std::optional<error> damage_now(const std::filesystem::path& checkpoint,
                                  std::optional<located_checkpoint>& intact) const;
  void upload(upload_request request);
  void settle(const checkpoint_metadata& metadata);
  void acknowledge(checkpoint_id id, std::optional<task_handle> handle);
  template <class Action>
  bool for_checkpoint(checkpoint_id id, std::optional<task_id> task, Action action);

  template <class Message, class Action>
  void on(Message& message, Action action);

  const job_setup& setup_;
  attempt_id attempt_;
  caf::actor coordinator_;
  std::unique_ptr<snapshot_uploader> uploader_;
};

} // namespace weir
