#include "runtime/job_library.hpp"

#include "operators/abi_stamp.hpp"
#include "serialization/error.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <string_view>

namespace weir {

namespace {

/// `void weir_job(weir::job&)`, as the Itanium C++ ABI spells it.
constexpr const char* job_symbol = "_Z8weir_jobRN4weir3jobE";
constexpr const char* stamp_symbol = "weir_job_abi_stamp";

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  throw error(failure::usage, fmt::format("'{}' {}", path.string(), reason));
}

template <class Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

} // namespace

job_library::job_library(const std::filesystem::path& path) : library_(nullptr) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    refuse(path, "does not exist; give the path of a job library (.so)");
  // An absolute path, or the loader would search its own directories.
  library_ = ::dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library_)
    refuse(path,
           fmt::format("cannot be loaded as a job library: {}; give one that was built "
                       "with weir_add_job",
                       ::dlerror()));
  const auto stamp = symbol<const char* (*)()>(library_, stamp_symbol);
  function_ = symbol<void (*)(job&)>(library_, job_symbol);
  std::string problem;
  if (!stamp || !function_)
    problem = "is no weir job: it does not define 'void weir_job(weir::job&)'; build it "
              "with weir_add_job";
  else if (std::string_view(stamp()) != abi_stamp)
    problem = fmt::format("was built for '{}', this is '{}'; build it again", stamp(),
                          abi_stamp);
  if (problem.empty())
    return;
  ::dlclose(library_);
  refuse(path, problem);
}

job_library::~job_library() {
  ::dlclose(library_);
}

} // namespace weir
