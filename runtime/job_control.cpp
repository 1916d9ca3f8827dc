#include "runtime/job_control.hpp"

#include <utility>

namespace weir {

namespace {

/// Somebody waits for it, whatever becomes of the order.
class answer_owed {
public:
  ~answer_owed() {
    if (!given_)
      promise_.set_exception(std::make_exception_ptr(
          error(failure::job_failed, "there is no savepoint: the job is over")));
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
  std::promise<std::filesystem::path> promise_;
  bool given_ = false;
};

} // namespace

std::future<std::filesystem::path> job_control::order(const std::filesystem::path& root,
                                                      after_savepoint then) {
  const auto answer = std::make_shared<answer_owed>();
  auto future = answer->future();
  auto made = std::make_shared<const savepoint_order>(savepoint_order{
      .root = root, .then = then, .answer = [answer](const savepoint_result& result) {
        answer->give(result);
      }});
  const std::lock_guard lock(mutex_);
  if (receiver_)
    receiver_->order(std::move(made));
  else if (!over_)
    early_.push_back(std::move(made));
  return future;
}

void job_control::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (receiver_)
    receiver_->cancel();
}

void controlled_run::receive(
    std::function<void(std::shared_ptr<const savepoint_order>)> order,
    std::function<void()> cancel) {
  if (!control_)
    return;
  const std::lock_guard lock(control_->mutex_);
  control_->receiver_ = {std::move(order), std::move(cancel)};
  if (control_->cancelled_)
    control_->receiver_->cancel();
  for (auto& early : std::exchange(control_->early_, {}))
    control_->receiver_->order(std::move(early));
}

void controlled_run::end_receiving() {
  if (!control_)
    return;
  const std::lock_guard lock(control_->mutex_);
  control_->receiver_.reset();
  control_->over_ = true;
  control_->early_.clear();
}

controlled_run::~controlled_run() {
  end_receiving();
}

} // namespace weir
