// An open input is a pipe here, as standard input often is.
#include "operators/io/read_csv.hpp"
#include "operators/io/read_lines.hpp"
#include "operators/weir.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace weir::test::test_open_input {

namespace {

using lines = std::vector<std::string>;
using next = poll_result::next;

struct pair {
  int a;
  int b;
};

struct pipe_fixture {
  pipe_fixture() { BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0); }
  ~pipe_fixture() {
    close_reader();
    close();
  }

  void feed(std::string_view text) const {
    BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) ==
                  static_cast<ssize_t>(text.size()));
  }
  void close_reader() { ::close(std::exchange(ends[0], -1)); }
  void close() {
    if (ends[1] >= 0)
      ::close(ends[1]);
    ends[1] = -1;
  }
  open_input input() const { return {ends[0]}; }

  template <class Source>
  next poll(Source& source, std::size_t records_max = 100) {
    const auto result = source.poll(
        [this](const std::string& line) { got.push_back(line); }, records_max, now);
    BOOST_TEST((result.what != next::wait || result.wake_at == now));
    return result.what;
  }

  int ends[2];
  lines got;
  steady_time now{std::chrono::seconds(7)};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(open_input_lines, pipe_fixture)

BOOST_AUTO_TEST_CASE(a_line_comes_when_its_end_does) {
  auto source = read_lines(input()).open(0, 1);
  source.start({});
  BOOST_TEST((poll(source) == next::wait));
  feed("one\r\ntw");
  BOOST_TEST((poll(source) == next::wait));
  BOOST_TEST((got == lines{"one"}));
  feed("o\nthree\nfour");
  BOOST_TEST((poll(source, 1) == next::more));
  BOOST_TEST((poll(source) == next::wait));
  BOOST_TEST((got == lines{"one", "two", "three"}));
  close();
  BOOST_TEST((poll(source) == next::ended));
  BOOST_TEST((got == lines{"one", "two", "three", "four"}));
}

BOOST_AUTO_TEST_CASE(a_line_may_be_longer_than_the_buffer_and_come_in_pieces) {
  auto source = read_lines(input()).open(0, 1);
  source.start({});
  const std::string piece(50'000, 'x');
  for (int i = 0; i < 12; ++i) {
    feed(piece);
    BOOST_TEST((poll(source) == next::wait));
  }
  feed("\n");
  poll(source);
  BOOST_REQUIRE(got.size() == 1U);
  BOOST_TEST(got[0].size() == 12 * piece.size());
}

BOOST_AUTO_TEST_CASE(one_subtask_reads_it) {
  auto other = read_lines(input()).open(1, 2);
  other.start({});
  feed("one\n");
  BOOST_TEST((poll(other) == next::ended));
  BOOST_TEST(got.empty());
}

BOOST_AUTO_TEST_CASE(the_next_attempt_goes_on_behind_the_last_line_that_was_taken) {
  const auto spec = read_csv<pair>(input());
  std::vector<int> all;
  const auto keep = [&](const pair& p) { all.push_back(p.a + p.b); };
  auto first = spec.open(0, 1);
  first.start({});
  feed("b,a\n1,2\n3,4\n5,6\n"); // it takes one of three, which came together
  first.poll(keep, 2, now);
  const auto saved = first.position();
  for (const auto* from : {&saved, static_cast<const std::vector<std::byte>*>(nullptr)}) {
    auto source = spec.open(0, 1);
    source.start({from, true});
    source.poll(keep, 1, now);
  }
  BOOST_TEST((all == std::vector<int>{3, 7, 11}));
  auto last = spec.open(0, 1);
  last.start({&saved, true});
  feed("7,x\n");
  BOOST_CHECK_EXCEPTION(last.poll(keep, 9, now), error, [](const error& e) {
    const std::string what = e.what();
    BOOST_TEST(what.find(", line 5, byte 3: field 'a': 'x'") != what.npos, what);
    return true;
  });
}

BOOST_AUTO_TEST_CASE(what_had_ended_stays_ended_after_a_restore) {
  close();
  auto source = read_lines(input()).open(0, 1);
  source.start({});
  BOOST_TEST((poll(source) == next::ended));
  const auto saved = source.position();
  auto again = read_lines(standard_input).open(0, 1);
  again.start({&saved, false});
  BOOST_TEST((poll(again) == next::ended));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_files_is_not_resumed_with_standard_input) {
  const auto saved = detail::save_splits({{"some/file", 0, 10, true}});
  auto source = read_stdin().open(0, 1);
  BOOST_CHECK_EXCEPTION(source.start({&saved, false}), error, [](const error& e) {
    BOOST_TEST(std::string(e.what()).find("some/file") != std::string::npos);
    return e.kind() == failure::restore_refused;
  });
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_fails_the_job) {
  auto source = read_lines(open_input{ends[1]}).open(0, 1); // only for writing
  source.start({});
  close_reader(); // or it would only be silent
  BOOST_CHECK_EXCEPTION(
      [&] {
        while (poll(source) == next::wait) {
        }
      }(),
      error,
      [](const error& e) {
        BOOST_TEST(std::string(e.what()).find("Bad file descriptor") !=
                   std::string::npos);
        return e.kind() == failure::job_failed;
      });
}

BOOST_AUTO_TEST_CASE(two_sources_of_standard_input_are_refused) {
  job target;
  target.source("one", read_stdin()).sink("out-one", discard());
  BOOST_CHECK_NO_THROW(target.graph().check());
  target.source("two", read_csv<pair>(standard_input)).sink("out-two", discard());
  BOOST_CHECK_EXCEPTION(target.graph().check(), error, [](const error& e) {
    BOOST_TEST(std::string(e.what()).find("'one' and 'two' both read standard input") !=
               std::string::npos);
    return e.kind() == failure::usage;
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_open_input
