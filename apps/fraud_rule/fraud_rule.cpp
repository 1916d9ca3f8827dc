// Finds cards that somebody tries out: a tiny payment and then, within a minute, a large
// one.
#include "operators/weir.hpp"

namespace {

using namespace std::chrono_literals;

struct payment {
  static constexpr std::array weir_fields{"card", "amount", "at"};
  std::string card;
  double amount;
  std::chrono::sys_seconds at;
};

struct suspicion {
  static constexpr std::array weir_fields{"card", "amount", "seconds_after"};
  std::string card;
  double amount;
  std::int64_t seconds_after;
};

struct tiny_then_large {
  using output = suspicion;
  struct state {
    std::optional<std::chrono::sys_seconds> tiny_at;
  };

  double large;

  void process(const payment& p, state& card, auto& out) {
    if (card.tiny_at && p.amount >= large && p.at - *card.tiny_at <= 1min)
      out.emit(suspicion{p.card, p.amount, (p.at - *card.tiny_at).count()});
    card.tiny_at.reset();
    if (p.amount < 1)
      card.tiny_at = p.at;
  }
};

} // namespace

void weir_job(weir::job& job) {
  const auto large = static_cast<double>(job.option("large", 500));
  job.source("payments", weir::read_csv<payment>(job.option("payments")))
      .parallelism(1) // in the order of the file
      .key_by(&payment::card)
      .process("tiny-then-large", tiny_then_large{large})
      .sink("suspicions", weir::write_csv(job.option("output")));
}
