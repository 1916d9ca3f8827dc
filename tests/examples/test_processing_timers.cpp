// Functions with deadlines in processing time. docs/state.md quotes it.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(processing_timers)

namespace {

using namespace weir::testing;
using namespace std::chrono_literals;

struct message {
  std::string user;
  std::string text;
};

struct digest {
  std::string user;
  std::vector<std::string> texts;

  friend auto operator<=>(const digest&, const digest&) = default;
};

/// Sends a user's messages together, 30 seconds after the first of them.
class digests {
public:
  using output = digest;

  explicit digests(weir::state_binder& state)
      : texts_(state.list<std::string>("texts")), send_(state.processing_timer("send")) {}

  void process(const message& each, auto& out) {
    if (texts_.empty())
      send_.set(out.processing_time() + 30s);
    texts_.add(each.text);
  }
  void on_timer(const weir::fired_timer&, auto& out) {
    out.emit({out.key(), {texts_.begin(), texts_.end()}});
    texts_.clear();
  }

private:
  weir::list_state<std::string> texts_;
  weir::processing_timer send_;
};

struct forgetful {
  using output = int;

  explicit forgetful(weir::state_binder& state) { state.processing_timers("due"); }
  void process(const message&, auto&) {}
};

struct timeless {
  using output = int;

  explicit timeless(weir::state_binder& state) { state.timer("due"); }
  void process(const message&, auto&) {}
  void on_timer(const weir::fired_timer&, auto&) {}
};

template <class Function>
std::string refusal() {
  weir::job job;
  try {
    job.source("messages", weir::collection(std::vector<message>()))
        .key_by(&message::user)
        .template process<Function>("function");
  } catch (const weir::error& refused) {
    return refused.what();
  }
  return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(deadlines_come_when_the_clock_says_so) {
  in_every_mode([](mode how) {
    operator_harness<message, digest> sent(how, [](auto input) {
      return input.key_by(&message::user).template process<digests>("digests");
    });
    sent.push({{"ann", "one"}, {"bob", "two"}});
    sent.advance(20s);
    sent.push({{"ann", "three"}});
    BOOST_TEST(sent.take().empty(), how);
    sent.advance(10s);
    BOOST_TEST((sent.take_sorted() ==
                std::vector<digest>{{"ann", {"one", "three"}}, {"bob", {"two"}}}),
               how);
    sent.push({{"ann", "four"}});
    sent.finish(); // which nobody waits for any more
    BOOST_TEST(sent.take().empty(), how);
  });
}

BOOST_AUTO_TEST_CASE(a_deadline_that_nobody_is_told_of_is_refused) {
  BOOST_TEST(refusal<forgetful>().starts_with(
      "state 'due' is a processing timers, and its function cannot be told of it"));
}

BOOST_AUTO_TEST_CASE(a_deadline_in_event_time_needs_records_with_times) {
  BOOST_TEST(refusal<timeless>() ==
             "state 'due' is a timer in event time, and these records have no times: "
             ".timestamps(...) the stream first, or bind a processing_timer");
}

BOOST_AUTO_TEST_SUITE_END()
