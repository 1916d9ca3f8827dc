#include "runtime/config_seatunnel.hpp"

#include "runtime/config_values.hpp"
#include "serialization/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace weir {

namespace {

const char* const block_name = "seatunnel.engine.checkpoint.";
const char* const plugin = "storage.plugin-config.";

/// By what stands behind the name of the block.
using block_entries = std::map<std::string, config_entry>;

/// What means the same here.
const std::vector<std::pair<std::string, std::string>>& same_meaning() {
  static const std::vector<std::pair<std::string, std::string>> options = {
      {"interval", "execution.checkpointing.interval"},
      {"timeout", "execution.checkpointing.timeout"},
      {"min-pause", "execution.checkpointing.min-pause"},
      {"max-concurrent", "execution.checkpointing.max-concurrent-checkpoints"},
      {"tolerable-failure", "execution.checkpointing.tolerable-failed-checkpoints"},
      {"storage.max-retained", "execution.checkpointing.num-retained"}};
  return options;
}

class block_translator {
public:
  block_translator(block_entries block, translated_entries& into)
      : block_(std::move(block)), into_(into) {}

  void translate() {
    std::optional<int> storage_line;
    for (const auto& [key, entry] : block_)
      if (key.starts_with("storage."))
        storage_line = std::min(entry.line, storage_line.value_or(entry.line));
    for (const auto& [key, option] : same_meaning())
      if (auto found = take(key))
        add(*found, option, found->value);
    if (auto found = take("schema-change-timeout"))
      into_.unused.push_back(found->name);
    if (storage_line)
      translate_storage(*storage_line);
    for (const auto& [key, entry] : block_)
      if (key.starts_with(plugin))
        drop(entry);
      else
        refuse_unknown(key, entry);
  }

private:
  std::optional<config_entry> take(const std::string& key) {
    auto found = block_.extract(key);
    return found ? std::optional(std::move(found.mapped())) : std::nullopt;
  }

  void add(const config_entry& from, const std::string& option,
           std::optional<std::string> value) {
    config_entry entry = from;
    entry.written = from.name;
    entry.name = option;
    entry.value = std::move(value);
    into_.entries.push_back(std::move(entry));
  }

  /// A storage may be told anything; one that keeps files on this machine needs no more.
  /// What begins with slashes was meant as a comment.
  void drop(const config_entry& entry) {
    if (entry.name.find(".//") == entry.name.npos)
      into_.unused.push_back(entry.name);
  }

  void refuse(const config_entry& entry, const std::string& why) {
    into_.problems.push_back({entry.line, fmt::format("{} is '{}': {}", entry.name,
                                                      entry.value.value_or(""), why)});
  }

  void refuse_unknown(const std::string& key, const config_entry& entry) {
    const auto nearest =
        nearest_to(key, same_meaning(), [](const auto& each) { return each.first; });
    into_.problems.push_back(
        {entry.line, fmt::format("unknown option '{}'; did you mean '{}{}'?", entry.name,
                                 block_name, nearest->first)});
  }

  /// Whether the files lie on this machine.
  bool is_local(const std::string& type, const std::optional<config_entry>& kind,
                const std::optional<config_entry>& root) {
    const std::string place = kind ? kind->value.value_or("local") : "local";
    const char* const instead =
        "checkpoints of weir lie on file systems of this machine; mount the storage and "
        "write 'storage.type: local', with a namespace below the mount";
    if (type != "hdfs")
      return true;
    if (!values::same_word(place, "local") && !values::same_word(place, "hdfs")) {
      refuse(*kind, instead);
      return false;
    }
    if (root && !root->value.value_or("").starts_with("file:")) {
      refuse(*root, instead);
      return false;
    }
    if (!root && values::same_word(place, "hdfs")) {
      refuse(*kind, "that needs fs.defaultFS; for files of this machine write "
                    "'fs.defaultFS: file:///'");
      return false;
    }
    return true;
  }

  void translate_storage(int line) {
    const auto type = take("storage.type");
    const std::string name = type ? type->value.value_or("localfile") : "localfile";
    const auto kind = take(std::string(plugin) + "storage.type");
    const auto root = take(std::string(plugin) + "fs.defaultFS");
    const auto space = take(std::string(plugin) + "namespace");
    if (name != "hdfs" && name != "localfile") {
      refuse(*type, "weir has no such storage; it takes hdfs, for files of this machine");
      forget_plugin();
      return;
    }
    if (!is_local(name, kind, root)) {
      forget_plugin();
      return;
    }
    if (name == "localfile")
      into_.warnings.push_back(
          {line, "SeaTunnel has deprecated storage type localfile, its default; write "
                 "'type: hdfs' and 'storage.type: local'"});
    const bool says_nothing = !space && !kind && !root;
    const std::string fallback = name == "localfile" && says_nothing
                                     ? "/tmp/seatunnel/checkpoint/"
                                     : "/seatunnel/checkpoint/";
    config_entry where;
    where.name = std::string(block_name) + plugin + "namespace";
    where.line = space ? space->line : line;
    add(where, "execution.checkpointing.dir",
        space ? space->value.value_or(fallback) : fallback);
  }

  /// One refusal is enough.
  void forget_plugin() {
    std::erase_if(block_, [](const block_entries::value_type& each) {
      return each.first.starts_with(plugin);
    });
  }

  block_entries block_;
  translated_entries& into_;
};

} // namespace

translated_entries translate_seatunnel(std::vector<config_entry> entries) {
  translated_entries result;
  block_entries of_block;
  for (config_entry& entry : entries)
    if (entry.name.starts_with(block_name))
      of_block.emplace(entry.name.substr(std::string_view(block_name).size()), entry);
    else if (entry.name.starts_with("seatunnel."))
      result.unused.push_back(entry.name);
    else
      result.entries.push_back(std::move(entry));
  block_translator(std::move(of_block), result).translate();
  return result;
}

} // namespace weir
