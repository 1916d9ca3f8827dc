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
class stop_by_rules {
public:
  using output = stopped;

  explicit stop_by_rules(weir::state_binder& state)
      : most_(state.broadcast<std::string, double>("most")),
        waiting_(state.task_list<transfer>("waiting")) {}

  void process_first(const transfer& t, auto& out) {
    const double* const most = most_.find(t.country);
    if (most == nullptr)
      waiting_.add(t);
    else if (t.amount > *most)
      out.emit(stopped{t.id, t.country, t.amount, *most});
  }
  void process_second(const rule& r, auto& out) {
    most_.put(r.country, r.most);
    for (const transfer& t : waiting_.take())
      process_first(t, out);
  }

private:
  weir::broadcast_map<std::string, double> most_; // by country, known to every task
  weir::task_list<transfer> waiting_;
};

} // namespace

void weir_job(weir::job& job) {
  const auto rules =
      job.source("rules", weir::read_csv<rule>(job.option("rules"))).parallelism(1);
  job.source("transfers", weir::read_csv<transfer>(job.option("transfers")))
      .connect(rules.broadcast())
      .process<stop_by_rules>("stop-by-rules")
      .sink("stopped", weir::write_csv(job.option("output")));
}
