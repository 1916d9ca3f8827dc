#include "operators/io/write_csv.hpp"
#include "operators/io/write_json.hpp"
#include "operators/io/write_lines.hpp"
#include "operators/stream.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace weir::test::test_line_sinks {

namespace {

namespace fs = std::filesystem;

struct bill {
  std::string customer;
  double amount;
};

struct sink_fixture {
  sink_fixture() {
    std::string name = (fs::temp_directory_path() / "weir-sinks-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
  }
  ~sink_fixture() { fs::remove_all(directory); }

  std::string part(int subtask) const {
    std::ifstream in(directory / ("part-" + std::to_string(subtask)), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  auto csv(std::uint32_t subtask = 0) const {
    return write_csv(directory).open<bill>(subtask, 2);
  }

  fs::path directory;
};

/// No file may grow beyond `bytes`, which is how a full disk looks to a process.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{bytes, before_.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

private:
  rlimit before_{};
  void (*handler_)(int);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(line_sinks, sink_fixture)

BOOST_AUTO_TEST_CASE(each_file_of_csv_begins_with_the_names) {
  for (const std::uint32_t subtask : {0U, 1U}) {
    auto sink = csv(subtask);
    sink.start({});
    if (subtask == 0) {
      sink.write({"Smith, John", 1.5});
      sink.write({"the \"boss\"", 2});
    }
    sink.finish();
  }
  BOOST_TEST(part(0) == "customer,amount\n\"Smith, John\",1.5\n\"the \"\"boss\"\"\",2\n");
  BOOST_TEST(part(1) == "customer,amount\n"); // which had no records
}

BOOST_AUTO_TEST_CASE(a_file_that_goes_on_has_its_names_already) {
  for (const int before : {0, 1, 3}) {
    fs::remove_all(directory);
    auto first = csv();
    first.start({});
    for (int i = 0; i < before; ++i)
      first.write({"a", 1});
    const auto saved = first.snapshot();
    first.write({"lost", 0});
    first.flush();
    auto second = csv();
    second.start({&saved->bytes, true});
    second.write({"b", 2});
    second.finish();
    std::string expected = "customer,amount\n";
    for (int i = 0; i < before; ++i)
      expected += "a,1\n";
    BOOST_TEST(part(0) == expected + "b,2\n", before);
  }
}

BOOST_AUTO_TEST_CASE(files_of_a_run_with_more_subtasks_that_came_to_nothing_are_emptied) {
  auto first = csv();
  first.start({});
  first.write({"a", 1});
  const auto saved = first.snapshot();
  for (const std::uint32_t stray : {3U, 4U}) {
    auto died = csv(stray);
    died.start({nullptr, false, nullptr, stray, 5});
    died.write({"never", 0});
    died.finish();
  }
  // Of two subtasks the other one looks after part 3.
  auto second = csv();
  second.start({&saved->bytes, false, nullptr, 0, 2});
  second.write({"b", 2});
  const auto later = second.snapshot();
  BOOST_TEST(part(0) == "customer,amount\na,1\nb,2\n");
  BOOST_TEST(part(3) == "customer,amount\nnever,0\n");
  BOOST_TEST(part(4) == "");
  auto third = csv(); // which knows of it
  third.start({&later->bytes, false, nullptr, 0, 2});
  fs::remove(fs::path(directory) / "part-0");
  BOOST_CHECK_THROW(csv(0).start({nullptr, false, nullptr, 0, 1}), error); // afresh
}

BOOST_AUTO_TEST_CASE(csv_has_the_separator_that_it_is_given) {
  auto sink = write_csv(directory).separator('\t').open<bill>(0, 1);
  sink.start({});
  sink.write({"a,b\tc", 1});
  sink.finish();
  BOOST_TEST(part(0) == "customer\tamount\n\"a,b\tc\"\t1\n");
}

BOOST_AUTO_TEST_CASE(json_is_a_value_to_a_line) {
  auto sink = write_json(directory).open<bill>(0, 1);
  sink.start({});
  sink.write({"a\nb", 1.5});
  sink.finish();
  BOOST_TEST(part(0) == "{\"customer\":\"a\\nb\",\"amount\":1.5}\n");
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_full_is_named_with_its_file) {
  auto sink = write_lines(directory).open<std::string>(0, 1);
  sink.start({});
  const auto fill = [&] {
    const file_size_limit limit(100'000);
    for (int i = 0; i < 1000; ++i)
      sink.write(std::string(1000, 'x'));
  };
  BOOST_CHECK_EXCEPTION(fill(), error, [&](const error& e) {
    const std::string what = e.what();
    for (const std::string wanted : {"writing '", "/part-0': File too large; ", "room"})
      BOOST_TEST(what.find(wanted) != what.npos, what);
    return e.kind() == failure::job_failed;
  });
}

BOOST_AUTO_TEST_CASE(not_every_record_is_a_line_of_csv) {
  static_assert(sink_spec<write_csv, bill>);
  static_assert(!sink_spec<write_csv, std::vector<bill>>);
  static_assert(sink_spec<write_json, std::vector<bill>>);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_line_sinks
