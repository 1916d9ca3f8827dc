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

/// "records in the loop of iteration 'ways'"
std::string loops_of_job(const job_graph& graph) {
  std::string loops;
  for (const chain& c : graph.chains())
    if (!c.iteration.empty())
      loops.append(loops.empty() ? "records in the loop of iteration '" : "', '")
          .append(c.iteration);
  return loops.empty() ? loops : loops.append("'");
}

/// Says of `what`, if there is any, what becomes of it.
void add_loss(std::string& losses, const std::string& what, const std::string& loss) {
  if (!what.empty())
    losses.append(losses.empty() ? "" : "; ").append(what).append(loss);
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
                      "execution.checkpointing.force=true or "
                      ".checkpoints().force_iterations()");
}

void refuse_unseen_output(const job_graph& graph, const run_config& config) {
  if (config.checkpoints_after_end)
    return;
  for (const chain& c : graph.chains())
    for (const stateful_operator& op : c.operators)
      if (op.commit)
        throw error(failure::usage,
                    "sink '" + op.name +
                        "' shows its output with checkpoints, and none would be taken "
                        "after the first task has come to its end; leave "
                        "execution.checkpointing.checkpoints-after-tasks-finish.enabled "
                        "true");
}

std::string loss_ahead(const job_graph& graph) {
  std::string losses;
  add_loss(losses, sources_of(graph),
           ": after a failure, what was read since the newest checkpoint is lost");
  add_loss(losses, loops_of_job(graph),
           " are in no checkpoint: after a failure, they are lost");
  return losses;
}

std::string loss_behind(const job_graph& graph, std::optional<checkpoint_id> restored) {
  std::string losses;
  std::string since("before this attempt");
  if (restored) {
    const std::string id = std::to_string(restored->value);
    since.assign("after chk-").append(id);
    add_loss(losses, loops_of_job(graph),
             std::string(" are not in chk-").append(id).append(": they are lost"));
  }
  add_loss(losses, sources_of(graph),
           std::string(": what was read ").append(since).append(" is lost"));
  return losses;
}

} // namespace weir
