// Output in two phases: what is seen when, what a restore takes back, and who looks after
// what others left.
#include "operators/weir.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace weir::test::test_transactions {

namespace {

namespace fs = std::filesystem;
using parts = operator_parts;
using bytes = std::vector<std::byte>;
using files = std::map<std::string, std::string>; // content by name

struct bill {
  std::string customer;
  double amount;
};

/// Subtasks of a sink of numbers, and the uploader's half of it.
struct transactions_fixture {
  using spec = decltype(write_lines("").transactional());
  using sink = detail::transactional_sink<
      std::uint64_t, decltype(std::declval<spec>().open<std::uint64_t>(0, 1))>;

  sink open(std::uint32_t subtask = 0, std::uint32_t parallelism = 1) const {
    return sink(lines.open<std::uint64_t>(subtask, parallelism));
  }
  static void write(sink& to, std::uint64_t first, std::uint64_t count = 1) {
    for (std::uint64_t i = first; i < first + count; ++i)
      to.write(i);
  }
  /// What `of` saves for a checkpoint, durable as it is when it acknowledges.
  static bytes snapshot(sink& of, std::uint64_t id) {
    auto saved = of.snapshot({id});
    if (saved->make_durable)
      saved->make_durable();
    return saved->bytes;
  }
  void commit(const parts& saved) const {
    detail::committer_of<std::uint64_t>(lines)(saved);
  }
  /// What a reader of the directory sees: lines by file.
  files seen() const {
    files found;
    if (fs::exists(directory))
      for (const auto& entry : fs::directory_iterator(directory))
        if (entry.is_regular_file())
          found[entry.path().filename()] = testing::read_text(entry.path());
    return found;
  }

  testing::temporary_directory scratch;
  std::string directory = scratch.path() / "out";
  spec lines = write_lines(directory).transactional();
};

operator_start restored(const bytes& saved, std::uint32_t subtask = 0,
                        std::uint32_t parallelism = 1) {
  return {&saved, true, nullptr, subtask, parallelism};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transactions, transactions_fixture)

BOOST_AUTO_TEST_CASE(nothing_is_seen_before_it_is_committed) {
  sink writer = open();
  writer.start({});
  write(writer, 1, 2);
  writer.flush();
  BOOST_TEST(seen().empty());
  const bytes first = snapshot(writer, 1);
  write(writer, 3);
  BOOST_TEST(seen().empty());
  commit({first});
  BOOST_TEST((seen() == files{{"part-0-0", "1\n2\n"}}));
  writer.completed({1});
  const bytes second = snapshot(writer, 2);
  commit({second});
  BOOST_TEST((seen() == files{{"part-0-0", "1\n2\n"}, {"part-0-1", "3\n"}}));
}

BOOST_AUTO_TEST_CASE(a_commit_may_come_again_and_after_files_were_fetched) {
  sink writer = open();
  writer.start({});
  write(writer, 1);
  const bytes saved = snapshot(writer, 1);
  commit({saved});
  commit({saved});
  BOOST_TEST((seen() == files{{"part-0-0", "1\n"}}));
  fs::remove(fs::path(directory) / "part-0-0");
  commit({saved});
  BOOST_TEST(seen().empty());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_brings_what_an_aborted_one_had_prepared) {
  sink writer = open();
  writer.start({});
  write(writer, 1);
  snapshot(writer, 1); // of which nothing came
  write(writer, 2);
  const bytes second = snapshot(writer, 2);
  commit({second});
  BOOST_TEST((seen() == files{{"part-0-0", "1\n"}, {"part-0-1", "2\n"}}));
}

BOOST_AUTO_TEST_CASE(without_records_there_is_no_file) {
  sink writer = open();
  writer.start({});
  commit({snapshot(writer, 1)});
  write(writer, 1);
  commit({snapshot(writer, 2)});
  BOOST_TEST((seen() == files{{"part-0-1", "1\n"}}));
}

BOOST_AUTO_TEST_CASE(a_restore_takes_back_what_is_in_no_checkpoint) {
  sink died = open();
  died.start({});
  write(died, 1);
  const bytes saved = snapshot(died, 1);
  commit({saved});
  write(died, 2); // committed with a checkpoint that is lost
  commit({snapshot(died, 2)});
  write(died, 3);
  died.flush();

  sink again = open();
  again.start(restored(saved));
  BOOST_TEST(seen().size() == 2U); // it has only looked
  write(again, 2, 2);
  again.flush();
  BOOST_TEST((seen() == files{{"part-0-0", "1\n"}}));
  commit({snapshot(again, 3)});
  BOOST_TEST((seen() == files{{"part-0-0", "1\n"}, {"part-0-1", "2\n3\n"}}));
}

BOOST_AUTO_TEST_CASE(what_subtasks_left_that_are_no_more_is_looked_after) {
  std::vector<sink> three;
  parts saved;
  for (std::uint32_t i = 0; i < 3; ++i) {
    three.push_back(open(i, 3));
    three[i].start({nullptr, false, nullptr, i, 3});
    write(three[i], i);
    saved.push_back(snapshot(three[i], 1));
  }
  commit(saved);
  write(three[2], 99); // lost
  commit({snapshot(three[2], 2)});
  BOOST_TEST(seen().contains("part-2-1"));

  sink one = open();
  one.start({nullptr, true, &saved, 0, 1});
  one.flush();
  BOOST_TEST(
      (seen() == files{{"part-0-0", "0\n"}, {"part-1-0", "1\n"}, {"part-2-0", "2\n"}}));
  // Grown again, the third goes on behind its file.
  const parts of_one{snapshot(one, 3)};
  sink third = open(2, 3);
  third.start({nullptr, true, &of_one, 2, 3});
  write(third, 3);
  commit({snapshot(third, 4)});
  BOOST_TEST(seen().at("part-2-0") == "2\n");
  BOOST_TEST(seen().at("part-2-1") == "3\n");
}

BOOST_AUTO_TEST_CASE(output_that_is_there_already_is_refused_by_a_fresh_start) {
  sink first = open();
  first.start({});
  write(first, 1);
  commit({snapshot(first, 1)});
  sink second = open();
  BOOST_CHECK_EXCEPTION(second.start({}), error, [](const error& e) {
    return e.kind() == failure::usage &&
           std::string(e.what()).find("part-0-0' is there already") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(what_another_kind_of_sink_saved_is_refused) {
  const bytes other(7, std::byte{1});
  sink writer = open();
  BOOST_CHECK_THROW(writer.start(restored(other)), error);
}

BOOST_AUTO_TEST_CASE(each_file_of_csv_begins_with_the_names) {
  const auto csv = write_csv(directory).transactional();
  detail::transactional_sink<bill, decltype(csv.open<bill>(0, 1))> writer(
      csv.open<bill>(0, 1));
  writer.start({});
  parts saved;
  for (std::uint64_t id : {1U, 2U}) {
    writer.write({"a", 1.5});
    saved = {writer.snapshot({id})->bytes};
  }
  detail::committer_of<bill>(csv)(saved);
  BOOST_TEST((seen() == files{{"part-0-0", "customer,amount\na,1.5\n"},
                              {"part-0-1", "customer,amount\na,1.5\n"}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_transactions
