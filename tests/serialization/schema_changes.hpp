// Random types, random changes to them that a restore allows, and what becomes of a row
// under such a change: said a second time, by trees of rows.
#pragma once

#include "serialization/schema.hpp"
#include "tests/serialization/sample_records.hpp"

#include <algorithm>
#include <functional>

namespace weir::test {

/// A type that changed, and what becomes of its rows.
struct schema_change {
  record_schema declared;
  std::function<row(const row&)> converted;
};

class random_schemas {
public:
  explicit random_schemas(random_records& random) : random_(random) {}

  record_schema type(int depth = 3) {
    using enum schema_kind;
    if (depth == 0 || below(3) == 0)
      return scalar();
    const auto inside = [&] { return type(depth - 1); };
    switch (below(6)) {
    case 0:
      return {.kind = array, .count = 1 + below(3), .children = {inside()}};
    case 1:
      return {.kind = list, .children = {inside()}};
    case 2:
      return {.kind = map, .children = {scalar(), inside()}};
    case 3:
      return {.kind = optional, .children = {inside()}};
    case 4: {
      record_schema made{.kind = variant};
      for (auto left = 1 + below(3); left > 0; --left)
        made.children.push_back(below(4) == 0 ? record_schema{} : inside());
      return made;
    }
    default:
      return structure_of(1 + below(4), depth - 1);
    }
  }

  row value(const record_schema& of) {
    using enum schema_kind;
    row made;
    const auto add = [&](std::size_t count) {
      for (; count > 0; --count)
        for (const record_schema& child : of.children)
          made.children.push_back(value(child));
    };
    switch (of.kind) {
    case none:
      break;
    case boolean:
      made.scalar = below(2) == 1;
      break;
    case character:
      made.scalar = static_cast<char>(below(256));
      break;
    case signed_number:
    case duration:
    case time:
      made.scalar = signed_value(of.kind == signed_number ? of.bytes : 8);
      break;
    case unsigned_number:
      made.scalar = below(0) >> (64 - 8 * of.bytes);
      break;
    case real_number:
      made.scalar = static_cast<double>(below(1000)) / 8;
      break;
    case text:
      made.scalar = random_.text();
      break;
    case list:
    case map:
    case optional:
      add(below(of.kind == optional ? 2 : 4));
      break;
    case array:
      add(of.count);
      break;
    case structure:
      add(1);
      break;
    case variant:
      made.alternative = static_cast<std::uint8_t>(below(of.children.size()));
      made.children.push_back(value(of.children[made.alternative]));
    }
    return made;
  }

  schema_change change(const record_schema& written) {
    using enum schema_kind;
    switch (written.kind) {
    case signed_number:
    case unsigned_number:
      return widened(written);
    case structure:
      return restructured(written);
    case none:
    case boolean:
    case character:
    case real_number:
    case text:
    case duration:
    case time:
      return {written, [](const row& from) { return from; }};
    default:
      return changed_inside(written);
    }
  }

private:
  std::uint64_t below(std::uint64_t limit) { // 0: of all
    return limit == 0 ? random_.below(~std::uint64_t{0}) : random_.below(limit);
  }

  std::int64_t signed_value(std::uint8_t bytes) {
    return static_cast<std::int64_t>(below(0)) >> (64 - 8 * bytes);
  }

  record_schema scalar() {
    using enum schema_kind;
    const auto bytes = static_cast<std::uint8_t>(1U << below(4));
    switch (below(8)) {
    case 0:
      return {.kind = text};
    case 1:
      return {.kind = boolean, .bytes = 1};
    case 2:
      return {.kind = real_number, .bytes = 8};
    case 3:
      return {
          .kind = time, .unit = "ms", .children = {{.kind = signed_number, .bytes = 8}}};
    case 4:
    case 5:
      return {.kind = signed_number, .bytes = bytes};
    default:
      return {.kind = unsigned_number, .bytes = bytes};
    }
  }

  record_schema structure_of(std::size_t fields, int depth) {
    record_schema made{.kind = schema_kind::structure};
    const bool named = below(2) == 0;
    for (; fields > 0; --fields)
      add_field(made, named, type(depth));
    return made;
  }

  void add_field(record_schema& to, bool named, record_schema field) {
    if (named)
      to.names.push_back("f" + std::to_string(next_name_++));
    encode_row(field, value(field), to.defaults.emplace_back());
    to.children.push_back(std::move(field));
  }

  schema_change widened(const record_schema& written) {
    record_schema declared = written;
    while (declared.bytes < 8 && below(2) == 0)
      declared.bytes = static_cast<std::uint8_t>(declared.bytes * 2);
    const bool to_signed = written.kind == schema_kind::unsigned_number &&
                           declared.bytes > written.bytes && below(2) == 0;
    if (to_signed)
      declared.kind = schema_kind::signed_number;
    return {declared, [to_signed](const row& from) {
              row to = from;
              if (to_signed)
                to.scalar = static_cast<std::int64_t>(std::get<std::uint64_t>(to.scalar));
              return to;
            }};
  }

  schema_change changed_inside(const record_schema& written) {
    record_schema declared = written;
    std::vector<schema_change> inside;
    for (std::size_t i = 0; i < written.children.size(); ++i) {
      const bool key = written.kind == schema_kind::map && i == 0;
      inside.push_back(
          key ? schema_change{written.children[i], [](const row& from) { return from; }}
              : change(written.children[i]));
      declared.children[i] = inside[i].declared;
    }
    if (written.kind == schema_kind::variant && below(2) == 0)
      declared.children.push_back(scalar());
    return {declared, [kind = written.kind, inside](const row& from) {
              row to = from;
              for (std::size_t i = 0; i < to.children.size(); ++i) {
                const std::size_t child =
                    kind == schema_kind::variant ? from.alternative : i % inside.size();
                to.children[i] = inside[child].converted(from.children[i]);
              }
              return to;
            }};
  }

  schema_change restructured(const record_schema& written) {
    const bool named = !written.names.empty();
    const std::size_t count = written.children.size();
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < count; ++i)
      if (named ? below(3) > 0 : i == 0 || (kept.size() == i && below(3) > 0))
        kept.push_back(i);
    if (kept.empty())
      kept.push_back(below(count));
    record_schema declared{.kind = schema_kind::structure};
    std::vector<schema_change> fields;
    for (const std::size_t i : kept) {
      fields.push_back(change(written.children[i]));
      add_field(declared, named, fields.back().declared);
      if (named)
        declared.names.back() = written.names[i];
    }
    std::vector<row> added;
    // By position, a field that is added would take the place of one that was removed.
    for (auto left = named || kept.size() == count ? below(3) : 0; left > 0; --left) {
      add_field(declared, named, scalar());
      byte_reader in(declared.defaults.back());
      added.push_back(decode_row(declared.children.back(), in));
    }
    return {declared, [kept, fields, added](const row& from) {
              row to;
              for (std::size_t i = 0; i < kept.size(); ++i)
                to.children.push_back(fields[i].converted(from.children[kept[i]]));
              to.children.insert(to.children.end(), added.begin(), added.end());
              return to;
            }};
  }

  random_records& random_;
  std::uint64_t next_name_ = 0;
};

} // namespace weir::test
