// Everything the actors of a job share and none of them changes, and where its result
// goes.
#pragma once

#include "runtime/config.hpp"
#include "runtime/execution_plan.hpp"
#include "runtime/job_observer.hpp"
#include "runtime/job_watch.hpp"
#include "runtime/savepoint_order.hpp"
#include "serialization/error.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/page_supplier.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace weir {

struct job_setup {
  const job_graph& graph;
  execution_plan plan;
  run_config config;
  backend_settings backend;
  std::string job_id;
  std::string job_name;
  checkpoint_directory* directory = nullptr; // null: no checkpoints, nothing to restore
  std::optional<located_checkpoint> initial; // what -s named
  job_observer& observer;
  /// What a task may spend in its next slice.
  std::function<slice_budget()> next_budget;
  /// Nothing may run on a thread of its own: the scheduler is the test's.
  bool simulated = false;
  page_supplier* pages = nullptr; // null: tables grow on small pages
  bool measure_pauses = false;
  std::shared_ptr<job_watch> watch; // each task writes its own part
  /// What processing time is ahead of the steady clock: it goes on from where it stood
  /// when the job began, whatever happens to the clock of the machine.
  processing_clock::duration clock_offset{};
  std::uint64_t seed = 0; // of what the coordinator leaves to chance
  /// Throws where what a checkpoint needs of the disk is to fail, as a simulation draws
  /// it; empty: only the disk itself does.
  std::function<void()> spoil_upload = {};
  /// Makes the directory, where there is none and a savepoint is taken.
  std::function<checkpoint_directory&()> open_directory = {};
};

/// Written by the coordinator; read after it has ended.
struct job_result {
  bool done = false;
  std::optional<error> failed;
  job_report report;
  /// The savepoint that ended it; whoever ordered it is told when all is over.
  std::shared_ptr<const savepoint_order> stopped_by;
};

} // namespace weir
