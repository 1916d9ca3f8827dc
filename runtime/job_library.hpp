// A job as a shared library: found, checked and only then called.
#pragma once

#include "operators/job.hpp"

#include <filesystem>

namespace weir {

class job_library {
public:
  /// Throws failure::usage when the file is no library, no job, or was built against
  /// another weir; nothing of it is called before its stamp is known to be ours.
  explicit job_library(const std::filesystem::path& path);
  ~job_library();
  job_library(const job_library&) = delete;
  job_library& operator=(const job_library&) = delete;

  void define(job& target) const { function_(target); }

private:
  void* library_;
  void (*function_)(job&) = nullptr;
};

} // namespace weir
