#include "serialization/crash_point.hpp"

#ifdef WEIR_FAULTS

#include "serialization/error.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace weir {

namespace {

struct armed_crash {
  std::size_t place = std::size(crash_points); // none
  std::uint64_t hits = 0;
};

[[noreturn]] void refuse(std::string_view given) {
  throw error(
      failure::usage,
      std::string("WEIR_CRASH_AT takes NAME:N with the name of a crash point, not '")
          .append(given)
          .append("'"));
}

armed_crash read_environment() {
  const char* const variable = std::getenv("WEIR_CRASH_AT");
  if (variable == nullptr)
    return {};
  const std::string_view given(variable);
  const auto colon = given.rfind(':');
  armed_crash armed;
  if (colon == given.npos)
    refuse(given);
  armed.place = place_in(crash_points, given.substr(0, colon));
  const char* const end = given.data() + given.size();
  const auto count = std::from_chars(given.data() + colon + 1, end, armed.hits);
  if (armed.place == std::size(crash_points) || count.ec != std::errc{} ||
      count.ptr != end)
    refuse(given);
  return armed;
}

} // namespace

void crash_point(crash_point_name here) {
  static const armed_crash armed = read_environment();
  static std::atomic<std::uint64_t> hits{0};
  if (armed.place != here.place() || ++hits != armed.hits)
    return;
  ::kill(::getpid(), SIGKILL);
  for (;;)
    ::pause(); // nothing is done after it
}

} // namespace weir

#endif
