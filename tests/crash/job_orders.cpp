#include "tests/crash/job_orders.hpp"

#include "apps/weir/control/control_messages.hpp"
#include "apps/weir/control/line_stream.hpp"
#include "apps/weir/control/run_directory.hpp"

#include <string_view>
#include <utility>

namespace weir::testing {

void job_orders::heard(const std::string& line) {
  constexpr std::string_view job = "job ";
  if (job_id_.empty() && line.starts_with(job))
    job_id_ = line.substr(job.size(), line.find(' ', job.size()) - job.size());
  else if (line.starts_with("restored from ") || line.starts_with("savepoint ") ||
           (awaits_checkpoint_ && line.starts_with("checkpoint ")))
    give_next();
}

void job_orders::give_next() {
  if (commands_.empty())
    return;
  const cli::run_directory jobs;
  auto socket = jobs.connect(job_id_);
  if (!socket)
    return; // it has died meanwhile
  cli::control_request request{commands_.front(), savepoints_.string(), {}};
  awaits_checkpoint_ = request.command == "checkpoint";
  if (awaits_checkpoint_)
    request.form = "full";
  cli::send_line(*socket, cli::line_of(request));
  given_.push_back(std::move(*socket));
  commands_.pop_front();
}

} // namespace weir::testing
