// Reads orders, keeps the large ones, and writes what each customer pays: CSV in, CSV
// out.
#include "operators/weir.hpp"

namespace {

struct order {
  static constexpr std::array weir_fields{"id", "customer", "amount", "discount"};
  std::uint64_t id;
  std::string customer;
  double amount;
  std::optional<double> discount;
};

struct bill {
  static constexpr std::array weir_fields{"customer", "to_pay"};
  std::string customer;
  double to_pay;
};

} // namespace

void weir_job(weir::job& job) {
  const auto at_least = static_cast<double>(job.option("at-least", 10));
  job.source("orders", weir::read_csv<order>(job.option("input")))
      .filter([at_least](const order& o) { return o.amount >= at_least; })
      .map([](const order& o) {
        return bill{o.customer, o.amount - o.discount.value_or(0)};
      })
      .sink("bills", weir::write_csv(job.option("output")));
}
