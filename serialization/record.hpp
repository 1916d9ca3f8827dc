// Which types are records: what jobs may send, keep and print. A record is a number, an
// enum, text, a duration or a time; a std::array, vector, map, unordered_map, optional,
// variant, pair or tuple of records; or a plain struct of records, nested to any depth.
// A type that is none gets one readable compile error from check_record, which names the
// field.
#pragma once

#include "serialization/field_names.hpp"
#include "serialization/holds_text.hpp"
#include "serialization/record_kind.hpp"

#include <algorithm>
#include <string_view>

namespace weir {

namespace detail {

struct record_problem {
  std::string_view what = {};  // empty: there is none
  std::string_view owner = {}; // the struct whose field it is; empty: the type itself
  std::size_t field = 0;       // from 1
  std::string_view name = {};  // of the field, where it is known
};

constexpr record_problem no_problem;

template <class T>
constexpr bool is_view = false;
template <class C, class Traits>
constexpr bool is_view<std::basic_string_view<C, Traits>> = true;

template <class T>
constexpr std::string_view why_no_record() {
  if constexpr (std::is_reference_v<T>)
    return "it is a reference; store the value";
  else if constexpr (std::is_const_v<T> || std::is_volatile_v<T>)
    return "it is const or volatile, so it cannot be read back";
  else if constexpr (std::is_pointer_v<T> || std::is_null_pointer_v<T>)
    return "it is a pointer; store what it points to";
  else if constexpr (std::is_array_v<T>)
    return "it is a C array; use std::array";
  else if constexpr (is_view<T>)
    return "it is a std::string_view, whose text lives elsewhere; use std::string or "
           "weir::text";
  else if constexpr (is_std_array<T>::value)
    return "it is a std::array without elements";
  else if constexpr (std::is_union_v<T>)
    return "it is a union; use std::variant";
  else if constexpr (std::is_empty_v<T> && std::is_aggregate_v<T>)
    return "it is a struct without fields";
  else
    return "it is neither a plain struct (all fields public, no constructors) nor one of "
           "the types that weir encodes";
}

/// Of T that stands within structs `Outer`; of T as a key if `Key`.
template <class T, bool Key, class... Outer>
constexpr record_problem find_problem();

template <class T>
constexpr std::string_view known_field_name(std::size_t i) {
  if constexpr (has_field_names<T>)
    return field_names<T>()[i];
  else
    return {};
}

template <class T, std::size_t I, bool Key, class... Outer>
constexpr record_problem problem_in_field() {
  constexpr record_problem found = find_problem<field_type<T, I>, Key, Outer..., T>();
  if constexpr (found.what.empty() || !found.owner.empty() || is_tuple<T>)
    return found;
  else
    return {found.what, type_name<T>(), I + 1, known_field_name<T>(I)};
}

template <class T, bool Key, class... Outer>
constexpr record_problem problem_in_fields() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    record_problem found;
    (void)((found = problem_in_field<T, I, Key, Outer...>(), !found.what.empty()) || ...);
    return found;
  }
  (field_numbers<T>);
}

template <class T, bool Key, class... Outer>
constexpr record_problem problem_in_struct() {
  if constexpr ((std::is_same_v<T, Outer> || ...))
    return {.what = "it contains itself"};
  else if constexpr (has_base<T>)
    return {.what = "it has a base class; make that a field"};
  else if constexpr (fewest_values<T>() > 0)
    return {.what = "it is a reference, or const, or has no default value",
            .owner = type_name<T>(),
            .field = fewest_values<T>()};
  else if constexpr (most_values<T>() > fields_max)
    return {.what = "it has more than 100 fields"};
  else
    return problem_in_fields<T, Key, Outer...>();
}

/// Of the types inside a collection; the first problem counts.
template <bool Key, class... Outer>
struct inside {
  template <class... T>
  static constexpr record_problem problem(const std::variant<T...>*) {
    record_problem found;
    if constexpr (sizeof...(T) > 255)
      return {.what = "it has more than 255 alternatives"};
    const auto look = [&]<class A>(const A*) {
      if constexpr (!std::is_same_v<A, std::monostate>)
        found = find_problem<A, Key, Outer...>();
      return !found.what.empty();
    };
    (void)(look(static_cast<const T*>(nullptr)) || ...);
    return found;
  }
  template <class T>
  static constexpr record_problem problem(const std::optional<T>*) {
    return find_problem<T, Key, Outer...>();
  }
  template <class T>
  static constexpr record_problem problem(const std::vector<T>*) {
    return find_problem<T, Key, Outer...>();
  }
  template <class T, std::size_t N>
  static constexpr record_problem problem(const std::array<T, N>*) {
    return find_problem<T, Key, Outer...>();
  }
  template <class Map>
  static constexpr record_problem problem(const Map*) {
    if constexpr (Key)
      return {.what = "it is a map, and maps make no keys"};
    if constexpr (holds_text<typename Map::key_type>)
      return {.what = "it is a map whose keys hold weir::text; use std::string there"};
    const auto of_key = find_problem<typename Map::key_type, true, Outer...>();
    return of_key.what.empty()
               ? find_problem<typename Map::mapped_type, false, Outer...>()
               : of_key;
  }
};

template <class T, bool Key, class... Outer>
constexpr record_problem find_problem() {
  if constexpr (of_kind<T, record_kind::none, record_kind::unit>)
    return {.what = why_no_record<T>()};
  else if constexpr (of_kind<T, record_kind::string>)
    return no_problem;
  else if constexpr (of_kind<T, record_kind::scalar>)
    return {.what = Key && std::is_floating_point_v<T>
                        ? "it is a floating-point number in a key"
                        : ""};
  else if constexpr (of_kind<T, record_kind::duration, record_kind::time>)
    return {.what = std::is_integral_v<typename T::rep>
                        ? ""
                        : "it counts time in something else than whole numbers"};
  else if constexpr (of_kind<T, record_kind::tuple>)
    return problem_in_fields<T, Key, Outer...>();
  else if constexpr (of_kind<T, record_kind::aggregate>)
    return problem_in_struct<T, Key, Outer...>();
  else
    return inside<Key, Outer...>::problem(static_cast<const T*>(nullptr));
}

/// A sentence that can be a template argument, which is where g++ prints it (clang 14
/// prints the codes of its characters).
template <std::size_t N>
struct sentence {
  char text[N]{};
};

struct sentence_draft {
  char text[400]{};
  std::size_t size = 0;

  constexpr void add(std::string_view part) {
    for (const char c : part.substr(0, std::min(part.size(), sizeof text - 1 - size)))
      text[size++] = c;
  }
};

template <class T, bool Key>
constexpr sentence_draft draft_refusal() {
  constexpr record_problem found = find_problem<T, Key>();
  sentence_draft draft;
  draft.add("weir: ");
  if constexpr (found.field > 0) {
    constexpr char digits[] = {static_cast<char>('0' + found.field / 10),
                               static_cast<char>('0' + found.field % 10)};
    draft.add("field ");
    draft.add(std::string_view(digits, 2).substr(found.field < 10 ? 1 : 0));
    if constexpr (!found.name.empty()) {
      draft.add(" (");
      draft.add(found.name);
      draft.add(")");
    }
    draft.add(" of ");
  }
  draft.add(found.owner.empty() ? type_name<T>() : found.owner);
  draft.add(Key ? " cannot be a key: " : " cannot be encoded: ");
  draft.add(found.what);
  return draft;
}

template <class T, bool Key>
constexpr auto refusal() {
  constexpr sentence_draft draft = draft_refusal<T, Key>();
  sentence<draft.size + 1> out;
  std::copy_n(draft.text, draft.size, out.text);
  return out;
}

template <sentence Reason>
constexpr bool refused() {
  static_assert(sizeof(Reason) == 0, "weir: the type is refused; the reason is above");
  return true; // what asked has no second error to add
}

} // namespace detail

template <class T>
concept record = detail::find_problem<T, false>()
.what.empty();

/// A record that may be a key: without floating-point numbers and maps.
template <class T>
concept record_key = detail::find_problem<T, true>()
.what.empty();

/// For static_assert: true, or an error that says which field is the obstacle and why.
template <class T>
constexpr bool check_record() {
  if constexpr (record<T>)
    return true;
  else
    return detail::refused<detail::refusal<T, false>()>();
}

template <class T>
constexpr bool check_key() {
  if constexpr (record_key<T>)
    return true;
  else
    return detail::refused<detail::refusal<T, true>()>();
}

} // namespace weir
