#include "apps/weir/inspect/difference_text.hpp"

#include "apps/weir/number_text.hpp"
#include "apps/weir/printable.hpp"
#include "serialization/value_json.hpp"

#include <fmt/format.h>

namespace weir::cli {

namespace {

std::string json_text(std::string_view text) {
  std::string quoted;
  append_any_text_json(quoted, text);
  return quoted;
}

/// "[a,b]" of what `make` makes of each.
template <class List, class Make>
std::string json_list(const List& list, Make make) {
  std::string all = "[";
  for (const auto& each : list)
    all.append(all.size() == 1 ? "" : ",").append(make(each));
  return all.append("]");
}

std::string side_json(const located_checkpoint& checkpoint) {
  const checkpoint_metadata& metadata = checkpoint.metadata;
  return fmt::format(R"({{"checkpoint":{},"directory":{},"job_id":{},"job_name":{},)"
                     R"("state_backend":{},"completed_at_ms":{}}})",
                     metadata.id.value, json_text(checkpoint.directory.string()),
                     json_text(metadata.job_id), json_text(metadata.job_name),
                     json_text(metadata.state_backend), metadata.completed_at_ms);
}

const char* change_of(bool before, bool after) {
  return !before ? "added" : !after ? "removed" : "changed";
}

std::string operator_json(const operator_difference& each) {
  const auto side = [](const operator_metadata* op) {
    return op == nullptr ? std::string("null")
                         : fmt::format(R"({{"parallelism":{},"max_parallelism":{}}})",
                                       op->parallelism, op->max_parallelism);
  };
  const auto& named = each.before != nullptr ? *each.before : *each.after;
  return fmt::format(
      R"({{"name":{},"change":"{}","before":{},"after":{},"states":{}}})",
      json_text(named.name), change_of(each.before != nullptr, each.after != nullptr),
      side(each.before), side(each.after), json_list(each.states, json_text));
}

std::string file_json(const file_difference& file) {
  return fmt::format(R"({{"name":{},"bytes":{}}})", json_text(file.name), file.bytes);
}

std::string position_json_of(const position_difference& each) {
  return fmt::format(R"({{"operator":{},"subtask":{},"before":{},"after":{}}})",
                     json_text(each.op), each.subtask, each.before.value_or("null"),
                     each.after.value_or("null"));
}

std::string side_text(const located_checkpoint& checkpoint) {
  return fmt::format(
      "{}: job {}, {}, state backend {}\n", printable(checkpoint.directory.string()),
      printable(checkpoint.metadata.job_id), printable(checkpoint.metadata.job_name),
      printable(checkpoint.metadata.state_backend));
}

std::string operator_line(const operator_difference& each) {
  if (each.before == nullptr)
    return fmt::format("+ operator '{}', parallelism {}\n", printable(each.after->name),
                       each.after->parallelism);
  if (each.after == nullptr)
    return fmt::format("- operator '{}', parallelism {}\n", printable(each.before->name),
                       each.before->parallelism);
  const operator_metadata& a = *each.before;
  const operator_metadata& b = *each.after;
  std::string text = fmt::format("~ operator '{}'", printable(a.name));
  if (a.parallelism != b.parallelism)
    text += fmt::format(", parallelism {} -> {}", a.parallelism, b.parallelism);
  if (a.max_parallelism != b.max_parallelism)
    text +=
        fmt::format(", max parallelism {} -> {}", a.max_parallelism, b.max_parallelism);
  for (const std::string& state : each.states)
    text += ", state " + printable(state);
  return text += '\n';
}

} // namespace

std::string text_of(const checkpoint_difference& difference,
                    const located_checkpoint& before, const located_checkpoint& after) {
  std::string text = "--- " + side_text(before) + "+++ " + side_text(after);
  for (const operator_difference& each : difference.operators)
    text += operator_line(each);
  for (const position_difference& each : difference.positions)
    text += fmt::format("~ position of '{}', task {}: {} -> {}\n", printable(each.op),
                        each.subtask, each.before.value_or("none"),
                        each.after.value_or("none"));
  const file_differences& files = difference.files;
  for (const file_difference& file : files.gone)
    text += fmt::format("- {}, {}\n", printable(file.name), byte_text(file.bytes));
  for (const file_difference& file : files.fresh)
    text += fmt::format("+ {}, {}\n", printable(file.name), byte_text(file.bytes));
  return text + fmt::format("{} files gone ({}), {} new ({}), {} in both ({})\n",
                            files.gone.size(), byte_text(files.gone_bytes),
                            files.fresh.size(), byte_text(files.fresh_bytes), files.kept,
                            byte_text(files.kept_bytes));
}

std::string json_of(const checkpoint_difference& difference,
                    const located_checkpoint& before, const located_checkpoint& after) {
  const file_differences& files = difference.files;
  return fmt::format(
      R"({{"before":{},"after":{},"operators":{},"positions":{},"files":{{"gone":{},)"
      R"("gone_bytes":{},"new":{},"new_bytes":{},"kept":{},"kept_bytes":{}}}}})"
      "\n",
      side_json(before), side_json(after), json_list(difference.operators, operator_json),
      json_list(difference.positions, position_json_of), json_list(files.gone, file_json),
      files.gone_bytes, json_list(files.fresh, file_json), files.fresh_bytes, files.kept,
      files.kept_bytes);
}

} // namespace weir::cli
