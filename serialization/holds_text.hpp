// Which records hold weir::text, and where. What passes records on copies those texts,
// and nothing is to be done for all other records.
#pragma once

#include "serialization/record_kind.hpp"
#include "serialization/text_arena.hpp"

namespace weir {

namespace detail {

template <class T, class... Outer>
constexpr bool mentions_text();

template <class T, class... Outer>
constexpr bool text_in_fields() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (mentions_text<field_type<T, I>, Outer..., T>() || ...);
  }
  (field_numbers<T>);
}

/// Of the types that a template is made of.
template <class... Outer>
struct within {
  template <class... T>
  static constexpr bool mentions(const std::variant<T...>*) {
    return (mentions_text<T, Outer...>() || ...);
  }
  template <class T>
  static constexpr bool mentions(const std::optional<T>*) {
    return mentions_text<T, Outer...>();
  }
  template <class T>
  static constexpr bool mentions(const std::vector<T>*) {
    return mentions_text<T, Outer...>();
  }
  template <class T, std::size_t N>
  static constexpr bool mentions(const std::array<T, N>*) {
    return mentions_text<T, Outer...>();
  }
  /// A map; and of what is no record, a std::set<text> is known to hold it.
  template <template <class...> class Template, class... T>
  static constexpr bool mentions(const Template<T...>*) {
    if constexpr (of_kind<Template<T...>, record_kind::map>)
      return (mentions_text<T, Outer...>() || ...);
    else
      return (std::is_same_v<T, text> || ...);
  }
  static constexpr bool mentions(...) { return false; }
};

/// Of T that stands within structs `Outer`. It need not be a record.
template <class T, class... Outer>
constexpr bool mentions_text() {
  if constexpr (std::is_same_v<T, text>)
    return true;
  else if constexpr (std::is_array_v<T>)
    return mentions_text<std::remove_extent_t<T>, Outer...>();
  else if constexpr ((std::is_same_v<T, Outer> || ...) || !std::is_class_v<T>)
    return false;
  else if constexpr (!walkable_aggregate<T> && !is_tuple<T>)
    return within<Outer...>::mentions(static_cast<const T*>(nullptr));
  else if constexpr (is_tuple<T>)
    return text_in_fields<T, Outer...>();
  else if constexpr (has_base<T> || fewest_values<T>() > 0 ||
                     most_values<T>() > fields_max)
    return false;
  else
    return text_in_fields<T, Outer...>();
}

} // namespace detail

/// Whether a T can hold weir::text.
template <class T>
constexpr bool holds_text = detail::mentions_text<T>();

/// Calls `visit` with every text in a record.
template <class T, class Visit>
requires holds_text<T>
void for_each_text(T& value, Visit&& visit) {
  using enum detail::record_kind;
  const auto look = [&visit]<class A>(A& held) {
    if constexpr (holds_text<A>)
      for_each_text(held, visit);
  };
  if constexpr (std::is_same_v<T, text>) {
    visit(value);
  } else if constexpr (detail::of_kind<T, list, array>) {
    for (auto& element : value)
      look(element);
  } else if constexpr (detail::of_kind<T, map>) {
    for (auto& entry : value)
      look(entry.second);
  } else if constexpr (detail::of_kind<T, optional>) {
    if (value)
      look(*value);
  } else if constexpr (detail::of_kind<T, variant>) {
    detail::emplace_alternative(value, value.index(), [&](auto& held) {
      look(held);
      return true;
    });
  } else {
    for_each_field(value, [&](auto& field, auto) { look(field); });
  }
}

/// Has every text of a record stand in `arena`.
template <class T>
requires holds_text<T>
void copy_texts(T& value, text_arena& arena) {
  for_each_text(value, [&arena](text& each) { each = arena.copy(each); });
}

} // namespace weir
