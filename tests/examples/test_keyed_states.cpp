// Functions that bind their states by name. docs/state.md quotes it.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"
#include "tests/examples/results.hpp"
#include "tests/support/named_orders.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(keyed_states)

namespace {

using namespace weir::testing;

struct view {
  std::string user;
  std::string page; // "sign-out" ends a visit
  std::uint32_t ms; // what it took to load
};

struct visit {
  std::string user;
  std::vector<std::string> path;
  std::string favourite;
  std::uint32_t slowest_ms;
  double mean_ms;

  friend auto operator<=>(const visit&, const visit&) = default;
};

struct mean {
  struct accumulator {
    std::uint64_t sum = 0;
    std::uint64_t count = 0;
  };

  void add(accumulator& so_far, std::uint32_t element) const {
    so_far.sum += element;
    ++so_far.count;
  }
  double result(const accumulator& so_far) const {
    return so_far.count == 0 ? 0 : double(so_far.sum) / double(so_far.count);
  }
};

struct larger {
  std::uint32_t operator()(std::uint32_t a, std::uint32_t b) const {
    return std::max(a, b);
  }
};

/// Sums up each visit when its user signs out, or has seen so many pages.
class visits {
public:
  using output = visit;

  visits(weir::state_binder& state, std::size_t pages_max)
      : pages_max_(pages_max), path_(state.list<std::string>("path")),
        seen_(state.map<std::string, std::uint32_t>("seen")),
        slowest_(state.reducing<std::uint32_t>("slowest", larger())),
        mean_(state.aggregating<mean>("mean")),
        signed_in_(state.value<bool>("signed-in")) {}

  void process(const view& seen, auto& out) {
    if (seen.page == "sign-out") {
      sum_up(out);
      return;
    }
    signed_in_.set(true);
    path_.add(seen.page);
    ++seen_.edit(seen.page);
    slowest_.add(seen.ms);
    mean_.add(seen.ms);
    if (path_.size() == pages_max_)
      sum_up(out);
  }

private:
  void sum_up(auto& out) {
    if (!signed_in_)
      return;
    std::string favourite;
    std::uint32_t most = 0;
    for (const auto& [page, times] : seen_)
      if (times > most) {
        favourite = page;
        most = times;
      }
    out.emit({out.key(),
              {path_.begin(), path_.end()},
              favourite,
              slowest_.value_or(0),
              mean_.result()});
    path_.clear();
    seen_.clear();
    slowest_.clear();
    mean_.clear();
    signed_in_.clear();
  }

  std::size_t pages_max_;
  weir::list_state<std::string> path_;
  weir::map_state<std::string, std::uint32_t> seen_;
  weir::reducing_state<std::uint32_t, larger> slowest_;
  weir::aggregating_state<mean> mean_;
  weir::value_state<bool> signed_in_;
};

const std::vector<view> views = {
    {"ann", "home", 10},    {"bob", "home", 30},    {"ann", "shop", 20},
    {"bob", "sign-out", 0}, {"ann", "home", 60},    {"bob", "sign-out", 0},
    {"ann", "sign-out", 0}, {"cid", "home", 1},     {"cid", "help", 2},
    {"cid", "help", 3},     {"cid", "contact", 4},  {"cid", "home", 5},
    {"ann", "news", 7},     {"cid", "sign-out", 0}, {"ann", "sign-out", 0},
};

const std::vector<visit> expected = {
    {"ann", {"home", "shop", "home"}, "home", 60, 30},
    {"ann", {"news"}, "news", 7, 7},
    {"bob", {"home"}, "home", 30, 30},
    {"cid", {"home"}, "home", 5, 5},
    {"cid", {"home", "help", "help", "contact"}, "help", 4, 2.5},
};

} // namespace

BOOST_AUTO_TEST_CASE(states_of_every_kind_are_each_users_own) {
  const auto found = results<visit>([](weir::job& job, weir::collect<visit> out) {
    job.source("views", weir::collection(views))
        .parallelism(1) // in the order in which they were taken
        .key_by(&view::user)
        .process<visits>("visits", std::size_t{4})
        .sink("out", out);
  });
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_CASE(states_outlive_a_restore_at_another_parallelism) {
  for (const mode how : every_mode)
    BOOST_TEST_CONTEXT(how) {
      operator_harness<view, visit> harness(how, [](auto all) {
        return all.key_by(&view::user).template process<visits>("visits", std::size_t{4});
      });
      harness.push(views);
      harness.finish();
      BOOST_TEST((harness.take_sorted() == expected));
    }
}

BOOST_AUTO_TEST_SUITE_END()
