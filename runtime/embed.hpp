// For programs that embed weir: a job, defined by any function, runs inside the caller's
// process to its end. Includes no third-party library.
#pragma once

#include "operators/job.hpp"
#include "runtime/job_control.hpp"
#include "runtime/job_observer.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace weir {

/// What `weir run` takes on its command line.
struct run_options {
  std::uint32_t parallelism = 1;                    // -p
  std::map<std::string, std::string> settings = {}; // -D, by name: docs/configuration.md
  weir::job_options job_options = {};               // behind --
  std::optional<std::filesystem::path> restore_from = {}; // -s
  std::string job_name = "job";
  job_observer* observer = nullptr; // sees the run if there is one
  std::stop_token cancel = {};      // ends the job where it stands
  job_control* control = nullptr;   // takes savepoints of it, stops it
};

/// Calls `define`, runs the job it has defined, and returns when that has finished or was
/// cancelled.
/// Throws weir::error: failure::usage or failure::restore_refused before anything has
/// started, failure::job_failed when the last attempt failed. Jobs may run side by side
/// on threads of the caller.
job_report run(const std::function<void(job&)>& define, const run_options& options = {});

} // namespace weir
