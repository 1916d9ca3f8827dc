// Functions with states that expire. docs/state.md quotes it.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(expiry)

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

struct alert {
  std::string machine;
  std::string text;

  friend auto operator<=>(const alert&, const alert&) = default;
};

/// Lets pass what a machine has not said for an hour.
class without_repetitions {
public:
  using output = alert;

  explicit without_repetitions(weir::state_binder& state)
      : said_(state.map<std::string, bool>("said", weir::expire_after_write(1h))) {}

  void process(const alert& each, auto& out) {
    if (said_.contains(each.text))
      return;
    said_.put(each.text, true);
    out.emit(each);
  }

private:
  weir::expiring<weir::map_state<std::string, bool>> said_;
};

struct visit {
  std::string user;
  std::string page;
};

/// The pages of a visit, which ends after 30 minutes without one.
class visits {
public:
  using output = std::string;

  explicit visits(weir::state_binder& state)
      : first_(state.value<std::string>("first", weir::expire_after_access(30min))) {}

  void process(const visit& seen, auto& out) {
    if (!first_)
      first_.set(seen.page);
    out.emit(seen.page + " after " + *first_);
  }

private:
  weir::expiring<weir::value_state<std::string>> first_;
};

using alerts = std::vector<alert>;
using lines = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(what_was_written_is_forgotten_after_a_time) {
  in_every_mode([](mode how) {
    operator_harness<alert, alert> passed(how, [](auto input) {
      return input.key_by(&alert::machine)
          .template process<without_repetitions>("without-repetitions");
    });
    passed.push({{"press", "hot"}, {"press", "hot"}, {"saw", "hot"}});
    BOOST_TEST((passed.take_sorted() == alerts{{"press", "hot"}, {"saw", "hot"}}), how);
    passed.advance(59min);
    passed.push({{"press", "hot"}, {"press", "loud"}});
    BOOST_TEST((passed.take() == alerts{{"press", "loud"}}), how);
    passed.advance(1min); // an hour after the first one
    passed.push({{"press", "hot"}, {"press", "loud"}});
    BOOST_TEST((passed.take() == alerts{{"press", "hot"}}), how);
  });
}

BOOST_AUTO_TEST_CASE(what_is_read_stays) {
  in_every_mode([](mode how) {
    operator_harness<visit, std::string> seen(how, [](auto input) {
      return input.key_by(&visit::user).template process<visits>("visits");
    });
    seen.push({{"ann", "home"}});
    seen.advance(29min);
    seen.push({{"ann", "cart"}});
    seen.advance(29min);
    seen.push({{"ann", "pay"}});
    seen.advance(30min);
    seen.push({{"ann", "home"}});
    BOOST_TEST((seen.take() == lines{"home after home", "cart after home",
                                     "pay after home", "home after home"}),
               how);
    seen.push({{"ann", "help"}});
    seen.advance(30min);
    seen.push({{"ann", "cart"}});
    BOOST_TEST((seen.take() == lines{"help after home", "cart after cart"}), how);
  });
}

BOOST_AUTO_TEST_SUITE_END()
