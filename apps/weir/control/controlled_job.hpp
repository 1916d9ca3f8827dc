// A job that runs here, for the commands that find it by its socket: passes on what its
// observer is told, remembers what they ask for, and does what they want.
#pragma once

#include "apps/weir/console.hpp"
#include "apps/weir/control/control_messages.hpp"
#include "apps/weir/control/job_server.hpp"
#include "runtime/job_control.hpp"

#include <future>
#include <mutex>
#include <optional>

namespace weir::cli {

class controlled_job final : public job_observer {
public:
  /// `config`: with what the code of the job says.
  controlled_job(console& view, std::string name, const run_config& config);

  ~controlled_job() override;
  controlled_job(const controlled_job&) = delete;
  controlled_job& operator=(const controlled_job&) = delete;

  job_control& control() noexcept { return control_; }

  void started(const std::string& job_id,
               const std::filesystem::path& job_directory) override;
  void restoring(const std::filesystem::path& checkpoint, bool claimed) override;
  void watchable(const std::function<job_figures()>& look) override;
  void restored(checkpoint_id id, attempt_id attempt) override;
  void completed(const completed_checkpoint& checkpoint) override;
  void saved(const completed_checkpoint& savepoint) override;
  void restarting(const std::string& cause, attempt_id next,
                  std::chrono::milliseconds delay) override;
  void warned(const std::string& of) override;
  void stuck(const std::string& who) override;
  void ended(const job_report& report) override;

private:
  std::string answer(const std::string& line);
  control_answer carry_out(const control_request& request);
  control_answer take_checkpoint(const control_request& request);
  control_answer save(const control_request& request);
  control_answer cancel();
  job_info info() const;
  /// The one that goes on with it.
  std::string command_for(const std::string& checkpoint) const;

  console& view_;
  job_control control_;
  mutable std::mutex mutex_; // of the two below: several may ask
  job_info info_;
  std::function<job_figures()> look_;
  bool over_ = false;
  std::promise<control_answer> ended_;
  std::shared_future<control_answer> end_ = ended_.get_future().share();
  std::optional<job_server> server_; // last: it uses the others
};

} // namespace weir::cli
