#include "operators/io/read_lines.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

namespace weir::test::test_input_splits {

namespace {

namespace fs = std::filesystem;
using detail::input_split;
using detail::line_reader;
using lines = std::vector<std::string>;

struct input_fixture {
  input_fixture() {
    std::string name = (fs::temp_directory_path() / "weir-input-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
  }
  ~input_fixture() { fs::remove_all(directory); }

  std::string file(const std::string& name, const std::string& content) const {
    const fs::path path = directory / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  static lines read(const input_split& split) {
    lines all;
    line_reader reader(split);
    for (std::string_view line; reader.next(line);)
      all.emplace_back(line);
    return all;
  }
  static lines read_all(const std::string& path, std::uint64_t bytes_max) {
    lines all;
    for (const input_split& split : detail::split_input(path, bytes_max))
      for (auto& line : read(split))
        all.push_back(std::move(line));
    return all;
  }
  template <class Action>
  static void refused(Action action, failure kind, const std::string& part) {
    BOOST_CHECK_EXCEPTION(action(), error, [&](const error& e) {
      BOOST_TEST(std::string(e.what()).find(part) != std::string::npos, e.what());
      return e.kind() == kind;
    });
  }

  fs::path directory;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(input_splits, input_fixture)

BOOST_AUTO_TEST_CASE(every_cut_of_a_file_gives_its_lines_once) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 30; ++round) {
    lines expected;
    std::string content;
    for (std::size_t i = random() % 12; i > 0; --i) {
      expected.push_back(std::string(random() % 6, static_cast<char>('a' + i)));
      content += expected.back() + (random() % 4 == 0 ? "\r\n" : "\n");
    }
    if (random() % 2 == 0) { // the last line may have no end
      expected.push_back("last");
      content += "last";
    }
    const std::string path = file("cut", content);
    for (std::uint64_t bytes = 1; bytes <= content.size() + 1; ++bytes)
      BOOST_TEST((read_all(path, bytes) == expected),
                 "round " << round << ", cut by " << bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_reader_says_where_it_stands_and_another_goes_on_there) {
  const std::string path = file("text", "one\ntwo\r\n\nfour\nfive");
  const lines expected{"one", "two", "", "four", "five"};
  for (std::size_t taken = 0; taken <= expected.size(); ++taken) {
    lines all;
    line_reader first(detail::split_input(path).front());
    std::string_view line;
    for (std::size_t i = 0; i < taken && first.next(line); ++i)
      all.emplace_back(line);
    const auto saved = detail::load_splits(detail::save_splits({first.left()}));
    for (const std::string& rest : read(saved.front()))
      all.push_back(rest);
    BOOST_TEST((all == expected), taken);
  }
}

BOOST_AUTO_TEST_CASE(a_line_may_be_longer_than_the_buffer) {
  const std::string huge(3'000'000, 'h');
  const std::string path = file("long", "a\n" + huge + "\nb\n");
  BOOST_TEST((read_all(path, 1 << 20) == lines{"a", huge, "b"}));
}

BOOST_AUTO_TEST_CASE(a_directory_is_its_files_in_the_order_of_their_names) {
  file("b", "2\n");
  file("a", "1\n");
  file(".hidden", "no\n");
  file("empty", "");
  fs::create_directory(directory / "below");
  BOOST_TEST((read_all(directory, 100) == lines{"1", "2"}));
}

BOOST_AUTO_TEST_CASE(every_split_has_one_subtask) {
  const std::string path = file("many", std::string(100, '\n'));
  const auto splits = detail::split_input(path, 7);
  std::size_t all = 0;
  for (std::uint32_t subtask = 0; subtask < 4; ++subtask)
    for (const input_split& split : detail::share_of(splits, subtask, 4)) {
      BOOST_TEST(split.next / 7 % 4 == subtask);
      all += read(split).size();
    }
  BOOST_TEST(all == 100U);
}

BOOST_AUTO_TEST_CASE(input_that_is_not_there_is_refused) {
  const std::string missing = directory / "missing";
  refused([&] { detail::split_input(missing); }, failure::usage, missing);
  fs::create_directory(directory / "nothing");
  refused([&] { detail::split_input(directory / "nothing"); }, failure::usage,
          "has no files");
}

BOOST_AUTO_TEST_CASE(what_has_been_read_may_be_gone_when_a_source_is_resumed) {
  const std::string path = file("read", "1\n2\n");
  std::size_t records = 0;
  const auto count = [&records](const std::string&) { ++records; };
  auto first = read_lines(path).open(0, 1);
  first.start({});
  BOOST_TEST((first.poll(count, 10, {}).what == poll_result::next::ended));
  const auto saved = first.position();
  fs::remove(path);
  auto second = read_lines(path).open(0, 1);
  second.start({&saved, false});
  BOOST_TEST((second.poll(count, 10, {}).what == poll_result::next::ended));
  BOOST_TEST(records == 2U);
}

BOOST_AUTO_TEST_CASE(input_that_shrinks_while_it_is_read_fails_the_job) {
  const input_split split = detail::split_input(file("less", "1\n2\n3\n")).front();
  file("less", "1\n");
  refused([&] { read(split); }, failure::job_failed, "ends at byte 2");
}

BOOST_AUTO_TEST_CASE(input_that_has_changed_is_not_resumed) {
  const std::string path = file("gone", "1\n2\n");
  const input_split saved = detail::split_input(path).front();
  BOOST_CHECK_NO_THROW(detail::check_resumable(saved));
  file("gone", "1\n");
  refused([&] { detail::check_resumable(saved); }, failure::restore_refused, "2 bytes");
  fs::remove(path);
  refused([&] { detail::check_resumable(saved); }, failure::restore_refused, path);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_input_splits
