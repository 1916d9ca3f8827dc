#include "tests/support/flows_job.hpp"

#include <algorithm>
#include <tuple>

namespace weir::testing {

namespace {

constexpr std::uint64_t flow_keys = 17;
constexpr std::uint64_t rules = 700; // more than a block

struct order {
  std::uint64_t customer;
  std::uint64_t number;
};

struct customer {
  std::uint64_t id;
  std::uint64_t name;
};

constexpr std::uint64_t name_of(std::uint64_t id) {
  return 1000 + id;
}

constexpr side_output<order, "odd"> odd;

running shown_order(const order& o) {
  return {o.customer, o.number, 0};
}

auto order_source(const flows_job& flows) {
  return generate(flows.records,
                  [](std::uint64_t index, random_stream& random) {
                    return order{random.below(flow_keys), index};
                  })
      .seed(flows.seed);
}

std::int64_t ms_of(const order& o) {
  return static_cast<std::int64_t>(o.number);
}

/// Orders wait until their customer has come.
struct naming {
  using output = running;
  struct state {
    std::uint64_t name = 0;
    std::vector<order> waiting;
  };

  void process_first(const order& o, state& known, auto& out) {
    if (known.name == 0)
      known.waiting.push_back(o);
    else
      out.emit({known.name, o.number, 0});
  }
  void process_second(const customer& c, state& known, auto& out) {
    known.name = c.name;
    for (const order& o : known.waiting)
      out.emit({known.name, o.number, 0});
    known.waiting.clear();
  }
};

/// Orders wait until every rule has come.
struct judging {
  using output = running;
  struct task_state {
    std::map<std::uint64_t, std::uint64_t> rules;
    std::vector<order> waiting;
  };

  void process_first(const order& o, task_state& known, auto& out) {
    if (known.rules.size() < rules)
      known.waiting.push_back(o);
    else
      out.emit({known.rules.at(o.customer), o.number, 0});
  }
  void process_second(const customer& rule, task_state& known, auto& out) {
    known.rules[rule.id] = rule.name;
    if (known.rules.size() < rules)
      return;
    for (const order& o : known.waiting)
      out.emit({known.rules.at(o.customer), o.number, 0});
    known.waiting.clear();
  }
};

/// Lets pass what happened after the watermark.
struct checking {
  using output = running;

  void process(const order& o, auto& out) {
    if (out.time() > out.watermark())
      out.emit(shown_order(o));
  }
};

/// Lets every order go 20 ms after it happened.
class holding_back {
public:
  using output = running;

  explicit holding_back(state_binder& state)
      : held_(state.list<order>("held")), due_(state.timers("due")) {}

  void process(const order& o, auto& out) {
    held_.add(o);
    due_.add(out.time() + for_so_long);
  }
  void on_timer(const fired_timer& due, auto& out) {
    std::vector<order> later;
    for (const order& each : held_)
      if (time_of(each) + for_so_long == due.deadline())
        out.emit(shown_order(each));
      else
        later.push_back(each);
    held_.assign(later);
  }

private:
  static constexpr std::chrono::milliseconds for_so_long{20};
  static event_time time_of(const order& o) {
    return event_time(std::chrono::milliseconds(o.number));
  }

  list_state<order> held_;
  timers due_;
};

/// Empty if each number was written once, to the customer that `expected` names.
template <class Expected>
std::string wrong_with_orders(const char* sink, std::vector<running> all,
                              const std::vector<order>& orders, Expected expected) {
  const auto wrong = [sink](const std::string& how) {
    return std::string(sink).append(": ").append(how);
  };
  std::ranges::sort(all, {}, &running::count);
  if (all.size() != orders.size())
    return wrong(std::to_string(all.size()).append(" records"));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].count != orders[i].number)
      return wrong("a record twice and another not at all");
    if (all[i].key != expected(orders[i].customer))
      return wrong("a record was joined with what is not its own");
  }
  return "";
}

} // namespace

flows_output flows_job::build(job& job) const {
  flows_output into;
  const auto orders = job.source("orders", order_source(*this))
                          .timestamps(&ms_of, out_of_order(std::chrono::hours(1)))
                          .share();
  const auto customers = [&](const char* name, std::uint64_t count) {
    return job.source(name, generate(count, [](std::uint64_t index, random_stream&) {
                        return customer{index, name_of(index)};
                      }));
  };

  const auto split = orders.flat_map<running>(
      [](const order& o, auto& out) {
        if (o.number % 2 == 0)
          out.emit(shown_order(o));
        else
          out.emit(odd, o);
      },
      odd);
  split.side(odd).map(shown_order).sink("odd-out", collect(into.odd));
  split.sink("even-out", collect(into.even));

  orders.key_by(&order::customer)
      .connect(customers("customers", flow_keys).key_by(&customer::id))
      .process("naming", naming())
      .sink("named-out", collect(into.named));
  orders.connect(customers("rules", rules).broadcast())
      .process("judging", judging())
      .sink("judged-out", collect(into.judged));
  orders.on_time()
      .key_by(&order::customer)
      .process("checking", checking())
      .sink("punctual-out", collect(into.punctual));
  job.source("orders-in-order", order_source(*this))
      .timestamps(&ms_of, monotonous())
      .key_by(&order::customer)
      .process<holding_back>("holding-back")
      .sink("held-out", collect(into.held));
  return into;
}

std::string flows_job::wrong_with(const flows_output& written) const {
  std::vector<order> all, halves[2];
  for (std::uint64_t index = 0; index < records; ++index) {
    random_stream random(seed, index);
    all.push_back({random.below(flow_keys), index});
    halves[index % 2].push_back(all.back());
  }
  const auto itself = [](std::uint64_t id) { return id; };
  for (const std::string& wrong :
       {wrong_with_orders("even", written.even->all(), halves[0], itself),
        wrong_with_orders("odd", written.odd->all(), halves[1], itself),
        wrong_with_orders("named", written.named->all(), all, name_of),
        wrong_with_orders("judged", written.judged->all(), all, name_of),
        wrong_with_orders("punctual", written.punctual->all(), all, itself),
        wrong_with_orders("held", written.held->all(), all, itself)})
    if (!wrong.empty())
      return wrong;
  return "";
}

} // namespace weir::testing
