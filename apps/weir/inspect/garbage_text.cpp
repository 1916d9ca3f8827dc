#include "apps/weir/inspect/garbage_text.hpp"

#include "apps/weir/number_text.hpp"
#include "apps/weir/printable.hpp"
#include "serialization/value_json.hpp"

#include <fmt/format.h>

namespace weir::cli {

namespace {

std::string quoted_path(const std::filesystem::path& path) {
  std::string text;
  append_any_text_json(text, path.string());
  return text;
}

const char* meaning_of(garbage_kind kind) {
  switch (kind) {
  case garbage_kind::incomplete_checkpoint:
    return "incomplete checkpoint";
  case garbage_kind::unreferenced_file:
    return "file of no checkpoint";
  case garbage_kind::shared_file:
    return "shared by none";
  case garbage_kind::work:
    return "of a dead attempt";
  }
  return "";
}

} // namespace

std::string text_of(const garbage& each, bool removed) {
  return fmt::format("{}{:<22} {:>10}  {}\n", removed ? "removed " : "",
                     meaning_of(each.kind), byte_text(each.bytes),
                     printable(each.path.string()));
}

std::string json_of(const garbage& each, bool removed) {
  return fmt::format(R"({{"what":"{}","path":{},"bytes":{},"removed":{}}})"
                     "\n",
                     name_of(each.kind), quoted_path(each.path), each.bytes, removed);
}

std::string text_of_total(const job_garbage& all, bool removed) {
  std::string text;
  if (all.unreadable)
    text += fmt::format("shared files stay, because '{}' cannot be read\n",
                        printable(all.unreadable->string()));
  if (all.found.empty())
    return text + "no garbage\n";
  return text +
         fmt::format("{} in {} {}{}\n", byte_text(all.bytes), all.found.size(),
                     all.found.size() == 1 ? "place" : "places",
                     removed ? ", removed" : "; nothing was removed: --delete does that");
}

std::string json_of_total(const job_garbage& all, bool removed) {
  return fmt::format(R"({{"places":{},"bytes":{},"removed":{},"unreadable":{}}})"
                     "\n",
                     all.found.size(), all.bytes, removed,
                     all.unreadable ? quoted_path(*all.unreadable) : "null");
}

} // namespace weir::cli
