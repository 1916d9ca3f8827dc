#include "runtime/yaml/yaml_document.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_yaml_document {

namespace {

using kind = yaml_node::kind;

yaml_node read(const std::string& text) {
  const yaml_document document = read_yaml(text);
  BOOST_TEST_REQUIRE(!document.problem.has_value(), document.problem->what);
  return document.root;
}

void refused(const std::string& text, int line, int column, const std::string& part) {
  const yaml_document document = read_yaml(text);
  BOOST_TEST_REQUIRE(document.problem.has_value(), text);
  BOOST_TEST(document.problem->line == line, text);
  BOOST_TEST(document.problem->column == column, text);
  BOOST_TEST(document.problem->what.find(part) != std::string::npos,
             document.problem->what);
}

/// Each level is twice the one below: 2^levels scalars.
std::string bomb(int levels) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < levels; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + below + ", " + below + "]\n";
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(yaml)

BOOST_AUTO_TEST_CASE(everything_has_its_line) {
  const yaml_node root = read("# first\na: 1\nb:\n  c: 'x: y'\n  d: [1, two]\ne:\n");
  BOOST_TEST_REQUIRE((root.what == kind::map && root.items.size() == 3U));
  const yaml_node& a = root.items[0];
  BOOST_TEST((a.what == kind::scalar && a.key == "a" && a.text == "1"));
  BOOST_TEST((a.key_line == 2 && a.line == 2 && a.column == 4));
  const yaml_node& b = root.items[1];
  BOOST_TEST_REQUIRE((b.what == kind::map && b.key == "b" && b.items.size() == 2U));
  BOOST_TEST((b.items[0].text == "x: y" && b.items[0].key_line == 4));
  BOOST_TEST_REQUIRE((b.items[1].what == kind::list && b.items[1].items.size() == 2U));
  BOOST_TEST(b.items[1].items[1].text == "two");
  BOOST_TEST((root.items[2].what == kind::nothing && root.items[2].key == "e"));
}

BOOST_AUTO_TEST_CASE(nothing_is_no_mistake) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n"})
    BOOST_TEST((read(text).what == kind::nothing), text);
}

BOOST_AUTO_TEST_CASE(a_key_may_be_there_twice) {
  BOOST_TEST(read("a: 1\na: 2\n").items.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_alias_is_what_it_stands_for_where_it_stands) {
  const yaml_node root = read("a: &x {b: 1}\nc: *x\nd: &y 7\ne: *y\n");
  BOOST_TEST_REQUIRE(root.items.size() == 4U);
  const yaml_node& c = root.items[1];
  BOOST_TEST_REQUIRE((c.key == "c" && c.items.size() == 1U));
  BOOST_TEST((c.items[0].key == "b" && c.items[0].text == "1" && c.key_line == 2));
  BOOST_TEST((root.items[3].text == "7" && root.items[3].key == "e"));
}

BOOST_AUTO_TEST_CASE(aliases_are_not_multiplied_without_end) {
  BOOST_TEST(read(bomb(10)).items.size() == 10U);
  const yaml_document document = read_yaml(bomb(60));
  BOOST_TEST_REQUIRE(document.problem.has_value());
  BOOST_TEST(document.problem->what.find("more than 10000 values") != std::string::npos);
  refused("a: &x [1, *x]\n", 1, 11, "inside of what it stands for");
  refused("a: *x\n", 1, 4, "anchor is not defined");
}

BOOST_AUTO_TEST_CASE(it_is_not_nested_without_end) {
  for (const char* each : {"[", "{a: ", "- ", "? "}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
      text += each;
    const yaml_document document = read_yaml(text);
    BOOST_TEST_REQUIRE(document.problem.has_value(), each);
  }
  BOOST_TEST(read_yaml(std::string(100'000, '[')).problem->what ==
             "it is nested too deeply");
}

BOOST_AUTO_TEST_CASE(what_is_no_yaml_says_where) {
  refused("a: 1\nb: [1, 2\n", 2, 1, "end of sequence flow not found");
  refused("a: b: c\n", 1, 5, "illegal map value");
  refused("a: \"open\n", 1, 9, "illegal EOF in scalar");
  refused("a: 'open\nb: 2\n\n", 2, 5, "illegal EOF in scalar");
  refused("a: 1\n---\nb: 2\n", 2, 1, "a second document");
  refused("  a: 1\nb: 2\n", 2, 1, "indented less");
  refused("{[a, b]: c}\n", 1, 2, "a key is one word");
  refused("? {x: 1}\n: 2\n", 1, 3, "a key is one word");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_yaml_document
