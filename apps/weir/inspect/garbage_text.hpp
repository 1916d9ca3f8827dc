// What no checkpoint refers to, for people and for programs (docs/schemas).
#pragma once

#include "state/inspect/job_garbage.hpp"

#include <string>

namespace weir::cli {

/// A line for one piece; `removed` says whether it is gone.
std::string text_of(const garbage& each, bool removed);
std::string json_of(const garbage& each, bool removed);

/// The line behind the others.
std::string text_of_total(const job_garbage& all, bool removed);
std::string json_of_total(const job_garbage& all, bool removed);

} // namespace weir::cli
