// A real ext4 on a loop device whose power can be cut: the kernel drops what has not come
// to the device, and its journal is replayed when it is mounted again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace weir::testing {

class lossy_disk {
public:
  /// Why there can be none on this machine; nothing if there can.
  static std::optional<std::string> impossible();

  /// Made and mounted in `directory`.
  explicit lossy_disk(const std::filesystem::path& directory);
  ~lossy_disk();
  lossy_disk(const lossy_disk&) = delete;
  lossy_disk& operator=(const lossy_disk&) = delete;

  const std::filesystem::path& path() const noexcept { return mounted_; }
  /// From now on every call there fails.
  void cut_power();
  /// After that, and when nobody has a file open there.
  void mount_again();

private:
  void mount();
  void unmount();

  std::filesystem::path image_;
  std::filesystem::path mounted_;
};

} // namespace weir::testing
