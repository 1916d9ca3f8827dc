// The socket of a running job: takes a line from whoever connects and sends the answer.
// A thread listens, and each connection has one of its own, because an answer may take as
// long as a savepoint does.
#pragma once

#include "apps/weir/control/run_directory.hpp"

#include <atomic>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <utility>

namespace weir::cli {

class job_server {
public:
  /// `answer` is called with several threads at it; it ends when the job is over, and the
  /// server with it. Throws failure::usage if there can be no socket.
  job_server(std::string job_id, std::function<std::string(const std::string&)> answer);
  /// Whoever waits for an answer still gets it.
  ~job_server();
  job_server(const job_server&) = delete;
  job_server& operator=(const job_server&) = delete;

private:
  struct connection {
    explicit connection(file_descriptor accepted) : socket(std::move(accepted)) {}

    file_descriptor socket;
    std::atomic<bool> over = false;
    std::thread thread;
  };

  void listen();
  void serve(connection& with);
  void join_those_over();

  std::string job_id_;
  std::function<std::string(const std::string&)> answer_;
  run_directory directory_;
  file_descriptor listening_;
  file_descriptor over_; // an eventfd: readable when no more are accepted
  std::list<connection> connections_;
  std::thread listener_; // last: it uses the others
};

} // namespace weir::cli
