// Tells when sensors were too hot: from the first of at least three hot readings in a row
// until the next one that was not.
#include "operators/weir.hpp"

namespace {

using namespace std::chrono_literals;

struct reading {
  static constexpr std::array weir_fields{"sensor", "celsius", "at"};
  std::string sensor;
  double celsius;
  std::chrono::sys_seconds at;
};

struct hot_spell {
  static constexpr std::array weir_fields{"sensor", "seconds", "readings", "peak"};
  std::string sensor;
  std::int64_t seconds;
  std::uint32_t readings;
  double peak;
};

struct heat_watch {
  using output = hot_spell;
  struct state {
    static constexpr std::array weir_fields{"readings", "since", "peak"};
    std::uint32_t readings = 0; // hot ones in a row
    weir::event_time since;
    double peak;
  };

  double limit;

  void process(const reading& r, state& spell, auto& out) {
    if (r.celsius > limit) {
      if (spell.readings++ == 0)
        spell = {1, out.time(), r.celsius};
      spell.peak = std::max(spell.peak, r.celsius);
      return;
    }
    if (spell.readings >= 3)
      out.emit(hot_spell{r.sensor, (out.time() - spell.since) / 1s, spell.readings,
                         spell.peak});
    spell.readings = 0;
  }
};

} // namespace

void weir_job(weir::job& job) {
  const auto limit = static_cast<double>(job.option("limit", 90));
  job.source("readings", weir::read_csv<reading>(job.option("readings")))
      .parallelism(1) // in the order of the file
      .timestamps(&reading::at, weir::out_of_order(5s))
      .key_by(&reading::sensor)
      .process("heat-watch", heat_watch{limit})
      .sink("hot-spells", weir::write_csv(job.option("output")));
}
