// A job of ordinary size: how long it takes to compile is a question of the benchmark. It
// follows a shop: orders by customer and by product, clicks by page and by visitor,
// alarms of a warehouse, and words in what customers write.
#include "operators/weir.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

enum class payment : std::uint8_t { card, transfer, voucher };

struct order_item {
  std::uint32_t product;
  std::uint32_t pieces;
  std::int64_t cents;
};

struct order {
  std::uint64_t number;
  std::uint64_t customer;
  payment paid_by;
  std::vector<order_item> items;
  std::optional<std::string> remark;
};

struct sale {
  std::uint32_t product;
  std::uint64_t customer;
  std::uint32_t pieces;
  std::int64_t cents;
};

struct click {
  std::uint64_t visitor;
  std::uint32_t page;
  std::uint32_t milliseconds;
  bool by_robot;
};

struct page_hour {
  std::uint32_t page;
  std::uint32_t hour;

  friend bool operator==(const page_hour&, const page_hour&) = default;
};

struct timed_click {
  page_hour where;
  std::uint64_t visitor;
  std::uint32_t milliseconds;
};

struct reading {
  std::uint32_t shelf;
  double celsius;
  std::int64_t grams;
};

struct alarm {
  std::uint32_t shelf;
  std::string why;
};

struct purchase {
  std::uint64_t customer;
  std::int64_t cents;
  std::uint32_t orders;
};

std::int64_t total(const order& placed) {
  std::int64_t cents = 0;
  for (const auto& item : placed.items)
    cents += item.cents * item.pieces;
  return cents;
}

order make_order(std::uint64_t index, weir::random_stream& random) {
  order placed{
      index, random.below(10'000), static_cast<payment>(random.below(3)), {}, {}};
  const auto items = 1 + random.below(5);
  for (std::uint64_t i = 0; i < items; ++i)
    placed.items.push_back({static_cast<std::uint32_t>(random.below(500)),
                            static_cast<std::uint32_t>(1 + random.below(3)),
                            static_cast<std::int64_t>(random.below(20'000))});
  if (random.below(20) == 0)
    placed.remark = "please leave it at the door";
  return placed;
}

click make_click(std::uint64_t, weir::random_stream& random) {
  return {random.below(50'000), static_cast<std::uint32_t>(random.below(300)),
          static_cast<std::uint32_t>(random.below(2'000)), random.below(10) == 0};
}

reading make_reading(std::uint64_t, weir::random_stream& random) {
  return {static_cast<std::uint32_t>(random.below(200)), 4 + 4 * random.unit(),
          static_cast<std::int64_t>(random.below(50'000))};
}

/// What customers have spent, and what sells.
void follow_orders(weir::job& job) {
  const auto orders =
      job.source("orders", weir::generate(job.option("orders", 100'000), make_order));
  const auto large =
      job.source("large-orders",
                 weir::generate(job.option("large-orders", 1'000), make_order).seed(2))
          .filter([](const order& placed) { return placed.items.size() > 3; });
  const auto all = orders.union_with(large);

  all.map([](const order& placed) {
       return purchase{placed.customer, total(placed), 1};
     })
      .key_by(&purchase::customer)
      .reduce("spent",
              [](const purchase& a, const purchase& b) {
                return purchase{a.customer, a.cents + b.cents, a.orders + b.orders};
              })
      .filter([](const purchase& sum) { return sum.cents > 1'000'000; })
      .map([](const purchase& sum) {
        return std::pair(sum.customer, sum.cents / sum.orders);
      })
      .sink("good-customers", weir::write_lines(job.option("output") + "/customers"));
}

void follow_sales(weir::job& job) {
  job.source("sold", weir::generate(job.option("orders", 100'000), make_order))
      .filter([](const order& placed) { return placed.paid_by != payment::voucher; })
      .flat_map<sale>([](const order& placed, auto& sales) {
        for (const auto& item : placed.items)
          sales.emit({item.product, placed.customer, item.pieces, item.cents});
      })
      .key_by(&sale::product)
      .sum("pieces-of-product", &sale::pieces)
      .filter([](const auto& sold) { return sold.value % 100 == 0; })
      .sink("sold-lines", weir::write_lines(job.option("output") + "/sold"));

  job.source("prices", weir::generate(job.option("orders", 100'000), make_order).seed(3))
      .flat_map<sale>([](const order& placed, auto& sales) {
        for (const auto& item : placed.items)
          sales.emit({item.product, placed.customer, item.pieces, item.cents});
      })
      .key_by(&sale::product)
      .max("dearest", &sale::cents)
      .rebalance()
      .map([](const auto& dearest) { return std::to_string(dearest.value) + " cents"; })
      .sink("dearest-lines", weir::write_lines(job.option("output") + "/dearest"));
}

/// Who looks at what, and which pages are slow.
void follow_clicks(weir::job& job) {
  const auto by_people =
      job.source("clicks", weir::generate(job.option("clicks", 1'000'000), make_click)
                               .records_per_second(job.option("per-second", 0)))
          .filter([](const click& c) { return !c.by_robot; })
          .map([](const click& c) {
            const auto hour = static_cast<std::uint32_t>(c.visitor % 24);
            return timed_click{{c.page, hour}, c.visitor, c.milliseconds};
          })
          .new_chain()
          .name("clicks by people");

  by_people.key_by(&timed_click::where)
      .count("clicks-of-page")
      .filter([](const auto& page) { return page.count % 1'000 == 0; })
      .map([](const auto& page) {
        return std::to_string(page.key.page) + " at " + std::to_string(page.key.hour) +
               ": " + std::to_string(page.count);
      })
      .sink("page-lines", weir::write_lines(job.option("output") + "/pages"));
}

void follow_visitors(weir::job& job) {
  job.source("visits",
             weir::generate(job.option("clicks", 1'000'000), make_click).seed(4))
      .key_by(&click::visitor)
      .min("fastest", &click::milliseconds)
      .filter([](const auto& fastest) { return fastest.value == 0; })
      .sink("nothing", weir::discard());
}

/// Shelves that are too warm or nearly empty.
void watch_warehouse(weir::job& job) {
  job.source("readings", weir::generate(job.option("readings", 100'000), make_reading))
      .flat_map<alarm>([](const reading& r, auto& alarms) {
        if (r.celsius > 7.9)
          alarms.emit({r.shelf, "too warm"});
        if (r.grams < 100)
          alarms.emit({r.shelf, "nearly empty"});
      })
      .key_by([](const alarm& raised) { return raised.why; })
      .count("alarms")
      .global()
      .sink("alarm-lines", weir::write_lines(job.option("output") + "/alarms"));
}

/// The words of remarks, and how often each has been written.
void read_remarks(weir::job& job) {
  job.source("remarks", weir::generate(job.option("orders", 100'000), make_order).seed(5))
      .flat_map<std::string>([](const order& placed, auto& words) {
        if (placed.remark)
          for (const std::string_view word : weir::split(*placed.remark))
            words.emit(std::string(word));
      })
      .key_by(std::identity{})
      .count("words")
      .map([](const auto& word) { return word.key + " " + std::to_string(word.count); })
      .sink("word-lines", weir::print());
}

} // namespace

void weir_job(weir::job& job) {
  follow_orders(job);
  follow_sales(job);
  follow_clicks(job);
  follow_visitors(job);
  watch_warehouse(job);
  read_remarks(job);
}
