#include "serialization/conversion_planner.hpp"

#include "serialization/check.hpp"
#include "serialization/schema_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace weir::detail {

namespace {

using action = conversion_step::action;

void pass(action what, const record_schema& type, conversion_steps& steps) {
  if (steps.empty() || steps.back().what != what)
    steps.push_back({.what = what});
  append_shape(steps.back().over, shape_of(type));
}

void insert_default(const record_schema& structure, std::size_t field,
                    conversion_steps& steps) {
  WEIR_CHECK(structure.defaults.size() == structure.children.size());
  if (steps.empty() || steps.back().what != action::insert)
    steps.push_back({.what = action::insert});
  const auto& bytes = structure.defaults[field];
  steps.back().bytes.insert(steps.back().bytes.end(), bytes.begin(), bytes.end());
}

/// A char is written as the number that it is.
schema_kind written_as(const record_schema& type) {
  return type.kind == schema_kind::character ? schema_kind::signed_number : type.kind;
}

bool is_integer(const record_schema& type) {
  return written_as(type) == schema_kind::signed_number ||
         type.kind == schema_kind::unsigned_number;
}

/// Whether its fields can be told apart by their names.
bool has_names(const record_schema& type) {
  return !type.names.empty() && type.names.size() == type.children.size() &&
         std::set<std::string_view>(type.names.begin(), type.names.end()).size() ==
             type.names.size();
}

std::string field_place(const record_schema& type, std::size_t field) {
  return has_names(type) ? fmt::format("field '{}'", name_text(type.names[field]))
                         : fmt::format("field {}", field + 1);
}

std::string change_of_types(const record_schema& written, const record_schema& declared) {
  return fmt::format("{} became {}", schema_text(written), schema_text(declared));
}

} // namespace

bool only_copies(const conversion_steps& steps) {
  return std::ranges::all_of(
      steps, [](const conversion_step& step) { return step.what == action::copy; });
}

void conversion_planner::refuse(const std::string& why) {
  if (!obstacle_.empty())
    return;
  for (auto place = place_.rbegin(); place != place_.rend(); ++place)
    obstacle_.append(obstacle_.empty() ? "" : " of ").append(*place);
  obstacle_.append(obstacle_.empty() ? "" : ": ").append(why);
}

void conversion_planner::refuse_types(const record_schema& written,
                                      const record_schema& declared) {
  refuse(change_of_types(written, declared));
}

bool conversion_planner::plan_part(std::string place, const record_schema& written,
                                   const record_schema& declared,
                                   conversion_steps& steps) {
  place_.push_back(std::move(place));
  plan(written, declared, steps);
  place_.pop_back();
  return obstacle_.empty();
}

void conversion_planner::plan(const record_schema& written, const record_schema& declared,
                              conversion_steps& steps) {
  using enum schema_kind;
  if (is_integer(written) && is_integer(declared))
    return plan_number(written, declared, steps);
  if (written.kind == structure && declared.kind == structure)
    return plan_structure(written, declared, steps);
  const bool time_changed = (written.kind == time || written.kind == duration) &&
                            description(written) != description(declared);
  if (written.kind != declared.kind || written.bytes != declared.bytes ||
      written.count != declared.count || time_changed)
    return refuse_types(written, declared);

  conversion_step each{.what = action::list};
  each.inside.resize(1);
  switch (written.kind) {
  case array:
    each.what = action::array;
    each.count = written.count;
    [[fallthrough]];
  case list:
    plan_part("the elements", written.children.at(0), declared.children.at(0),
              each.inside[0]);
    break;
  case map:
    plan_map(written, declared, each);
    break;
  case optional:
    each.what = action::optional;
    plan_part("the value", written.children.at(0), declared.children.at(0),
              each.inside[0]);
    break;
  case variant:
    plan_variant(written, declared, each);
    break;
  default:
    break;
  }
  if (std::ranges::all_of(each.inside, only_copies))
    return pass(action::copy, written, steps);
  if (each.what == action::list)
    each.least = size_min(shape_of(written).parts.front());
  steps.push_back(std::move(each));
}

void conversion_planner::plan_number(const record_schema& written,
                                     const record_schema& declared,
                                     conversion_steps& steps) {
  const bool is_signed = written_as(written) == schema_kind::signed_number;
  const bool stays_signed = written_as(declared) == schema_kind::signed_number;
  if (written.bytes == declared.bytes && is_signed == stays_signed)
    return pass(action::copy, written, steps);
  if (written.bytes >= declared.bytes || (is_signed && !stays_signed))
    return refuse_types(written, declared);
  steps.push_back({.what = is_signed ? action::sign_extend : action::zero_extend,
                   .from = written.bytes,
                   .to = declared.bytes});
}

void conversion_planner::plan_map(const record_schema& written,
                                  const record_schema& declared, conversion_step& each) {
  const record_schema& key = written.children.at(0);
  conversion_steps& steps = each.inside[0];
  if (!plan_part("the keys", key, declared.children.at(0), steps))
    return;
  if (!only_copies(steps)) {
    place_.push_back("the keys");
    refuse(change_of_types(key, declared.children.at(0)));
    place_.pop_back();
    return;
  }
  plan_part("the values", written.children.at(1), declared.children.at(1), steps);
}

void conversion_planner::plan_variant(const record_schema& written,
                                      const record_schema& declared,
                                      conversion_step& each) {
  each.what = action::variant;
  const std::size_t count = written.children.size();
  if (count > declared.children.size())
    return refuse(fmt::format("alternative {} ({}) is gone", declared.children.size() + 1,
                              schema_text(written.children[declared.children.size()])));
  each.inside.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    if (!plan_part(fmt::format("alternative {}", i + 1), written.children[i],
                   declared.children[i], each.inside[i]))
      return;
}

void conversion_planner::plan_structure(const record_schema& written,
                                        const record_schema& declared,
                                        conversion_steps& steps) {
  if (has_names(written) && has_names(declared))
    plan_by_name(written, declared, steps);
  else
    plan_by_position(written, declared, steps);
}

void conversion_planner::plan_by_name(const record_schema& written,
                                      const record_schema& declared,
                                      conversion_steps& steps) {
  std::size_t next = 0; // of those that were written
  std::size_t kept = 0;
  for (std::size_t i = 0; i < declared.children.size(); ++i) {
    const auto at = std::ranges::find(written.names, declared.names[i]);
    if (at == written.names.end())
      continue;
    const auto found = static_cast<std::size_t>(at - written.names.begin());
    if (i > kept)
      return refuse(fmt::format("{} is new and stands before {}; new fields stand behind "
                                "all others",
                                field_place(declared, kept), field_place(declared, i)));
    if (found < next)
      return refuse(fmt::format("{} was written before {}, and the order has changed",
                                field_place(declared, i), field_place(declared, i - 1)));
    for (; next < found; ++next)
      pass(action::skip, written.children[next], steps);
    if (!plan_part(field_place(declared, i), written.children[next], declared.children[i],
                   steps))
      return;
    ++next;
    ++kept;
  }
  if (kept == 0)
    return refuse("none of its fields was written under its name");
  for (; next < written.children.size(); ++next)
    pass(action::skip, written.children[next], steps);
  for (; kept < declared.children.size(); ++kept)
    insert_default(declared, kept, steps);
}

void conversion_planner::plan_by_position(const record_schema& written,
                                          const record_schema& declared,
                                          conversion_steps& steps) {
  const record_schema& named = has_names(declared) ? declared : written;
  const std::size_t kept = std::min(written.children.size(), declared.children.size());
  for (std::size_t i = 0; i < kept; ++i)
    if (!plan_part(field_place(named, i), written.children[i], declared.children[i],
                   steps))
      return;
  for (std::size_t i = kept; i < written.children.size(); ++i)
    pass(action::skip, written.children[i], steps);
  for (std::size_t i = kept; i < declared.children.size(); ++i)
    insert_default(declared, i, steps);
}

} // namespace weir::detail
