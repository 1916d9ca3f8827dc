#include "apps/weir/control/job_server.hpp"

#include "apps/weir/control/line_stream.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace weir::cli {

job_server::job_server(std::string job_id,
                       std::function<std::string(const std::string&)> answer)
    : job_id_(std::move(job_id)), answer_(std::move(answer)),
      listening_(directory_.listen(job_id_)), over_(::eventfd(0, EFD_CLOEXEC)),
      listener_([this] { listen(); }) {}

job_server::~job_server() {
  directory_.remove(job_id_);
  const std::uint64_t one = 1;
  while (::write(over_.get(), &one, sizeof one) < 0 && errno == EINTR)
    continue;
  listener_.join();
  for (connection& each : connections_) {
    ::shutdown(each.socket.get(), SHUT_RD); // who has asked nothing yet will not
    each.thread.join();
  }
}

void job_server::listen() {
  std::array<pollfd, 2> awaited{pollfd{listening_.get(), POLLIN, 0},
                                pollfd{over_.get(), POLLIN, 0}};
  while (true) {
    if (::poll(awaited.data(), awaited.size(), -1) < 0 && errno != EINTR)
      return;
    if (awaited[1].revents != 0)
      return;
    if (awaited[0].revents == 0)
      continue;
    file_descriptor accepted(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    join_those_over();
    if (!accepted)
      continue;
    connection& with = connections_.emplace_back(std::move(accepted));
    with.thread = std::thread([this, &with] { serve(with); });
  }
}

/// One line; who takes too long to write it is left alone.
void job_server::serve(connection& with) {
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(with.socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const auto line = receive_line(with.socket);
  if (line && !line->empty())
    send_line(with.socket, answer_(*line));
  ::shutdown(with.socket.get(), SHUT_RDWR);
  with.over = true;
}

void job_server::join_those_over() {
  std::erase_if(connections_, [](connection& each) {
    if (!each.over)
      return false;
    each.thread.join();
    return true;
  });
}

} // namespace weir::cli
