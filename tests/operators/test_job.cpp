#include "operators/job.hpp"
#include "operators/weir.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_job {

namespace {

std::uint64_t itself(const std::uint64_t& number) {
  return number;
}

constexpr side_output<std::uint64_t, "odd"> odd;

struct job_fixture {
  auto numbers(const std::string& name) {
    return target.source(name,
                         generate(10, [](std::uint64_t i, random_stream&) { return i; }));
  }
  template <class Action>
  static void refused(Action action, const std::string& part) {
    BOOST_CHECK_EXCEPTION(action(), error, [&](const error& e) {
      const std::string what = e.what();
      BOOST_TEST((e.kind() == failure::usage));
      BOOST_TEST(what.find(part) != what.npos, "'" << part << "' in: " << what);
      return true;
    });
  }
  void check_refused(const std::string& part) {
    refused([this] { target.graph().check(); }, part);
  }

  job target{{{"users", "7"}, {"output", "here"}, {"bad", "7x"}}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(job_graph, job_fixture)

BOOST_AUTO_TEST_CASE(a_name_that_cannot_name_a_file_is_refused) {
  for (const std::string& name :
       {std::string(), std::string(".hidden"), std::string("a/b"), std::string("a b"),
        std::string("\xc3\xa4"), std::string(65, 'x')})
    refused([&] { numbers(name); }, "operator name '" + name + "'");
}

BOOST_AUTO_TEST_CASE(letters_digits_and_three_signs_make_a_name) {
  BOOST_CHECK_NO_THROW(numbers("Az09-_."));
  BOOST_CHECK_NO_THROW(numbers(std::string(64, 'x')));
}

BOOST_AUTO_TEST_CASE(a_name_used_twice_is_refused_whoever_uses_it) {
  const auto keyed = numbers("one").key_by(itself);
  refused([&] { numbers("one"); }, "'one' is used twice");
  refused([&] { keyed.count("one"); }, "'one' is used twice");
  refused([&] { keyed.sink("one", discard()); }, "'one' is used twice");
}

BOOST_AUTO_TEST_CASE(a_stream_used_twice_is_refused) {
  const auto stream = numbers("one");
  stream.sink("out", discard());
  refused([&] { stream.sink("other", discard()); },
          "the stream after 'one' is used twice");
}

BOOST_AUTO_TEST_CASE(an_empty_job_is_refused) {
  check_refused("no source");
}

BOOST_AUTO_TEST_CASE(a_source_that_ends_nowhere_is_refused) {
  numbers("one");
  check_refused("the stream after 'one' ends nowhere");
}

BOOST_AUTO_TEST_CASE(an_exchange_that_ends_nowhere_is_refused) {
  numbers("one").key_by(itself);
  check_refused("the stream after 'one' ends nowhere");
}

BOOST_AUTO_TEST_CASE(a_fold_that_ends_nowhere_is_refused) {
  numbers("one").key_by(itself).count("counts");
  check_refused("the stream after 'counts' ends nowhere");
}

BOOST_AUTO_TEST_CASE(steps_between_exchanges_are_one_chain) {
  numbers("one")
      .filter([](std::uint64_t n) { return n > 1; })
      .map([](std::uint64_t n) { return n * 2; })
      .key_by(itself)
      .count("counts")
      .sink("out", write_lines("never-opened"));
  BOOST_CHECK_NO_THROW(target.graph().check());
  const auto& chains = target.graph().chains();
  BOOST_REQUIRE(chains.size() == 2U);
  BOOST_TEST(chains[0].ends_in_exchange);
  BOOST_TEST(chains[1].blocking);
  BOOST_TEST(chains[1].operators.size() == 2U);
  const auto& edges = target.graph().edges();
  BOOST_REQUIRE(edges.size() == 1U);
  BOOST_TEST((edges[0].from == 0U && edges[0].to == 1U));
  BOOST_TEST((edges[0].joins == topology::all_to_all));
}

BOOST_AUTO_TEST_CASE(a_keyed_stream_used_twice_is_refused) {
  const auto keyed = numbers("one").key_by(itself);
  keyed.count("counts").sink("out", discard());
  refused([&] { keyed.count("again"); }, "the stream after 'one' is used twice");
}

BOOST_AUTO_TEST_CASE(a_union_that_is_keyed_has_no_chain_of_its_own) {
  const auto one = numbers("one");
  const auto two = numbers("two");
  one.union_with(two)
      .union_with(numbers("three"))
      .key_by(itself)
      .count("counts")
      .sink("out", discard());
  BOOST_CHECK_NO_THROW(target.graph().check());
  BOOST_TEST(target.graph().chains().size() == 4U);
  BOOST_TEST(target.graph().edges().size() == 3U);
  refused([&] { one.sink("other", discard()); }, "the stream after 'one' is used twice");
}

BOOST_AUTO_TEST_CASE(a_union_that_is_not_keyed_is_one_chain_more) {
  numbers("one").union_with(numbers("two")).map(itself).sink("out", discard());
  BOOST_CHECK_NO_THROW(target.graph().check());
  BOOST_TEST(target.graph().chains().size() == 3U);
  BOOST_TEST((target.graph().edges()[0].joins == topology::pointwise));
}

BOOST_AUTO_TEST_CASE(a_shared_stream_may_be_used_any_number_of_times) {
  const auto shared = numbers("one").share();
  shared.key_by(itself).count("counts").sink("out", discard());
  shared.map(itself).sink("other", discard());
  shared.union_with(shared).sink("both", discard());
  BOOST_CHECK_NO_THROW(target.graph().check());
}

BOOST_AUTO_TEST_CASE(a_shared_stream_that_nobody_uses_is_refused) {
  numbers("one").share();
  check_refused("the stream after 'one' ends nowhere");
}

BOOST_AUTO_TEST_CASE(a_side_output_read_twice_is_refused) {
  const auto split = numbers("one").flat_map<std::uint64_t>(
      [](std::uint64_t n, auto& out) { out.emit(odd, n); }, odd);
  split.side(odd).sink("odd", discard());
  refused([&] { split.side(odd); }, "the side output 'odd' of 'one' is read twice");
}

BOOST_AUTO_TEST_CASE(two_side_outputs_of_one_name_are_refused) {
  const auto twice = [](std::uint64_t n, auto& out) { out.emit(odd, n); };
  const auto once = numbers("one").flat_map<std::uint64_t>(twice, odd);
  refused([&] { once.flat_map<std::uint64_t>(twice, odd); }, "two side outputs 'odd'");
}

BOOST_AUTO_TEST_CASE(without_chaining_a_sink_has_tasks_of_its_own) {
  target.chaining(false);
  numbers("one").map(itself).sink("out", discard());
  const auto& chains = target.graph().chains();
  BOOST_REQUIRE(chains.size() == 2U);
  BOOST_TEST(chains[1].name == "out");
  BOOST_CHECK_NO_THROW(target.graph().check());
}

BOOST_AUTO_TEST_CASE(connected_streams_are_two_inputs_of_one_chain) {
  numbers("one")
      .key_by(itself)
      .connect(numbers("two").broadcast())
      .map(itself, itself)
      .sink("out", discard());
  BOOST_CHECK_NO_THROW(target.graph().check());
  const auto& edges = target.graph().edges();
  BOOST_REQUIRE(edges.size() == 2U);
  BOOST_TEST((edges[0].to == 2U && edges[0].input == 0U));
  BOOST_TEST((edges[1].to == 2U && edges[1].input == 1U));
  BOOST_TEST((edges[1].joins == topology::all_to_all));
}

BOOST_AUTO_TEST_CASE(a_stream_united_with_itself_is_refused) {
  const auto one = numbers("one");
  refused([&] { one.union_with(one).key_by(itself); },
          "the stream after 'one' is used twice");
}

BOOST_AUTO_TEST_CASE(a_chain_may_say_how_many_tasks_it_has) {
  numbers("one")
      .parallelism(3)
      .rebalance()
      .parallelism(2)
      .max_parallelism(8)
      .name("n")
      .sink("out", discard());
  const auto& chains = target.graph().chains();
  BOOST_TEST((chains[0].parallelism == 3U && !chains[0].max_parallelism));
  BOOST_TEST((chains[1].parallelism == 2U && chains[1].max_parallelism == 8U));
  BOOST_TEST(chains[1].name == "n");
}

BOOST_AUTO_TEST_CASE(a_number_of_tasks_that_cannot_be_is_refused) {
  const auto one = numbers("one");
  refused([&] { one.parallelism(0); }, ".parallelism(0) after 'one'");
  refused([&] { one.max_parallelism(32'769); }, ".max_parallelism(32769) after 'one'");
  one.parallelism(2).parallelism(2);
  refused([&] { one.map(itself).parallelism(3); }, "contradicts the 2");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(job_options, job_fixture)

BOOST_AUTO_TEST_CASE(a_given_option_wins_over_its_default) {
  BOOST_TEST(target.option("users", std::uint64_t{1}) == 7U);
  BOOST_TEST(target.option("output", "there") == "here");
  BOOST_TEST(target.option("output") == "here");
}

BOOST_AUTO_TEST_CASE(an_option_that_is_not_given_has_its_default) {
  BOOST_TEST(target.option("pages", std::uint64_t{9}) == 9U);
  BOOST_TEST(target.option("title", "none") == "none");
}

BOOST_AUTO_TEST_CASE(a_required_option_must_be_given) {
  refused([&] { target.option("input"); }, "needs the option --input");
}

BOOST_AUTO_TEST_CASE(a_number_must_be_a_whole_number) {
  refused([&] { target.option("bad", std::uint64_t{1}); }, "--bad is '7x'");
  refused([&] { target.option("output", std::uint64_t{1}); }, "not a whole number");
}

BOOST_AUTO_TEST_CASE(an_option_nobody_asked_for_is_refused_with_those_there_are) {
  target.option("users", std::uint64_t{1});
  target.option("output");
  refused([&] { target.check_options(); }, "no option --bad; it takes --output, --users");
  target.option("bad");
  BOOST_CHECK_NO_THROW(target.check_options());
  refused([] { job(weir::job_options{{"x", "1"}}).check_options(); }, "it takes none");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_job
