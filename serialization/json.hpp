// Records as JSON and back:
//   struct                    object, by the names of the fields
//   pair, tuple, array, list  array
//   map                       object if keys are numbers, text, durations or times, else
//                             an array of [key,value]
//   optional                  the value; null, or left out of an object, for nothing
//   variant                   {"index":1,"value":...}
//   duration, time, enum      whole number; char: text of one character
//   NaN and infinities        null, which is read as NaN (in an optional: as nothing)
// What is read may have white space, fields in any order, and fields that the struct does
// not have, which are skipped; a field or key that is there twice is a problem.
#pragma once

#include "serialization/field_names.hpp"
#include "serialization/json_reader.hpp"
#include "serialization/json_writer.hpp"
#include "serialization/parse_scalar.hpp"
#include "serialization/record.hpp"

#include <algorithm>
#include <bitset>
#include <limits>
#include <optional>
#include <string_view>

namespace weir {

namespace detail {

template <class T>
bool read_json(json_reader& in, T& value);

template <class T>
bool read_json_number(json_reader& in, T& value) {
  std::string_view token;
  const std::size_t begin = in.position();
  const char* what = in.read_number(token) ? parse_scalar(token, value) : "";
  if (what == nullptr)
    return true;
  in.go_to(begin);
  return in.fail_value(*what != '\0'                 ? what
                       : std::is_floating_point_v<T> ? "is not a number"
                                                     : "is not a whole number");
}

template <class T>
bool read_json_scalar(json_reader& in, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return in.read_bool(value);
  } else if constexpr (std::is_same_v<T, char>) {
    std::string text;
    const std::size_t begin = in.position();
    if (!in.read_text(text))
      return false;
    const char* const what = parse_scalar(text, value);
    in.go_to(what == nullptr ? in.position() : begin);
    return what == nullptr || in.fail_value(what);
  } else if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    const bool read = read_json_scalar(in, number);
    value = static_cast<T>(number);
    return read;
  } else {
    if (std::is_floating_point_v<T> && in.take_null()) {
      value = std::numeric_limits<T>::quiet_NaN();
      return true;
    }
    return read_json_number(in, value);
  }
}

/// Takes an array or an object, calling `read_one(number)` at every element or member;
/// that one says on its own where it failed.
template <class ReadOne>
bool read_json_items(json_reader& in, char open, ReadOne&& read_one) {
  if (!in.begin(open))
    return false;
  for (std::size_t i = 0;; ++i) {
    const json_reader::step which = in.next(open == '{' ? '}' : ']', i == 0);
    if (which != json_reader::step::value)
      return which == json_reader::step::end;
    if (!read_one(i))
      return false;
  }
}

template <class T>
bool read_json_list(json_reader& in, T& list) {
  std::size_t count = 0;
  const bool read = read_json_items(in, '[', [&](std::size_t i) {
    count = i + 1;
    if constexpr (std::is_same_v<T, std::vector<bool>>) {
      bool value = false;
      if (!read_json(in, value))
        return in.fail_in(i);
      list.resize(std::max(count, list.size()));
      list[i] = value;
      return true;
    } else {
      if (i == list.size())
        list.emplace_back();
      return read_json(in, list[i]) || in.fail_in(i);
    }
  });
  list.resize(count);
  return read;
}

template <class T>
bool read_json_array(json_reader& in, T& array) {
  std::size_t count = 0;
  const std::size_t begin = in.position();
  const bool read = read_json_items(in, '[', [&](std::size_t i) {
    count = i + 1;
    return i < array.size() ? read_json(in, array[i]) || in.fail_in(i) : in.skip_value();
  });
  return read &&
         (count == array.size() ||
          in.fail_at(begin, "the array has " + std::to_string(count) +
                                " elements instead of " + std::to_string(array.size())));
}

/// Reads field I of a struct or a tuple; one address for each.
template <class T, std::size_t I>
bool read_json_field(json_reader& in, T& value) {
  return read_json(in, field_of<I>(value));
}

template <class T, std::size_t... I>
bool read_json_field(json_reader& in, T& value, std::size_t i,
                     std::index_sequence<I...>) {
  using read = bool (*)(json_reader&, T&);
  static constexpr read readers[] = {&read_json_field<T, I>...};
  return readers[i](in, value);
}

template <class T>
bool read_json_tuple(json_reader& in, T& value) {
  std::size_t count = 0;
  const std::size_t begin = in.position();
  const bool read = read_json_items(in, '[', [&](std::size_t i) {
    count = i + 1;
    if (i >= field_count<T>)
      return in.skip_value();
    return read_json_field(in, value, i, field_numbers<T>) || in.fail_in(i);
  });
  return read && (count == field_count<T> ||
                  in.fail_at(begin, "the array has " + std::to_string(count) +
                                        " elements instead of " +
                                        std::to_string(field_count<T>)));
}

/// The field called `key`, looked for first where the fields of the last object were.
template <std::size_t N>
std::size_t find_name(const std::array<std::string_view, N>& names, std::string_view key,
                      std::size_t expected) {
  for (std::size_t step = 0; step < N; ++step) {
    const std::size_t i = expected + step < N ? expected + step : expected + step - N;
    if (names[i] == key)
      return i;
  }
  return N;
}

template <class T>
bool read_json_struct(json_reader& in, T& value) {
  static constexpr auto names = field_names<T>();
  std::bitset<names.size()> seen;
  std::size_t expected = 0;
  const std::size_t begin = in.position();
  const bool read = read_json_items(in, '{', [&](std::size_t) {
    std::string_view key;
    if (!in.read_key(key))
      return false;
    const std::size_t i = find_name(names, key, expected);
    if (i == names.size())
      return in.skip_value();
    if (seen[i]) {
      in.fail("it is there twice");
      return in.fail_in(names[i]);
    }
    seen.set(i);
    expected = i + 1;
    return read_json_field(in, value, i, field_numbers<T>) || in.fail_in(names[i]);
  });
  return read && all_fields(value, [&]<class F>(F& field, auto i) {
           if (seen[i()])
             return true;
           if constexpr (of_kind<F, record_kind::optional>) {
             field.reset();
             return true;
           } else {
             in.fail_at(begin, "it is missing");
             return in.fail_in(names[i()]);
           }
         });
}

template <class K>
const char* parse_json_key(std::string_view text, K& key) {
  if constexpr (of_kind<K, record_kind::string>) {
    take_chars(key, text);
    return nullptr;
  } else if constexpr (of_kind<K, record_kind::duration, record_kind::time>) {
    typename K::rep count{};
    const char* const what = parse_scalar(text, count);
    key = from_count<K>(count);
    return what;
  } else {
    return parse_scalar(text, key);
  }
}

template <class T>
bool read_json_map(json_reader& in, T& map) {
  map.clear();
  constexpr bool as_object = json_key<typename T::key_type>;
  return read_json_items(in, as_object ? '{' : '[', [&](std::size_t i) {
    if constexpr (as_object) {
      std::string_view text;
      if (!in.read_key(text))
        return false;
      const auto fail_key = [&](const char* what) {
        return in.fail("the key '" + std::string(text) + "' " + what);
      };
      typename T::key_type key{};
      if (const char* const what = parse_json_key(text, key))
        return fail_key(what);
      const auto [entry, is_new] = map.try_emplace(std::move(key));
      if (!is_new)
        return fail_key("is there twice");
      if (read_json(in, entry->second))
        return true;
      std::string name;
      append_text(name, entry->first);
      return in.fail_in(name);
    } else {
      std::pair<typename T::key_type, typename T::mapped_type> entry{};
      if (!read_json(in, entry))
        return in.fail_in(i);
      return map.insert(std::move(entry)).second || in.fail("a key is there twice") ||
             in.fail_in(i);
    }
  });
}

template <class T>
bool read_json_variant(json_reader& in, T& value) {
  constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::optional<std::uint64_t> index;
  std::size_t value_at = nowhere;
  const std::size_t begin = in.position();
  const bool read = read_json_items(in, '{', [&](std::size_t) {
    std::string_view key;
    if (!in.read_key(key))
      return false;
    if (key == "index")
      return read_json_number(in, index.emplace()) || in.fail_in("index");
    if (key == "value")
      value_at = in.position();
    return in.skip_value();
  });
  if (!read)
    return false;
  if (!index || *index >= std::variant_size_v<T>)
    return in.fail_at(begin, "a variant without an \"index\" below " +
                                 std::to_string(std::variant_size_v<T>));
  const std::size_t end = in.position();
  return emplace_alternative(value, *index, [&]<class A>(A& held) {
    if (of_kind<A, record_kind::unit> && value_at == nowhere)
      return true;
    if (value_at == nowhere)
      return in.fail_at(begin, "a variant without a \"value\"");
    in.go_to(value_at);
    if (!read_json(in, held))
      return in.fail_in("value");
    in.go_to(end);
    return true;
  });
}

template <class T>
bool read_json(json_reader& in, T& value) {
  using enum record_kind;
  if constexpr (of_kind<T, unit>) {
    return in.take_null() || in.fail_value("is not null");
  } else if constexpr (of_kind<T, scalar>) {
    return read_json_scalar(in, value);
  } else if constexpr (of_kind<T, string>) {
    return in.read_text(value);
  } else if constexpr (of_kind<T, duration, time>) {
    typename T::rep count{};
    const bool read = read_json_number(in, count);
    value = from_count<T>(count);
    return read;
  } else if constexpr (of_kind<T, optional>) {
    if (in.take_null()) {
      value.reset();
      return true;
    }
    return read_json(in, value ? *value : value.emplace());
  } else if constexpr (of_kind<T, list>) {
    return read_json_list(in, value);
  } else if constexpr (of_kind<T, array>) {
    return read_json_array(in, value);
  } else if constexpr (of_kind<T, map>) {
    return read_json_map(in, value);
  } else if constexpr (of_kind<T, variant>) {
    return read_json_variant(in, value);
  } else if constexpr (of_kind<T, tuple>) {
    return read_json_tuple(in, value);
  } else {
    return read_json_struct(in, value);
  }
}

} // namespace detail

/// Appends `value` as one line of JSON, without its end.
template <record T>
void append_json(std::string& out, const T& value) {
  detail::write_json(out, value);
}

namespace detail {

template <record T>
std::optional<parse_problem> parse_all(json_reader in, T& value) {
  if (read_json(in, value) && (in.at_end() || in.fail("more text follows the value")))
    return std::nullopt;
  return in.problem();
}

} // namespace detail

/// Reads the JSON text in `json` into `value`, whose strings and vectors keep their
/// capacity; after a problem `value` holds part of it.
template <record T>
requires(!holds_text<T>) std::optional<parse_problem> parse_json(std::string_view json,
                                                                 T& value) {
  return detail::parse_all(json_reader(json), value);
}

/// The same for values with weir::text, which points into `json`, or into the arena where
/// anything was escaped.
template <record T>
std::optional<parse_problem> parse_json(std::string_view json, T& value,
                                        text_arena& unescaped) {
  return detail::parse_all(json_reader(json, &unescaped), value);
}

} // namespace weir
