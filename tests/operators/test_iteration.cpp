// What is refused of loops before anything runs.
#include "operators/job_loops.hpp"
#include "operators/weir.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_iteration {

namespace {

constexpr side_output<int, "done"> done;

auto numbers(job& of, const std::string& name = "numbers") {
  return of.source(name, collection(std::vector<int>{1, 2, 3}));
}

/// A body that sends some back and lets the others go on.
template <class Stream>
auto split_by_sign(const Stream& all) {
  const auto split = all.template flat_map<int>(
      [](int n, auto& out) {
        if (n > 0)
          out.emit(n - 1);
        else
          out.emit(done, n);
      },
      done);
  return feedback(split, split.side(done));
}

/// A chain as the stream makes it, but for what its tasks do.
chain named(const std::string& name) {
  chain made;
  made.name = name;
  made.ends_in_exchange = true;
  made.shared = true;
  made.make_task = [](const task_context&) { return nullptr; };
  return made;
}

template <class Action>
void refused(Action action, const std::string& expected) {
  BOOST_CHECK_EXCEPTION(action(), error, [&](const error& e) {
    BOOST_TEST((e.kind() == failure::usage));
    BOOST_TEST(e.what() == expected);
    return true;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(iteration)

BOOST_AUTO_TEST_CASE(any_kind_of_stream_enters_and_goes_back) {
  job looped;
  const auto body = [](auto all) { return split_by_sign(all); };
  numbers(looped).iterate("plain", body).sink("1", discard());
  numbers(looped, "b").share().iterate("shared", body).sink("2", discard());
  numbers(looped, "c").broadcast().iterate("broadcast", body).sink("3", discard());
  numbers(looped, "d")
      .key_by(std::identity())
      .iterate("keyed", body)
      .sink("4", discard());
  numbers(looped, "e")
      .union_with(numbers(looped, "f"))
      .iterate("united",
               [](auto all) {
                 const auto both = split_by_sign(all.share());
                 return feedback(both.back.key_by(std::identity()), both.on);
               })
      .iterate("next",
               [](auto all) {
                 const auto shared = all.share();
                 return feedback(shared.union_with(shared.rebalance()),
                                 shared.broadcast());
               })
      .sink("5", discard());
  BOOST_CHECK_NO_THROW(looped.graph().check());
  const auto loops = loops_of(looped.graph());
  for (chain_index i = 0; i < loops.size(); ++i)
    if (!looped.graph().chains()[i].iteration.empty())
      BOOST_TEST((loops[i] == i));
}

BOOST_AUTO_TEST_CASE(a_loop_is_what_lies_between_its_head_and_what_goes_back) {
  job looped;
  numbers(looped)
      .iterate("loop",
               [](auto all) {
                 const auto split = split_by_sign(all.rebalance());
                 return feedback(split.back.new_chain(), split.on);
               })
      .sink("out", discard());
  // numbers, loop, rebalance, its side output, new_chain
  const std::vector<std::optional<chain_index>> expected{{}, 1, 1, {}, 1};
  BOOST_TEST((loops_of(looped.graph()) == expected));
}

BOOST_AUTO_TEST_CASE(a_cycle_that_is_no_iteration_is_refused) {
  job_graph graph;
  chain source = named("source"), out = named("out");
  out.ends_in_exchange = false;
  graph.add(std::move(source));
  graph.add_behind({{0}}, topology::pointwise, named("first"));
  graph.add_behind({{1}}, topology::pointwise, named("second"));
  graph.add_behind({{2}}, topology::pointwise, std::move(out));
  BOOST_CHECK_NO_THROW(graph.check());
  graph.join({{2}}, topology::pointwise, 1);
  refused([&] { graph.check(); },
          "the steps 'first' -> 'second' -> 'first' are a cycle, whose tasks would wait "
          "for each other; let records go back with .iterate(name, body)");
}

BOOST_AUTO_TEST_CASE(an_iteration_to_which_nothing_goes_back_is_refused) {
  job_graph graph;
  chain head = named("loop");
  head.iteration = "loop";
  head.ends_in_exchange = false;
  graph.add(named("source"));
  graph.add_behind({{0}}, topology::pointwise, std::move(head));
  refused([&] { graph.check(); },
          "nothing goes back to iteration 'loop'; its body returns weir::feedback(what "
          "goes back, what goes on)");
}

BOOST_AUTO_TEST_CASE(an_iteration_in_another_one_is_refused) {
  job nested;
  numbers(nested)
      .iterate("outer",
               [](auto all) {
                 return split_by_sign(
                     all.iterate("inner", [](auto some) { return split_by_sign(some); }));
               })
      .sink("out", discard());
  refused([&] { nested.graph().check(); },
          "the iterations 'outer' and 'inner' share 'inner'; put one behind the other "
          "instead of inside");
}

BOOST_AUTO_TEST_CASE(streams_that_do_not_come_out_of_the_loop_are_refused) {
  job mixed, other;
  const auto stranger = numbers(mixed, "stranger");
  const auto foreign = numbers(other);
  const std::string bring_it = " the stream after 'stranger', which does not come from "
                               "what the body was given; bring it into the loop with "
                               ".union_with or .connect";
  refused(
      [&] {
        numbers(mixed).iterate("a", [&](auto all) { return feedback(stranger, all); });
      },
      "the body of iteration 'a' sends back" + bring_it);
  refused(
      [&] {
        numbers(mixed, "2").iterate("b", [&](auto all) {
          return feedback(all, stranger);
        });
      },
      "the body of iteration 'b' lets go on" + bring_it);
  refused(
      [&] {
        numbers(mixed, "3").iterate("c", [&](auto all) {
          return feedback(foreign, all);
        });
      },
      "the body of iteration 'c' returned a stream of another job; return what it makes "
      "of the stream that it is given");
}

BOOST_AUTO_TEST_CASE(what_goes_back_is_not_what_goes_on) {
  job looped;
  const auto both =
      numbers(looped).iterate("loop", [](auto all) { return feedback(all, all); });
  refused([&] { both.sink("out", discard()); },
          "the stream after 'loop' is used twice; end it with .share() and use what that "
          "gives as often as you like");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_iteration
