#include "runtime/embed.hpp"

#include "runtime/run.hpp"

namespace weir {

job_report run(const std::function<void(job&)>& define, const run_options& options) {
  controlled_run control(options.control); // over, too, when nothing begins
  run_request request;
  request.job_name = options.job_name;
  set_option(request.config, "parallelism.default", std::to_string(options.parallelism));
  for (const auto& [name, value] : options.settings)
    set_option(request.config, name, value);
  request.restore_from = options.restore_from;
  request.cancel = options.cancel;
  request.control = options.control;
  job defined(options.job_options);
  define(defined);
  defined.check_options();
  job_observer nobody;
  return run(defined, request, options.observer ? *options.observer : nobody);
}

} // namespace weir
