// Each option of Flink's for checkpoints, recovery and restarts, by all of its names, on
// the command line and in a file, through `weir config check`.
#include "tests/end_to_end/flink_options.hpp"
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::testing::test_flink_options {

namespace {

using name_of = std::string (*)(const flink_option&);

std::string todays(const flink_option& option) {
  return option.name;
}
std::string older(const flink_option& option) {
  return option.older;
}

const name_of namings[] = {todays, older};

std::string text_of(const finished_process& process) {
  std::string text;
  for (const auto& line : process.lines)
    text += "\n  " + line;
  return text;
}

/// Lines that begin with `begin` and contain `part`.
std::ptrdiff_t lines_with(const finished_process& process, const std::string& begin,
                          const std::string& part) {
  return std::ranges::count_if(process.lines, [&](const std::string& line) {
    return line.starts_with(begin) && line.find(part) != line.npos;
  });
}

struct flink_workspace : workspace {
  finished_process check(const words& flags) const {
    return program(
        words{"/bin/sh", "-c", "exec \"$@\" 1>&2", "sh", WEIR_BINARY, "config", "check"} +
        flags);
  }
  void write_file(const std::vector<std::string>& lines) const {
    std::string text;
    for (const auto& line : lines)
      text += line + "\n";
    write_text(path() / "flink.yaml", text);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flink, flink_workspace)

BOOST_AUTO_TEST_CASE(what_works_and_what_is_off_is_accepted) {
  for (const name_of name : namings) {
    words defines;
    words lines;
    for (const auto& option : flink_options()) {
      if (name(option).empty() || option.accepted.empty())
        continue;
      defines = defines + words{"-D", name(option) + "=" + option.accepted};
      lines.push_back(name(option) + ": " + option.accepted);
    }
    BOOST_TEST(lines.size() > 15U);
    const auto by_flags = check(defines);
    BOOST_TEST(by_flags.end.code == 0, text_of(by_flags));
    write_file(lines);
    const auto by_file = check({"-c", "flink.yaml"});
    BOOST_TEST(by_file.end.code == 0, text_of(by_file));
    BOOST_TEST(lines_with(by_file, "warning: ", "") == 0, text_of(by_file));
  }
}

BOOST_AUTO_TEST_CASE(what_works_is_what_the_check_shows) {
  for (const name_of name : namings) {
    words lines;
    for (const auto& option : flink_options())
      if (!name(option).empty() && option.refused.empty())
        lines.push_back(name(option) + ": " + option.accepted);
    write_file(lines);
    const auto checked = check({"-c", "flink.yaml"});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string origin = "  flink.yaml:" + std::to_string(i + 1);
      BOOST_TEST(std::ranges::count_if(checked.lines,
                                       [&](const std::string& line) {
                                         return line.ends_with(origin);
                                       }) == 1,
                 lines[i] << " is not in" << text_of(checked));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_refused_says_why) {
  for (const name_of name : namings) {
    words defines;
    words lines;
    std::ptrdiff_t expected = 0;
    for (const auto& option : flink_options()) {
      if (name(option).empty() || option.refused.empty())
        continue;
      defines = defines + words{"-D", name(option) + "=" + option.refused};
      lines.push_back(name(option) + ": " + option.refused);
      ++expected;
    }
    const auto by_flags = check(defines);
    BOOST_TEST(by_flags.end.code == 2, text_of(by_flags));
    BOOST_TEST(lines_with(by_flags, "error: option ", " refuses: ") == expected,
               text_of(by_flags));
    write_file(lines);
    const auto by_file = check({"-c", "flink.yaml"});
    BOOST_TEST(by_file.end.code == 2, text_of(by_file));
    for (const auto& option : flink_options()) {
      if (name(option).empty() || option.refused.empty())
        continue;
      const std::string said =
          "option " + name(option) + " is '" + option.refused + "', ";
      const auto refused = std::ranges::find_if(
          by_flags.lines, [&](const auto& line) { return line.find(said) != line.npos; });
      BOOST_TEST_REQUIRE((refused != by_flags.lines.end()), said << text_of(by_flags));
      BOOST_TEST(refused->find(option.reason) != refused->npos, *refused);
      BOOST_TEST(lines_with(by_file, "error: flink.yaml:", said) ==
                     (option.of_clusters ? 0 : 1),
                 said << text_of(by_file));
      BOOST_TEST(lines_with(by_file, "warning: flink.yaml: ", name(option)) ==
                     (option.of_clusters ? 1 : 0),
                 name(option) << text_of(by_file));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_name_and_its_older_one_are_one_option) {
  for (const auto& option : flink_options()) {
    if (option.older.empty() || !option.refused.empty())
      continue;
    write_file({option.name + ": " + option.accepted, "# the same",
                option.older + ": " + option.accepted});
    refuses(2, {"config", "check", "-c", "flink.yaml"},
            {"flink.yaml:3: " + option.older, option.name + " in line 1"});
  }
}

BOOST_AUTO_TEST_CASE(a_job_that_is_run_refuses_what_the_check_refuses) {
  for (const auto& option : flink_options()) {
    if (option.refused.empty() || option.name.find("file-merging") == option.name.npos)
      continue;
    refuses(2, click_count({"-D", option.name + "=" + option.refused}), {option.reason});
    write_file({option.name + ": " + option.refused});
    refuses(2, click_count({"-c", "flink.yaml"}), {"flink.yaml:1: ", option.reason});
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_flink_options
