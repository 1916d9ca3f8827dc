#include "state/inspect/task_entries.hpp"

#include "serialization/error.hpp"
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/value_shape.hpp"
#include "state/full/row_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace weir {

namespace {

/// Reads without throwing, because what an operator saves may be anything.
class careful_reader {
public:
  explicit careful_reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::optional<std::uint32_t> number() {
    std::uint32_t value = 0;
    if (rest_.size() < sizeof value)
      return std::nullopt;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }
  std::optional<std::string_view> text() {
    const auto size = number();
    if (!size || *size > rest_.size())
      return std::nullopt;
    const std::string_view taken(reinterpret_cast<const char*>(rest_.data()), *size);
    rest_ = rest_.subspan(*size);
    return taken;
  }
  std::span<const std::byte> rest() const { return rest_; }

private:
  std::span<const std::byte> rest_;
};

std::optional<record_schema> schema_in(const std::optional<std::string_view>& text) {
  std::string refusal;
  return text ? try_parse_schema(*text, refusal) : std::nullopt;
}

std::optional<state_type::shape> shape_of_kind(std::string_view kind,
                                               const record_schema& type) {
  const bool list = kind == "list" || kind == "union_list";
  if (list && type.kind == schema_kind::list)
    return state_type::shape::elements;
  if (kind == "broadcast" && type.kind == schema_kind::map)
    return state_type::shape::entries;
  return std::nullopt;
}

std::vector<std::byte> copied(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// What task_states saves: a list of (name, kind, type, bytes); nothing if it is not
/// that.
std::optional<std::vector<saved_task_value>>
bound_values(std::span<const std::byte> saved, std::uint32_t subtask) {
  careful_reader in(saved);
  const auto count = in.number();
  if (!count || *count == 0)
    return std::nullopt;
  std::vector<saved_task_value> values;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto name = in.text();
    const auto kind = in.text();
    const auto type = in.text();
    const auto bytes = in.text();
    const auto schema = schema_in(type);
    const auto shape = schema && kind ? shape_of_kind(*kind, *schema) : std::nullopt;
    if (!name || !bytes || !shape)
      return std::nullopt;
    state_type described{.name = std::string(*name),
                         .kind = *kind == "list"         ? "task list"
                                 : *kind == "union_list" ? "union list"
                                                         : "broadcast",
                         .of = *shape};
    if (*shape == state_type::shape::entries)
      described.key = schema->children.at(0);
    described.value = schema->children.back();
    described.value_text = schema_text(described.value);
    values.push_back({std::move(described), subtask, copied(*bytes)});
  }
  return in.rest().empty() ? std::optional(std::move(values)) : std::nullopt;
}

/// What a process function with a struct task_state saves: its type and the value.
std::optional<saved_task_value> described_value(std::span<const std::byte> saved,
                                                std::uint32_t subtask) {
  careful_reader in(saved);
  auto schema = schema_in(in.text());
  if (!schema || in.rest().empty())
    return std::nullopt;
  saved_task_value value{.type = {.name = "task_state",
                                  .kind = "task",
                                  .of = state_type::shape::whole,
                                  .value = *std::move(schema)},
                         .subtask = subtask,
                         .bytes = {in.rest().begin(), in.rest().end()}};
  value.type.value_text = schema_text(value.type.value);
  return value;
}

struct task_entry {
  std::vector<std::byte> place;
  std::span<const std::byte> key;
  std::span<const std::byte> value;
  std::uint32_t subtask = 0;
};

void append_big_endian(std::uint32_t number, std::vector<std::byte>& out) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    out.push_back(static_cast<std::byte>(number >> shift));
}

/// The bytes of the next value of that shape.
std::span<const std::byte> taken(const value_shape& shape, byte_reader& in) {
  const auto before = in.rest();
  step_over(shape, in);
  return before.first(before.size() - in.rest().size());
}

class entries_of_tasks final : public state_entries {
public:
  explicit entries_of_tasks(const state_in_checkpoint& state)
      : values_(task_values_of(*state.checkpoint, *state.op)), type_(state.type) {
    for (const saved_task_value& saved : values_)
      if (saved.type.name == type_.name)
        add(saved);
    std::ranges::sort(entries_, [](const task_entry& a, const task_entry& b) {
      return compare_keys(a.place, b.place) < 0;
    });
  }

  bool valid() const override { return at_ < entries_.size(); }
  std::span<const std::byte> place() const override { return entries_[at_].place; }
  std::span<const std::byte> key() const override { return entries_[at_].key; }
  std::span<const std::byte> value() const override { return entries_[at_].value; }
  std::uint32_t subtask() const override { return entries_[at_].subtask; }
  void next() override { ++at_; }

private:
  void add(const saved_task_value& saved) {
    if (saved.type.kind != type_.kind || saved.type.value_text != type_.value_text)
      throw error(failure::restore_refused,
                  fmt::format("the tasks of an operator have saved '{}' in different "
                              "types; the checkpoint is damaged",
                              type_.name));
    if (type_.of == state_type::shape::whole) {
      add(saved.subtask, {}, {}, saved.bytes);
      return;
    }
    byte_reader in(saved.bytes);
    const bool is_map = type_.of == state_type::shape::entries;
    const value_shape of_key = is_map ? shape_of(type_.key) : value_shape();
    const value_shape of_value = shape_of(type_.value);
    const std::size_t count = in.take_count(1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto key = is_map ? taken(of_key, in) : std::span<const std::byte>();
      const auto value = taken(of_value, in);
      std::vector<std::byte> place;
      if (is_map)
        place = sorted_as(key);
      else
        append_big_endian(static_cast<std::uint32_t>(i), place);
      add(saved.subtask, place, key, value);
    }
    if (!in.at_end())
      byte_reader::malformed("a state of a task is longer than its type");
  }

  void add(std::uint32_t subtask, std::span<const std::byte> within,
           std::span<const std::byte> key, std::span<const std::byte> value) {
    task_entry& entry = entries_.emplace_back();
    append_big_endian(subtask, entry.place);
    entry.place.insert(entry.place.end(), within.begin(), within.end());
    entry.key = key;
    entry.value = value;
    entry.subtask = subtask;
  }

  /// In the order of the keys; of keys that have no such bytes, in some order.
  std::vector<std::byte> sorted_as(std::span<const std::byte> key) const {
    if (!can_be_key(type_.key))
      return {key.begin(), key.end()};
    byte_reader in(key);
    std::string ordered;
    encode_ordered(type_.key, decode_row(type_.key, in), ordered);
    return copied(ordered);
  }

  std::vector<saved_task_value> values_;
  state_type type_;
  std::vector<task_entry> entries_;
  std::size_t at_ = 0;
};

} // namespace

std::vector<saved_task_value> task_values_of(const located_checkpoint& checkpoint,
                                             const operator_metadata& op) {
  std::vector<saved_task_value> all;
  for (const subtask_metadata& subtask : op.subtasks) {
    if (!subtask.operator_state)
      continue;
    const auto saved = read_checkpoint_file(checkpoint.data, *subtask.operator_state);
    if (auto values = bound_values(saved, subtask.index))
      std::ranges::move(*values, std::back_inserter(all));
    else if (auto value = described_value(saved, subtask.index))
      all.push_back(*std::move(value));
  }
  return all;
}

std::unique_ptr<state_entries> open_task_entries(const state_in_checkpoint& state) {
  return std::make_unique<entries_of_tasks>(state);
}

} // namespace weir
