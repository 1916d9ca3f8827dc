// What people do on a web site: their visits, which end when half an hour passes without
// a click. Robots go another way and are counted by name.
#include "operators/weir.hpp"

namespace {

using namespace std::chrono_literals;

struct click {
  static constexpr std::array weir_fields{"user", "page", "agent", "at"};
  std::string user;
  std::string page;
  std::string agent;
  std::chrono::sys_seconds at;
};

struct visit {
  static constexpr std::array weir_fields{"user", "first_page", "clicks", "seconds"};
  std::string user;
  std::string first_page;
  std::uint32_t clicks;
  std::int64_t seconds;
};

constexpr weir::side_output<std::string, "robots"> robots;

void part_people_from_robots(const click& c, auto& out) {
  if (c.agent.find("bot") == c.agent.npos)
    out.emit(c);
  else
    out.emit(robots, c.agent);
}

/// A visit is told when the next one of the same user begins.
struct visits {
  using output = visit;
  struct state {
    static constexpr std::array weir_fields{"first_page", "clicks", "began", "latest"};
    std::string first_page;
    std::uint32_t clicks = 0;
    std::chrono::sys_seconds began;
    std::chrono::sys_seconds latest;
  };

  void process(const click& c, state& now, auto& out) {
    if (now.clicks > 0 && c.at - now.latest >= 30min) {
      out.emit(
          visit{c.user, now.first_page, now.clicks, (now.latest - now.began).count()});
      now.clicks = 0;
    }
    if (now.clicks++ == 0) {
      now.first_page = c.page;
      now.began = c.at;
    }
    now.latest = c.at;
  }
};

} // namespace

void weir_job(weir::job& job) {
  const std::string output = job.option("output");
  const auto people =
      job.source("clicks", weir::read_json<click>(job.option("clicks")))
          .parallelism(1) // in the order of the file
          .flat_map<click>(
              [](const click& c, auto& out) { part_people_from_robots(c, out); }, robots);
  people.side(robots)
      .key_by(std::identity{})
      .count("clicks-of-robots")
      .sink("robots", weir::write_json(output + "/robots"));
  people.key_by(&click::user)
      .process("visits", visits())
      .sink("visits-out", weir::write_json(output + "/visits"));
}
