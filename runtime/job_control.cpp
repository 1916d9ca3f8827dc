#include "runtime/job_control.hpp"

#include <utility>

namespace weir {

namespace {

/// Somebody waits for it, whatever becomes of the order.
class answer_owed {
public:
  explicit answer_owed(const char* what) : what_(what) {}
  ~answer_owed() {
    if (!given_)
      promise_.set_exception(std::make_exception_ptr(
          error(failure::job_failed,
                std::string("there is no ") + what_ + ": the job is over")));
  }

  std::future<std::filesystem::path> future() { return promise_.get_future(); }
  void give(const savepoint_result& result) {
    given_ = true;
    if (result.problem)
      promise_.set_exception(std::make_exception_ptr(*result.problem));
    else
      promise_.set_value(result.directory);
  }

private:
  const char* what_;
  std::promise<std::filesystem::path> promise_;
  bool given_ = false;
};

} // namespace

std::future<std::filesystem::path> job_control::order(const std::filesystem::path& root,
                                                      after_savepoint then) {
  const auto answer = std::make_shared<answer_owed>("savepoint");
  auto future = answer->future();
  auto made = std::make_shared<const savepoint_order>(savepoint_order{
      .root = root, .then = then, .answer = [answer](const savepoint_result& result) {
        answer->give(result);
      }});
  const std::lock_guard lock(mutex_);
  if (receiver_)
    receiver_->order_savepoint(std::move(made));
  else if (!over_)
    early_.push_back(std::move(made));
  return future;
}

std::future<std::filesystem::path> job_control::checkpoint(checkpoint_form form) {
  const auto answer = std::make_shared<answer_owed>("checkpoint");
  auto future = answer->future();
  auto made = std::make_shared<const checkpoint_order>(checkpoint_order{
      form, [answer](const savepoint_result& result) { answer->give(result); }});
  const std::lock_guard lock(mutex_);
  if (receiver_)
    receiver_->order_checkpoint(std::move(made));
  else if (!over_)
    early_checkpoints_.push_back(std::move(made));
  return future;
}

void job_control::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (receiver_)
    receiver_->cancel();
}

void controlled_run::receive(job_control::receiver receiver) {
  if (!control_)
    return;
  const std::lock_guard lock(control_->mutex_);
  control_->receiver_ = std::move(receiver);
  if (control_->cancelled_)
    control_->receiver_->cancel();
  for (auto& early : std::exchange(control_->early_, {}))
    control_->receiver_->order_savepoint(std::move(early));
  for (auto& early : std::exchange(control_->early_checkpoints_, {}))
    control_->receiver_->order_checkpoint(std::move(early));
}

void controlled_run::end_receiving() {
  if (!control_)
    return;
  const std::lock_guard lock(control_->mutex_);
  control_->receiver_.reset();
  control_->over_ = true;
  control_->early_.clear();
  control_->early_checkpoints_.clear();
}

controlled_run::~controlled_run() {
  end_receiving();
}

} // namespace weir
