#include "serialization/row_json.hpp"

#include "serialization/check.hpp"
#include "serialization/json.hpp"
#include "serialization/ordered_bytes.hpp"
#include "serialization/scalar_type.hpp"

#include <algorithm>
#include <type_traits>

namespace weir {

namespace {

template <class T>
void hold(row& into, T value) {
  into.scalar = static_cast<typename detail::held_as<T>::type>(value);
}

bool is_plain(schema_kind kind) {
  using enum schema_kind;
  return kind == boolean || kind == character || kind == signed_number ||
         kind == unsigned_number || kind == real_number;
}

class row_reader {
public:
  explicit row_reader(std::string_view text) : in_(text) { in_.accept_bytes(); }

  bool read_all(const record_schema& type, row& into) {
    return read(type, into) && (in_.at_end() || in_.fail("more text follows the value"));
  }
  const parse_problem& problem() const { return in_.problem(); }

private:
  bool read(const record_schema& type, row& into) {
    using enum schema_kind;
    switch (type.kind) {
    case none:
      return in_.take_null() || in_.fail_value("is not null");
    case text:
      return in_.read_text(into.scalar.emplace<std::string>());
    case duration:
    case time:
      return read(type.children.front(), into);
    case array:
    case list:
      return read_list(type, into);
    case map:
      return in_.fail("a map is no key");
    case optional:
      return in_.take_null() || read(type.children.front(), into.children.emplace_back());
    case variant:
      return read_variant(type, into);
    case structure:
      return type.names.empty() ? read_list(type, into) : read_structure(type, into);
    default:
      return detail::with_plain_type(type, [&]<class T>(T value) {
        const bool done = detail::read_json_scalar(in_, value);
        hold(into, value);
        return done;
      });
    }
  }

  /// Elements of one type, or the fields of a struct that has no names for them.
  bool read_list(const record_schema& type, row& into) {
    using enum schema_kind;
    const std::size_t begin = in_.position();
    const std::size_t wanted = type.kind == array       ? type.count
                               : type.kind == structure ? type.children.size()
                                                        : SIZE_MAX;
    std::size_t count = 0;
    const bool done = detail::read_json_items(in_, '[', [&](std::size_t i) {
      count = i + 1;
      if (i >= wanted)
        return in_.skip_value();
      const auto& each = type.kind == structure ? type.children[i] : type.children[0];
      return read(each, into.children.emplace_back()) || in_.fail_in(i);
    });
    if (!done || wanted == SIZE_MAX || count == wanted)
      return done;
    return in_.fail_at(begin, "the array has " + std::to_string(count) +
                                  " elements and should have " + std::to_string(wanted));
  }

  bool read_structure(const record_schema& type, row& into) {
    const std::size_t begin = in_.position();
    into.children.resize(type.children.size());
    std::vector<bool> seen(type.children.size());
    const bool done = detail::read_json_items(in_, '{', [&](std::size_t) {
      std::string_view name;
      if (!in_.read_key(name))
        return false;
      const auto found = std::ranges::find(type.names, name);
      const auto at = static_cast<std::size_t>(found - type.names.begin());
      if (found == type.names.end())
        return in_.fail("there is no field '" + std::string(name) + "'");
      if (seen[at])
        return in_.fail("the field '" + std::string(name) + "' is there twice");
      seen[at] = true;
      return read(type.children[at], into.children[at]) || in_.fail_in(type.names[at]);
    });
    for (std::size_t i = 0; done && i < seen.size(); ++i)
      if (!seen[i] && type.children[i].kind != schema_kind::optional) {
        in_.fail_at(begin, "it is missing");
        return in_.fail_in(type.names[i]);
      }
    return done;
  }

  bool read_variant(const record_schema& type, row& into) {
    const std::size_t begin = in_.position();
    std::optional<std::uint64_t> index;
    std::optional<std::size_t> value_at;
    const bool done = detail::read_json_items(in_, '{', [&](std::size_t) {
      std::string_view name;
      if (!in_.read_key(name))
        return false;
      if (name == "index")
        return detail::read_json_number(in_, index.emplace()) || in_.fail_in("index");
      if (name == "value")
        value_at = in_.position();
      return in_.skip_value();
    });
    if (!done)
      return false;
    if (!index || *index >= type.children.size())
      return in_.fail_at(begin, "a variant without an \"index\" below " +
                                    std::to_string(type.children.size()));
    into.alternative = static_cast<std::uint8_t>(*index);
    row& held = into.children.emplace_back();
    const record_schema& alternative = type.children[into.alternative];
    if (!value_at)
      return alternative.kind == schema_kind::none ||
             in_.fail_at(begin, "a variant without a \"value\"");
    const std::size_t end = in_.position();
    in_.go_to(*value_at);
    if (!read(alternative, held))
      return in_.fail_in("value");
    in_.go_to(end);
    return true;
  }

  json_reader in_;
};

} // namespace

std::optional<row> try_parse_row(const record_schema& type, std::string_view written,
                                 std::string& problem) {
  using enum schema_kind;
  row parsed;
  if (type.kind == text) {
    parsed.scalar.emplace<std::string>(written);
    return parsed;
  }
  const bool counts = type.kind == duration || type.kind == time;
  const record_schema& plain = counts ? type.children.front() : type;
  if (is_plain(plain.kind)) {
    const char* const what = detail::with_plain_type(plain, [&]<class T>(T value) {
      const char* const wrong = detail::parse_scalar(written, value);
      hold(parsed, value);
      return wrong;
    });
    if (what == nullptr)
      return parsed;
    problem = what;
    return std::nullopt;
  }
  row_reader reader(written);
  if (reader.read_all(type, parsed))
    return parsed;
  problem = "is not one in JSON: " + reader.problem().message();
  return std::nullopt;
}

void encode_ordered(const record_schema& type, const row& key, std::string& out) {
  using enum schema_kind;
  switch (type.kind) {
  case none:
    return;
  case text:
    return ordered_bytes<std::string>::encode(std::get<std::string>(key.scalar), out);
  case duration:
  case time:
    return encode_ordered(type.children.front(), key, out);
  case list:
    for (const row& element : key.children) {
      out += '\1';
      encode_ordered(type.children.front(), element, out);
    }
    out += '\0';
    return;
  case array:
    for (const row& element : key.children)
      encode_ordered(type.children.front(), element, out);
    return;
  case optional:
    out += key.children.empty() ? '\0' : '\1';
    if (!key.children.empty())
      encode_ordered(type.children.front(), key.children.front(), out);
    return;
  case variant:
    out += static_cast<char>(key.alternative);
    return encode_ordered(type.children.at(key.alternative), key.children.front(), out);
  case structure:
    for (std::size_t i = 0; i < type.children.size(); ++i)
      encode_ordered(type.children[i], key.children.at(i), out);
    return;
  default:
    WEIR_CHECK(can_be_key(type));
    detail::with_plain_type(type, [&]<class T>(T) {
      if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, char>)
        ordered_bytes<T>::encode(std::get<T>(key.scalar), out);
      else if constexpr (std::is_integral_v<T>)
        ordered_bytes<T>::encode(
            static_cast<T>(std::get<typename detail::held_as<T>::type>(key.scalar)), out);
    });
  }
}

bool can_be_key(const record_schema& type) {
  return type.kind != schema_kind::map && type.kind != schema_kind::real_number &&
         std::ranges::all_of(type.children, can_be_key);
}

} // namespace weir
