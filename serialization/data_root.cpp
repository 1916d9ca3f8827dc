#include "serialization/data_root.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::string_view scheme = "file://";

bool is_unprintable(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

bool is_data_root(std::string_view path) {
  constexpr std::size_t path_bytes_max = 4096;
  if (!path.starts_with('/') || path.size() > path_bytes_max ||
      std::ranges::any_of(path, is_unprintable))
    return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view name = path.substr(0, path.find('/'));
    if (name.empty() || name == "." || name == "..")
      return false;
    path.remove_prefix(name.size());
  }
  return true;
}

std::string data_root_uri(const std::string& path) {
  return std::string(scheme) + path;
}

std::string read_data_root(std::string_view uri, std::string& refusal) {
  if (uri.starts_with(scheme))
    uri.remove_prefix(scheme.size());
  if (is_data_root(uri))
    return std::string(uri);
  refusal = "names a data directory that is no absolute path";
  return {};
}

} // namespace weir
