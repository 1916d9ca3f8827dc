#include "runtime/unreplayable.hpp"

#include "serialization/error.hpp"

namespace weir {

namespace {

/// "source 'lines' reads standard input, which cannot be read again"
std::string sources_of(const job_graph& graph) {
  std::string sources;
  for (const chain& c : graph.chains())
    if (!c.reads_once.empty())
      sources.append(sources.empty() ? "source '" : "; source '")
          .append(c.operators.front().name)
          .append("' reads ")
          .append(c.reads_once)
          .append(", which cannot be read again");
  return sources;
}

std::string with_loss(std::string sources, const std::string& loss) {
  return sources.empty() ? sources : sources.append(": ").append(loss);
}

} // namespace

void refuse_lossy_checkpoints(const job_graph& graph, const run_config& config) {
  if (!config.checkpoint_interval || config.checkpoints_forced)
    return;
  for (const chain& c : graph.chains())
    if (!c.iteration.empty())
      throw error(failure::usage,
                  "the job takes checkpoints, and records in the loop of iteration '" +
                      c.iteration +
                      "' would not be in them; leave execution.checkpointing.interval "
                      "unset, or accept the loss with -D "
                      "execution.checkpointing.force=true");
}

std::string loss_ahead(const job_graph& graph) {
  return with_loss(sources_of(graph), "after a failure, what was read since the newest "
                                      "checkpoint is lost");
}

std::string loss_behind(const job_graph& graph, std::optional<checkpoint_id> restored) {
  std::string loss = "what was read ";
  if (restored)
    loss.append("after chk-").append(std::to_string(restored->value));
  else
    loss.append("before this attempt");
  return with_loss(sources_of(graph), loss.append(" is lost"));
}

} // namespace weir
