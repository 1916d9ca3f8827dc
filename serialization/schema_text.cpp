#include "serialization/schema_text.hpp"

#include "serialization/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace weir {

namespace {

constexpr std::size_t nesting_max = 100;      // it is read by recursion
constexpr std::size_t alternatives_max = 255; // their number is one byte
constexpr std::size_t text_max = 1 << 20;     // in memory it takes many times as much
constexpr std::size_t excerpt_max = 60;       // characters of a text in a message

constexpr std::string_view time_units[] = {"ns", "us", "ms", "s", "min", "h", "d"};

struct named_scalar {
  std::string_view name;
  schema_kind kind;
  std::uint8_t bytes;
};
constexpr named_scalar scalars[] = {
    {"bool", schema_kind::boolean, 1},        {"i8", schema_kind::signed_number, 1},
    {"i16", schema_kind::signed_number, 2},   {"i32", schema_kind::signed_number, 4},
    {"i64", schema_kind::signed_number, 8},   {"u8", schema_kind::unsigned_number, 1},
    {"u16", schema_kind::unsigned_number, 2}, {"u32", schema_kind::unsigned_number, 4},
    {"u64", schema_kind::unsigned_number, 8}, {"f32", schema_kind::real_number, 4},
    {"f64", schema_kind::real_number, 8},     {"f128", schema_kind::real_number, 16},
    {"string", schema_kind::text, 0},
};

struct named_collection {
  std::string_view name;
  schema_kind kind;
  std::size_t children;
};
constexpr named_collection collections[] = {
    {"list", schema_kind::list, 1},
    {"map", schema_kind::map, 2},
    {"optional", schema_kind::optional, 1},
    {"variant", schema_kind::variant, alternatives_max}, // at most
};

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

bool stands_in_names(char c) {
  return is_decimal(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_identifier(std::string_view name) {
  return !name.empty() && !is_decimal(name[0]) &&
         std::ranges::all_of(name, stands_in_names);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 32 || byte == 127)
      out += fmt::format("\\x{:02x}", byte);
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  }
}

/// Reads what schema_text writes. What returns false has set `refusal`.
class schema_parser {
public:
  schema_parser(std::string_view text, std::string& refusal)
      : text_(text), rest_(text), refusal_(refusal) {}

  bool parse(record_schema& into) {
    if (text_.size() > text_max)
      return refuse("it is longer than 1 MiB");
    return parse_type(into) && (rest_.empty() || refuse("nothing more should follow"));
  }

private:
  bool parse_type(record_schema& into) {
    if (nesting_ == nesting_max)
      return refuse("it is nested too deep");
    ++nesting_;
    const bool parsed = take('[')   ? parse_array(into)
                        : take('{') ? parse_structure(into)
                                    : parse_named(into);
    --nesting_;
    return parsed;
  }

  bool parse_named(record_schema& into) {
    const auto end = std::ranges::find_if_not(rest_, stands_in_names);
    const std::string_view name(rest_.begin(), end);
    const auto called = [&](const auto& one) { return one.name == name; };
    if (const auto* const scalar = std::ranges::find_if(scalars, called);
        scalar != std::end(scalars)) {
      into.kind = scalar->kind;
      into.bytes = scalar->bytes;
      rest_.remove_prefix(name.size());
      return true;
    }
    if (const auto* const found = std::ranges::find_if(collections, called);
        found != std::end(collections)) {
      into.kind = found->kind;
      rest_.remove_prefix(name.size());
      return expect('<') && parse_inside(into, found->children) && expect('>');
    }
    if (name != "duration" && name != "time")
      return refuse("a type should stand there");
    into.kind = name == "time" ? schema_kind::time : schema_kind::duration;
    rest_.remove_prefix(name.size());
    return expect('<') && parse_time(into) && expect('>');
  }

  bool parse_inside(record_schema& into, std::size_t most) {
    do {
      if (into.children.size() == most)
        return refuse("there are too many types in it");
      record_schema& child = into.children.emplace_back();
      const bool nothing = into.kind == schema_kind::variant && take("none");
      if (!nothing && !parse_type(child))
        return false;
    } while (take(','));
    const bool all = into.children.size() == most || into.kind == schema_kind::variant;
    return all || refuse("a type is missing");
  }

  bool parse_time(record_schema& into) {
    record_schema& count = into.children.emplace_back();
    if (!parse_type(count))
      return false;
    using enum schema_kind;
    if (count.kind != signed_number && count.kind != unsigned_number &&
        count.kind != boolean)
      return refuse("time is counted in whole numbers");
    if (!expect(','))
      return false;
    const std::string_view unit = rest_.substr(0, rest_.find('>'));
    if (!is_unit(unit))
      return refuse("a unit of time should stand there");
    into.unit = unit;
    rest_.remove_prefix(unit.size());
    return true;
  }

  static bool is_unit(std::string_view unit) {
    if (std::ranges::find(time_units, unit) != std::end(time_units))
      return true;
    const std::size_t slash = unit.find('/');
    return slash != unit.npos && is_number(unit.substr(0, slash)) &&
           is_number(unit.substr(slash + 1));
  }

  /// From 1 to the largest i64, without zeros in front.
  static bool is_number(std::string_view digits) {
    std::int64_t value = 0;
    return !digits.empty() && is_decimal(digits[0]) && digits[0] != '0' &&
           number_in(digits, value) == digits.size();
  }
  /// How many characters it takes; 0 if there is none, or it is too large.
  template <class T>
  static std::size_t number_in(std::string_view digits, T& value) {
    const char* const begin = digits.data();
    const auto [end, problem] = std::from_chars(begin, begin + digits.size(), value);
    return problem == std::errc() ? static_cast<std::size_t>(end - begin) : 0;
  }

  bool parse_array(record_schema& into) {
    into.kind = schema_kind::array;
    if (!parse_type(into.children.emplace_back()) || !expect(';'))
      return false;
    const std::size_t digits = number_in(rest_, into.count);
    if (digits == 0 || rest_[0] == '0')
      return refuse("the number of elements should stand there");
    rest_.remove_prefix(digits);
    return expect(']');
  }

  bool parse_structure(record_schema& into) {
    into.kind = schema_kind::structure;
    do {
      std::string name;
      const std::size_t length = name_at_front(name);
      const bool named = length > 0;
      if (into.names.size() != (named ? into.children.size() : 0))
        return refuse("either all fields have names or none has");
      if (named) {
        into.names.push_back(std::move(name));
        rest_.remove_prefix(length);
      }
      if (!parse_type(into.children.emplace_back()))
        return false;
    } while (take(','));
    return expect('}');
  }

  /// How many characters the name of a field and its colon take; 0 if none is there.
  std::size_t name_at_front(std::string& name) const {
    std::size_t end = 0;
    if (rest_.starts_with('"')) {
      end = unescape(name);
    } else {
      const auto after = std::ranges::find_if_not(rest_, stands_in_names);
      name.assign(rest_.begin(), after);
      end = name.size();
    }
    // A name has one text, and so has a type.
    const bool is_name = end > 0 && end < rest_.size() && rest_[end] == ':' &&
                         name_text(name) == rest_.substr(0, end);
    return is_name ? end + 1 : 0;
  }

  /// Where the quotes end.
  std::size_t unescape(std::string& name) const {
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '"')
        return at + 1;
      if (c == '\\' && rest_.substr(at + 1).starts_with('x')) {
        unsigned char byte = 0;
        const std::string_view digits = rest_.substr(std::min(at + 2, rest_.size()), 2);
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        name += static_cast<char>(byte);
        at += 3;
      } else if (c == '\\' && at + 1 < rest_.size()) {
        name += rest_[++at];
      } else {
        name += c;
      }
    }
    return 0;
  }

  bool take(char c) {
    const bool there = rest_.starts_with(c);
    rest_.remove_prefix(there);
    return there;
  }
  bool take(std::string_view word) {
    const bool there = rest_.starts_with(word);
    rest_.remove_prefix(there ? word.size() : 0);
    return there;
  }
  bool expect(char c) {
    return take(c) || refuse(fmt::format("'{}' should stand there", c).c_str());
  }

  bool refuse(const char* why) {
    std::string shown;
    append_escaped(shown, text_.substr(0, excerpt_max));
    refusal_ = fmt::format("\"{}{}\" is no type: at character {}, {}", shown,
                           text_.size() > excerpt_max ? "..." : "",
                           text_.size() - rest_.size() + 1, why);
    return false;
  }

  std::string_view text_;
  std::string_view rest_;
  std::string& refusal_;
  std::size_t nesting_ = 0;
};

} // namespace

std::string name_text(std::string_view name) {
  if (is_identifier(name))
    return std::string(name);
  std::string quoted = "\"";
  append_escaped(quoted, name);
  return quoted += '"';
}

std::string schema_text(const record_schema& type, bool with_names) {
  using enum schema_kind;
  const bool named = with_names && type.names.size() == type.children.size();
  std::string inside;
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    inside += i == 0 ? "" : ",";
    if (named)
      (inside += name_text(type.names[i])) += ':';
    inside += schema_text(type.children[i], with_names);
  }
  switch (type.kind) {
  case none:
    return "none";
  case boolean:
    return "bool";
  case character:
    return "i8";
  case signed_number:
    return fmt::format("i{}", type.bytes * 8);
  case unsigned_number:
    return fmt::format("u{}", type.bytes * 8);
  case real_number:
    return fmt::format("f{}", type.bytes * 8);
  case text:
    return "string";
  case duration:
    return fmt::format("duration<{},{}>", inside, type.unit);
  case time:
    return fmt::format("time<{},{}>", inside, type.unit);
  case array:
    return fmt::format("[{};{}]", inside, type.count);
  case list:
    return fmt::format("list<{}>", inside);
  case map:
    return fmt::format("map<{}>", inside);
  case optional:
    return fmt::format("optional<{}>", inside);
  case variant:
    return fmt::format("variant<{}>", inside);
  case structure:
    return fmt::format("{{{}}}", inside);
  }
  return inside;
}

std::optional<record_schema> try_parse_schema(std::string_view text,
                                              std::string& refusal) {
  record_schema parsed;
  if (!schema_parser(text, refusal).parse(parsed))
    return std::nullopt;
  return parsed;
}

record_schema parse_schema(std::string_view text) {
  std::string refusal;
  auto parsed = try_parse_schema(text, refusal);
  if (!parsed)
    throw error(failure::restore_refused,
                refusal + "; the checkpoint is damaged or of a newer version");
  return *std::move(parsed);
}

} // namespace weir
