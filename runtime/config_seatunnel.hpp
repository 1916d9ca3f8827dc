// SeaTunnel's block `seatunnel.engine.checkpoint` as options of weir. Pure.
#pragma once

#include "runtime/config_entries.hpp"

#include <string>
#include <vector>

namespace weir {

struct translated_entries {
  std::vector<config_entry> entries; // without SeaTunnel's, which stand there as weir's
  std::vector<std::string> unused;   // keys of SeaTunnel's that mean nothing to weir
  std::vector<config_problem> warnings;
  std::vector<config_problem> problems;
};

translated_entries translate_seatunnel(std::vector<config_entry> entries);

} // namespace weir
