#include "apps/weir/cancel_signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>

namespace weir::cli {

namespace {

sigset_t watched() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

} // namespace

cancel_signals::cancel_signals(std::function<void()> on_first)
    : on_first_(std::move(on_first)) {
  const sigset_t signals = watched();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this] { watch(); });
}

cancel_signals::~cancel_signals() {
  over_ = true;
  pthread_kill(watcher_.native_handle(), SIGTERM); // wakes it up
  watcher_.join();
}

void cancel_signals::watch() {
  const sigset_t signals = watched();
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0)
      continue;
    if (over_)
      return;
    if (received_ != 0)
      ::_exit(128 + signal); // whoever asks twice does not want to wait
    received_ = signal;
    on_first_();
    cancel_.request_stop();
  }
}

} // namespace weir::cli
