#include "runtime/yaml/yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

namespace weir {

namespace {

constexpr std::size_t nodes_max = 10'000;

std::size_t nodes_in(const yaml_node& node) {
  std::size_t nodes = 1;
  for (const yaml_node& item : node.items)
    nodes += nodes_in(item);
  return nodes;
}

/// Makes a tree of what the parser tells. The parser knows no other way to be stopped
/// than an exception of its own.
class tree_builder final : public YAML::EventHandler {
public:
  yaml_node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      stop(mark,
           "what begins here does not belong to what stands before it: it is a second "
           "document, or indented less");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, anchor, at(mark, yaml_node::kind::nothing));
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    yaml_node scalar = at(mark, yaml_node::kind::scalar);
    scalar.text = value;
    add(mark, anchor, std::move(scalar));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end())
      stop(mark, "this alias stands inside of what it stands for");
    nodes_ += nodes_in(found->second) - 1;
    yaml_node copy = found->second;
    copy.line = mark.line + 1;
    copy.column = mark.column + 1;
    add(mark, YAML::NullAnchor, std::move(copy));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({at(mark, yaml_node::kind::list), anchor, {}});
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back({at(mark, yaml_node::kind::map), anchor, {}});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

private:
  struct opened {
    yaml_node node;
    YAML::anchor_t anchor;
    std::optional<yaml_node> key; // a map's, when the next to come is its value
  };

  [[noreturn]] static void stop(const YAML::Mark& mark, const std::string& why) {
    throw YAML::ParserException(mark, why);
  }

  static yaml_node at(const YAML::Mark& mark, yaml_node::kind what) {
    yaml_node node;
    node.what = what;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void close() {
    opened closed = std::move(open_.back());
    open_.pop_back();
    YAML::Mark mark;
    mark.line = closed.node.line - 1;
    mark.column = closed.node.column - 1;
    add(mark, closed.anchor, std::move(closed.node));
  }

  void add(const YAML::Mark& mark, YAML::anchor_t anchor, yaml_node node) {
    if (++nodes_ > nodes_max)
      stop(mark, fmt::format("more than {} values; is this a configuration?", nodes_max));
    if (anchor != YAML::NullAnchor)
      anchored_.insert_or_assign(anchor, node);
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    opened& into = open_.back();
    const bool is_key = into.node.what == yaml_node::kind::map && !into.key;
    if (is_key && node.what != yaml_node::kind::scalar)
      stop(mark, "a key is one word, neither nothing nor a list nor a map");
    if (is_key) {
      into.key = std::move(node);
      return;
    }
    if (into.key) {
      node.key = std::move(into.key->text);
      node.key_line = into.key->line;
      into.key.reset();
    }
    into.node.items.push_back(std::move(node));
  }

  yaml_node root_;
  std::vector<opened> open_;
  std::map<YAML::anchor_t, yaml_node> anchored_; // those that are complete
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

} // namespace

yaml_document read_yaml(const std::string& text) {
  // The parser takes the end of the last line for that of an open quotation.
  std::istringstream in(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
  tree_builder tree;
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const YAML::Exception& mistake) {
    const bool somewhere = !mistake.mark.is_null();
    // So it calls what is nested more than 500 times; there is no file that it reads.
    const bool deep = mistake.msg == YAML::ErrorMsg::BAD_FILE;
    return {{},
            yaml_problem{somewhere ? mistake.mark.line + 1 : 1,
                         somewhere ? mistake.mark.column + 1 : 1,
                         deep ? "it is nested too deeply" : mistake.msg}};
  }
  return {tree.take_root(), {}};
}

} // namespace weir
