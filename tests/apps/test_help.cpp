// Pages of the manual and completions, made of the command line as it is.
#include "apps/weir/command_line.hpp"
#include "apps/weir/help/completion.hpp"
#include "apps/weir/help/man_page.hpp"
#include "runtime/config.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace weir::cli::test::test_help {

namespace {

const command_tree& tree() {
  static const command_tree all = [] {
    const char* const line[] = {"weir", "man"};
    return parse_weir(2, line).help.value().tree;
  }();
  return all;
}

const command_entry& command(const std::string& line) {
  const command_entry* found = nullptr;
  for_each_command(tree().top, [&](const command_entry& each) {
    if (line_of(each) == line)
      found = &each;
  });
  BOOST_TEST_REQUIRE(found != nullptr, line);
  return *found;
}

const option_entry& option(const command_entry& of, const std::string& name) {
  const auto found = std::ranges::find_if(of.options, [&](const option_entry& each) {
    return std::ranges::count(each.names, name) > 0;
  });
  BOOST_TEST_REQUIRE((found != of.options.end()), name);
  return *found;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

/// As a page has it: every dash is one that can be copied.
std::string in_roff(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != text.npos; at += 2)
    text.replace(at, 1, "\\-");
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(help)

BOOST_AUTO_TEST_CASE(the_tree_has_what_can_be_written) {
  const command_entry& run = command("weir run");
  BOOST_TEST(
      run.summary.starts_with("Run a job, from its beginning or from a checkpoint"));
  BOOST_TEST_REQUIRE(!run.forms.empty());
  BOOST_TEST(run.forms.front().starts_with("weir run "));
  BOOST_TEST(run.exit_codes.front() == "0 finished");
  BOOST_TEST((option(run, "-s").names == std::vector<std::string>{"-s", "--from"}));
  BOOST_TEST((option(run, "--from").value->kind == value_kind::path));
  BOOST_TEST(!option(run, "--dry-run").value);
  BOOST_TEST((option(run, "-D").value->kind == value_kind::configuration));
  BOOST_TEST((run.arguments.at(0).value.kind == value_kind::job_library));
  BOOST_TEST(
      (command("weir cancel").arguments.at(0).value.kind == value_kind::running_job));
  BOOST_TEST(command("weir checkpoint rm").arguments.at(0).repeats);
  BOOST_TEST(!command("weir checkpoint show").arguments.at(0).repeats);
  BOOST_TEST(command("weir savepoint").forms.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_hidden_is_in_no_page) {
  for_each_command(tree().top, [](const command_entry& each) {
    BOOST_TEST(each.name() != "help-files");
  });
}

BOOST_AUTO_TEST_CASE(the_words_of_claim_mode_are_those_of_its_option) {
  auto words = option(command("weir run"), "--claim-mode").value->choices;
  auto of_option = find_option("execution.state-recovery.claim-mode")->choices;
  std::ranges::sort(words);
  std::ranges::sort(of_option);
  BOOST_TEST((words == of_option));
}

BOOST_AUTO_TEST_CASE(every_choice_of_an_option_is_accepted) {
  int tried = 0;
  for (const config_option& each : config_options())
    for (const std::string& choice : each.choices) {
      run_config config;
      BOOST_CHECK_NO_THROW(set_option(config, each.name, choice));
      ++tried;
    }
  BOOST_TEST(tried > 20);
  for (const config_option& each : config_options())
    BOOST_TEST((each.type != "boolean" || each.choices.size() == 2), each.name);
}

BOOST_AUTO_TEST_CASE(a_page_has_all_that_its_command_takes) {
  for (const command_entry& page_of : tree().top.commands) {
    const std::string page = man_page(tree(), page_of, "2026-11-23");
    BOOST_TEST(page.starts_with(".TH WEIR\\-"));
    for_each_command(page_of, [&](const command_entry& each) {
      for (const option_entry& of : each.options)
        for (const std::string& name : of.names)
          BOOST_TEST(has(page, "\\fB" + in_roff(name) + "\\fR"), line_of(each) << name);
      for (const argument_entry& argument : each.arguments)
        BOOST_TEST(has(page, "\\fI" + argument.value.name + "\\fR"), line_of(each));
      BOOST_TEST(!each.forms.empty(), line_of(each) << " does not say how it is written");
    });
    BOOST_TEST(!page_of.exit_codes.empty() == has(page, ".SH EXIT STATUS\n"));
  }
  const std::string run = man_page(tree(), command("weir run"), "2026-11-23");
  for (const config_option& each : config_options())
    BOOST_TEST(has(run, "\\fB" + in_roff(each.name) + "\\fR"), each.name);
  BOOST_TEST(has(run, ".TP\n\\fB130 or 143\\fR\ncancelled by SIGINT"));
}

BOOST_AUTO_TEST_CASE(text_of_a_page_is_no_request) {
  command_tree some;
  some.version = "1";
  some.top.words = {"weir"};
  some.top.summary = "a";
  some.top.notes = {".so /etc/passwd", "'quoted' \\fBbold ~ ^ `", "a\nb"};
  const std::string page = man_page(some, some.top, "2026-11-23");
  BOOST_TEST(has(page, "\n\\&.so /etc/passwd.\n"));
  BOOST_TEST(has(page, "\n\\(aqquoted\\(aq \\efBbold \\(ti \\(ha \\(ga.\n"));
  BOOST_TEST(has(page, "\na b.\n"));
}

BOOST_AUTO_TEST_CASE(completions_have_every_command_and_option) {
  const std::string all[] = {bash_completion(tree()), zsh_completion(tree()),
                             fish_completion(tree())};
  for_each_command(tree().top, [&](const command_entry& each) {
    for (const std::string& text : all) {
      BOOST_TEST(has(text, each.name()), line_of(each));
      for (const option_entry& of : each.options)
        for (const std::string& name : of.names)
          BOOST_TEST(has(text, name.substr(name.find_first_not_of('-'))), name);
    }
  });
  for (const config_option& each : config_options())
    for (const std::string& text : all)
      BOOST_TEST(has(text, each.name), each.name);
}

BOOST_AUTO_TEST_CASE(a_summary_is_brief_behind_a_name) {
  BOOST_TEST(completion::brief("Look at options.") == "Look at options");
  BOOST_TEST(completion::brief("Whose it is: claim or not") == "Whose it is");
  BOOST_TEST(completion::brief("Where it lies (see below)") == "Where it lies");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::cli::test::test_help
