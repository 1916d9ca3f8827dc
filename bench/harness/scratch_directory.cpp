#include "bench/harness/scratch_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace weir::bench {

scratch_directory::scratch_directory(const std::filesystem::path& parent) {
  std::string name = parent / "weir-bench-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(),
                            "creating a work directory below " + parent.string());
  path_ = name;
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace weir::bench
