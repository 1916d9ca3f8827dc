#include "apps/weir/control/run_directory.hpp"

#include "serialization/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace weir::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view suffix = ".sock";

fs::path chosen_path() {
  if (const char* given = std::getenv("WEIR_RUN_DIR"); given && *given)
    return given;
  if (const char* of_user = std::getenv("XDG_RUNTIME_DIR"); of_user && *of_user)
    return fs::path(of_user) / "weir";
  return fmt::format("/tmp/weir-{}", ::geteuid());
}

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw error(failure::usage,
              fmt::format("cannot use the run directory '{}': {}; set WEIR_RUN_DIR to a "
                          "directory of your own",
                          path.string(), reason));
}

[[noreturn]] void refuse(const fs::path& path, int error_number) {
  refuse(path, std::generic_category().message(error_number));
}

file_descriptor open_own(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    refuse(path, errno);
  file_descriptor opened(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info {};
  if (!opened || ::fstat(opened.get(), &info) != 0)
    refuse(path, errno);
  if (info.st_uid != ::geteuid())
    refuse(path, "it belongs to another user");
  if ((info.st_mode & 077) != 0)
    refuse(path, "others may look into it (chmod 700 it)");
  return opened;
}

/// `address`: not longer than a socket's can be.
sockaddr_un socket_address(const std::string& address) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address.data(), address.size());
  return to;
}

file_descriptor stream_socket() {
  return file_descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

} // namespace

run_directory::run_directory() : path_(chosen_path()), opened_(open_own(path_)) {}

/// By way of the open directory, because the address of a socket has room for 107
/// characters and a path may be longer.
std::string run_directory::address_of(const std::string& name) const {
  std::string address = fmt::format("/proc/self/fd/{}/{}", opened_.get(), name);
  if (address.size() >= sizeof sockaddr_un::sun_path)
    refuse(path_ / name, "the job id is too long for the name of a socket");
  return address;
}

file_descriptor run_directory::listen(const std::string& job_id) const {
  const std::string name = job_id + std::string(suffix);
  if (connect(job_id))
    refuse(path_ / name, "another job of that id runs already");
  const std::string temporary = fmt::format(".{}-{}", ::getpid(), name);
  const sockaddr_un address = socket_address(address_of(temporary));
  file_descriptor listening = stream_socket();
  constexpr int waiting_max = 16;
  if (!listening ||
      ::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address),
             sizeof address) != 0 ||
      ::listen(listening.get(), waiting_max) != 0 ||
      ::renameat(opened_.get(), temporary.c_str(), opened_.get(), name.c_str()) != 0) {
    const int error_number = errno;
    ::unlinkat(opened_.get(), temporary.c_str(), 0);
    refuse(path_ / name, error_number);
  }
  return listening;
}

void run_directory::remove(const std::string& job_id) const {
  ::unlinkat(opened_.get(), (job_id + std::string(suffix)).c_str(), 0);
}

std::optional<file_descriptor> run_directory::connect(const std::string& job_id) const {
  const sockaddr_un address = socket_address(address_of(job_id + std::string(suffix)));
  file_descriptor connected = stream_socket();
  if (!connected)
    refuse(path_, errno);
  if (::connect(connected.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof address) == 0)
    return connected;
  if (errno == ECONNREFUSED)
    remove(job_id); // its job has died
  return std::nullopt;
}

std::vector<std::string> run_directory::running() const {
  std::vector<std::string> ids;
  for (const fs::path& entry : names_in(path_, failure::usage)) {
    const std::string name = entry.string();
    if (name.starts_with('.') || !name.ends_with(suffix))
      continue;
    std::string id = name.substr(0, name.size() - suffix.size());
    if (connect(id))
      ids.push_back(std::move(id));
  }
  std::ranges::sort(ids);
  return ids;
}

std::string run_directory::job_of(const std::string& text) const {
  std::vector<std::string> meant;
  for (const std::string& id : running()) {
    if (id == text)
      return id;
    if (id.starts_with(text))
      meant.push_back(id);
  }
  if (meant.size() > 1)
    throw error(failure::usage,
                fmt::format("'{}' begins the ids of several running jobs: {}; write more "
                            "of the one",
                            text, fmt::join(meant, ", ")));
  if (meant.empty())
    throw error(failure::restore_refused,
                fmt::format("no job '{}' is running; 'weir list' shows those that are, "
                            "'weir checkpoint list DIR' what others have left",
                            text));
  return meant.front();
}

} // namespace weir::cli
