#include "tests/crash/crash_scene.hpp"

#include "serialization/crash_point.hpp"

#include <algorithm>

namespace weir::testing {

namespace {

std::vector<crash_scene> make_scenes() {
  std::vector<crash_scene> scenes;
  scenes.push_back({.name = "transactions", .transactional = true});
  scenes.push_back({.name = "overtaking",
                    .overtaking = true,
                    .doomed_arguments = {"--drag", "5000", "--per-second", "0"},
                    .points = {"barrier.overtook-input", "barrier.overtook-output",
                               "in-flight.collected", "upload.in-flight-written",
                               "restore.in-flight-read"}});
  scenes.push_back({.name = "all rows in files",
                    .options = {"-D", "state.backend.type=filesystem"},
                    .points = {"ingest.merged", "upload.rows-linked", "output.truncated",
                               "upload.output-durable", "prune.unmade"}});
  scenes.push_back({.name = "another parallelism",
                    .rescales = true,
                    .points = {"restore.linked", "rescale.joined"}});
  scenes.push_back({.name = "another parallelism, all rows in files",
                    .rescales = true,
                    .options = {"-D", "state.backend.type=filesystem"},
                    .points = {"rescale.cut"}});
  scenes.push_back(
      {.name = "claimed", .claims = true, .points = {"claim.taken", "claim.removed"}});
  scenes.push_back({.name = "data apart",
                    .data_apart = true,
                    .again = {"upload.linked", "upload.names-synced", "upload.done",
                              "metadata.begun", "metadata.renamed", "metadata.committed",
                              "prune.unmade", "prune.removed", "prune.shared-removed",
                              "work.locked", "work.swept", "restore.opened"}});
  scenes.push_back({.name = "data apart, claimed",
                    .data_apart = true,
                    .claims = true,
                    .again = {"claim.taken", "claim.removed"}});
  scenes.push_back({.name = "migrated",
                    .evolves = true,
                    .aligned = true,
                    .points = {"restore.migrated", "barrier.aligned"}});
  scenes.push_back(
      {.name = "given up",
       .hurries = true,
       .doomed_options = {"-D", "execution.checkpointing.fail-on-checkpoint-error=false"},
       .points = {"checkpoint.given-up", "task.abandoned", "abandon.removed"}});
  scenes.push_back({.name = "failing",
                    .transactional = true,
                    .fails = true,
                    .doomed_options = {"-D", "restart-strategy.fixed-delay.attempts=1000",
                                       "-D", "restart-strategy.fixed-delay.delay=1ms"},
                    .doomed_arguments = {"--fail-every", "2000"},
                    .points = {"attempt.failed", "attempt.over", "restore.begun"}});
  const std::vector<std::string> seldom{"-D", "execution.checkpointing.interval=1h"};
  scenes.push_back(
      {.name = "stopped with a savepoint",
       .transactional = true,
       .doomed_options = seldom,
       .doomed_orders = {"checkpoint", "checkpoint", "savepoint", "savepoint", "stop"},
       .points = {"order.arrived", "order.begun", "order.told", "savepoint.ordered",
                  "savepoint.directory-made", "savepoint.placed", "savepoint.triggered",
                  "savepoint.rows-written", "savepoint.taken", "savepoint.told",
                  "stop.task-stopped", "stop.told", "stop.answered"},
       .again = {"metadata.renamed", "commit.renamed"}});
  scenes.push_back({.name = "drained",
                    .transactional = true,
                    .doomed_options = seldom,
                    .doomed_orders = {"drain"},
                    .points = {"drain.begun", "drain.all-ended"},
                    .again = {"commit.done"}});
  scenes.push_back({.name = "to the end",
                    .transactional = true,
                    .to_the_end = true,
                    .points = {"task.ended", "task.answered-after-end", "retention.begun",
                               "retention.removed"}});
  return scenes;
}

bool has(const std::vector<std::string_view>& points, std::string_view point) {
  return std::ranges::find(points, point) != points.end();
}

/// A process comes to them once: the second time is in the next one.
bool once_in_a_life(std::string_view point) {
  return has({"work.locked", "claim.taken", "claim.removed", "retention.begun",
              "retention.removed", "work.swept", "restore.operators-read",
              "restore.in-flight-read", "restore.outputs-committed", "stop.told",
              "stop.answered", "drain.begun", "drain.all-ended"},
             point);
}

} // namespace

const std::vector<crash_scene>& crash_scenes() {
  static const std::vector<crash_scene> scenes = make_scenes();
  return scenes;
}

std::vector<crash_order> orders_for(const crash_scene& scene) {
  std::vector<crash_order> orders;
  for (const std::string_view point : crash_points) {
    const bool elsewhere = std::ranges::any_of(
        crash_scenes(), [&](const crash_scene& each) { return has(each.points, point); });
    const bool at_home_here = has(scene.points, point) || has(scene.again, point);
    if (scene.points.empty() && scene.again.empty() ? elsewhere : !at_home_here)
      continue;
    orders.push_back({point, 1});
    orders.push_back({point, once_in_a_life(point) ? 1U : 2U});
  }
  return orders;
}

std::vector<crash_order> preparations_for(const crash_order& order) {
  if (order.point == "transaction.stale-removed")
    return {{"transaction.prepared", 4, true}};
  if (order.point == "work.swept") // once what a job that died has left
    return {{"complete.told", 1, true}};
  return {};
}

} // namespace weir::testing
