// Stops transfers by rules that are data: every task knows all of them, so transfers stay
// where they were read.
#include "operators/weir.hpp"

namespace {

struct transfer {
  static constexpr std::array weir_fields{"id", "country", "amount"};
  std::uint64_t id;
  std::string country;
  double amount;
};

struct rule {
  static constexpr std::array weir_fields{"country", "most"};
  std::string country;
  double most;
};

struct stopped {
  static constexpr std::array weir_fields{"id", "country", "amount", "most"};
  std::uint64_t id;
  std::string country;
  double amount;
  double most;
};

/// A transfer to a country without a rule waits until there is one.
struct stop_by_rules {
  using output = stopped;
  struct task_state {
    static constexpr std::array weir_fields{"most", "waiting"};
    std::map<std::string, double> most; // by country
    std::vector<transfer> waiting;
  };

  void process_first(const transfer& t, task_state& rules, auto& out) {
    const auto found = rules.most.find(t.country);
    if (found == rules.most.end())
      rules.waiting.push_back(t);
    else if (t.amount > found->second)
      out.emit(stopped{t.id, t.country, t.amount, found->second});
  }
  void process_second(const rule& r, task_state& rules, auto& out) {
    rules.most[r.country] = r.most;
    for (const transfer& t : std::exchange(rules.waiting, {}))
      process_first(t, rules, out);
  }
};

} // namespace

void weir_job(weir::job& job) {
  const auto rules =
      job.source("rules", weir::read_csv<rule>(job.option("rules"))).parallelism(1);
  job.source("transfers", weir::read_csv<transfer>(job.option("transfers")))
      .connect(rules.broadcast())
      .process("stop-by-rules", stop_by_rules())
      .sink("stopped", weir::write_csv(job.option("output")));
}
