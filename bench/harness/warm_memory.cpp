#include "bench/harness/warm_memory.hpp"

#include "state/memory_chunk.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace weir::bench {

namespace {

std::size_t available_bytes() {
  std::ifstream info("/proc/meminfo");
  std::string name;
  std::size_t kilobytes = 0;
  std::string unit;
  while (info >> name >> kilobytes && std::getline(info, unit))
    if (name == "MemAvailable:")
      return kilobytes * 1024;
  return 0;
}

} // namespace

void warm_memory(std::size_t bytes) {
  std::vector<std::optional<memory_chunk>> chunks;
  const std::size_t enough = std::min(bytes, available_bytes() / 2);
  while (chunks.size() * memory_chunk::large_bytes < enough)
    chunks.push_back(memory_chunk::large());
}

} // namespace weir::bench
