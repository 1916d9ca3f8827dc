// Gives orders the name and the country of their customer, whichever of the two is read
// first.
#include "operators/weir.hpp"

namespace {

struct order {
  static constexpr std::array weir_fields{"id", "customer", "item"};
  std::uint64_t id;
  std::uint32_t customer;
  std::string item;
};

struct customer {
  static constexpr std::array weir_fields{"id", "name", "country"};
  std::uint32_t id;
  std::string name;
  std::string country;
};

struct full_order {
  static constexpr std::array weir_fields{"id", "item", "name", "country"};
  std::uint64_t id;
  std::string item;
  std::string name;
  std::string country;
};

struct with_customer {
  using output = full_order;
  struct state {
    std::string name; // empty: the customer has not been read
    std::string country;
    std::vector<order> waiting;
  };

  void process_first(const order& o, state& of, auto& out) {
    if (of.name.empty())
      of.waiting.push_back(o);
    else
      out.emit(full_order{o.id, o.item, of.name, of.country});
  }
  void process_second(const customer& c, state& of, auto& out) {
    of.name = c.name;
    of.country = c.country;
    for (const order& o : std::exchange(of.waiting, {}))
      process_first(o, of, out);
  }
};

} // namespace

void weir_job(weir::job& job) {
  const auto customers =
      job.source("customers", weir::read_csv<customer>(job.option("customers")))
          .key_by(&customer::id);
  job.source("orders", weir::read_csv<order>(job.option("orders")))
      .key_by(&order::customer)
      .connect(customers)
      .process("with-customer", with_customer())
      .sink("full-orders", weir::write_csv(job.option("output")));
}
