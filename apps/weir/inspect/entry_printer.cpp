#include "apps/weir/inspect/entry_printer.hpp"

#include "apps/weir/printable.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/text.hpp"
#include "state/row_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace weir::cli {

namespace {

using shape = state_type::shape;

constexpr std::size_t key_width = 20;
constexpr std::size_t time_width = 30;

/// Two spaces at least to the next column, which is at `width`.
void pad(std::string& out, std::size_t from, std::size_t width) {
  const std::size_t used = out.size() - from;
  out.append(used < width ? width - used + 2 : 2, ' ');
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  const std::size_t from = out.size();
  out.append(text);
  pad(out, from, width);
}

} // namespace

entry_printer::entry_printer(const state_in_checkpoint& state, output_mode mode)
    : type_(state.type), operator_name_(state.op->name), mode_(mode) {
  if (type_.of == shape::keyed || type_.of == shape::entries)
    key_text_ = schema_text(type_.key);
  common_ = "\"operator\":";
  append_any_text_json(common_, operator_name_);
  common_ += ",\"state\":";
  append_any_text_json(common_, type_.name);
  common_ += ",\"kind\":";
  append_any_text_json(common_, type_.kind);
}

void entry_printer::append_header(std::string& out) const {
  if (json())
    return;
  out += "operator '" + printable(operator_name_) + "', state '" + printable(type_.name) +
         "': " + printable(type_.kind) + " of " + printable(type_.value_text);
  if (!key_text_.empty())
    out += ", key " + printable(key_text_);
  out += '\n';
  if (type_.of != shape::keyed)
    append_padded(out, "TASK", 4);
  if (type_.of == shape::elements)
    append_padded(out, "INDEX", key_width);
  else if (type_.of != shape::whole)
    append_padded(out, "KEY", key_width);
  if (type_.stamped)
    append_padded(out, "EXPIRES", time_width);
  out += "VALUE\n";
}

std::int64_t entry_printer::expiry_of(const state_entries& entry) const {
  byte_reader in(entry.value());
  std::int64_t until = 0;
  std::memcpy(&until, in.take(sizeof until), sizeof until);
  return until;
}

void entry_printer::append_key(std::string& out, const state_entries& entry) const {
  byte_reader in(entry.key());
  append_value_json(out, type_.key, in, type_.key_encoding(),
                    json() ? value_style::plain : value_style::readable);
  if (!in.at_end())
    byte_reader::malformed("a key is longer than its type");
}

void entry_printer::append_value(std::string& out, const state_entries& entry) const {
  const std::size_t from = type_.stamped ? sizeof(std::int64_t) : 0;
  byte_reader in(entry.value().subspan(std::min(from, entry.value().size())));
  append_value_json(out, type_.value, in, value_encoding::record,
                    json() ? value_style::plain : value_style::readable);
  if (!in.at_end())
    byte_reader::malformed("a value is longer than its type");
}

/// What says which entry it is.
void entry_printer::append_place(std::string& out, const state_entries& entry) const {
  const auto index = [&] {
    const auto place = entry.place();
    std::uint32_t number = 0;
    for (const std::byte each : place.last(sizeof number))
      number = number << 8 | std::to_integer<std::uint32_t>(each);
    return number;
  };
  const std::size_t from = out.size();
  if (!json()) {
    if (type_.of != shape::keyed) {
      detail::append_number(out, entry.subtask());
      pad(out, from, 4);
    }
    const std::size_t column = out.size();
    if (type_.of == shape::elements)
      detail::append_number(out, index());
    else if (type_.of != shape::whole)
      append_key(out, entry);
    if (type_.of != shape::whole)
      pad(out, column, key_width);
    return;
  }
  if (type_.of == shape::keyed) {
    out += ",\"key_group\":";
    detail::append_number(out, group_of_row(entry.place()));
  } else {
    out += ",\"subtask\":";
    detail::append_number(out, entry.subtask());
  }
  if (type_.of == shape::elements) {
    out += ",\"index\":";
    detail::append_number(out, index());
  } else if (type_.of != shape::whole) {
    out += ",\"key\":";
    append_key(out, entry);
  }
}

/// `prefix`: of the names of the fields.
void entry_printer::append_value_fields(std::string& out, const state_entries& entry,
                                        const char* prefix) const {
  out += ",\"";
  out += prefix;
  out += "\":";
  append_value(out, entry);
  if (!type_.stamped)
    return;
  out += ",\"";
  if (std::strcmp(prefix, "value") != 0) {
    out += prefix;
    out += '_';
  }
  out += "expires_at_us\":";
  detail::append_number(out, expiry_of(entry));
}

void entry_printer::append(std::string& out, const state_entries& entry) const {
  if (json()) {
    out += '{';
    out += common_;
    append_place(out, entry);
    append_value_fields(out, entry, "value");
    out += "}\n";
    return;
  }
  append_place(out, entry);
  if (type_.stamped) {
    const std::size_t from = out.size();
    append_time_text(out, expiry_of(entry));
    pad(out, from, time_width);
  }
  append_value(out, entry);
  out += '\n';
}

bool entry_printer::same(const state_entries& before, const entry_printer& of_after,
                         const state_entries& after) const {
  if (type_.value_text == of_after.type_.value_text &&
      type_.stamped == of_after.type_.stamped)
    return std::ranges::equal(before.value(), after.value());
  // Types that have changed may still say the same.
  std::string a;
  std::string b;
  append_value_fields(a, before, "value");
  of_after.append_value_fields(b, after, "value");
  return a == b;
}

void entry_printer::append_change(std::string& out, const state_entries* before,
                                  const entry_printer& of_after,
                                  const state_entries* after) const {
  const entry_printer& named = before != nullptr ? *this : of_after;
  const state_entries& entry = before != nullptr ? *before : *after;
  if (json()) {
    out += before == nullptr  ? "{\"change\":\"added\","
           : after == nullptr ? "{\"change\":\"removed\","
                              : "{\"change\":\"changed\",";
    out += named.common_;
    named.append_place(out, entry);
    if (before != nullptr)
      append_value_fields(out, *before, "before");
    if (after != nullptr)
      of_after.append_value_fields(out, *after, "after");
    out += "}\n";
    return;
  }
  out += before == nullptr ? "+ " : after == nullptr ? "- " : "~ ";
  named.append_place(out, entry);
  const auto append_side = [&](const entry_printer& printer, const state_entries& side) {
    printer.append_value(out, side);
    if (printer.type_.stamped) {
      out += " until ";
      append_time_text(out, printer.expiry_of(side));
    }
  };
  if (before != nullptr)
    append_side(*this, *before);
  if (before != nullptr && after != nullptr)
    out += " -> ";
  if (after != nullptr)
    append_side(of_after, *after);
  out += '\n';
}

} // namespace weir::cli
