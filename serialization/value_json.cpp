#include "serialization/value_json.hpp"

#include "serialization/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <iterator>

namespace weir {

namespace {

/// An array of what takes no bytes might be of any length.
constexpr std::size_t empty_elements_max = 1 << 20;

template <class T>
T swapped(T bits) {
  if constexpr (sizeof(T) == 1)
    return bits;
  else if constexpr (sizeof(T) == 2)
    return __builtin_bswap16(bits);
  else if constexpr (sizeof(T) == 4)
    return __builtin_bswap32(bits);
  else
    return __builtin_bswap64(bits);
}

bool names_entries(schema_kind kind) {
  using enum schema_kind;
  return kind == boolean || kind == character || kind == signed_number ||
         kind == unsigned_number || kind == real_number || kind == text ||
         kind == duration || kind == time;
}

/// Microseconds in one of a time's units; 0 for those that people need not read.
std::int64_t microseconds_in(const std::string& unit) {
  return unit == "us" ? 1 : unit == "ms" ? 1'000 : unit == "s" ? 1'000'000 : 0;
}

class value_writer {
public:
  value_writer(std::string& out, byte_reader& in, value_encoding encoding,
               value_style style)
      : out_(out), in_(in), ordered_(encoding == value_encoding::ordered), style_(style) {
  }

  void write(const record_schema& type) {
    using enum schema_kind;
    switch (type.kind) {
    case none:
      out_ += "null";
      return;
    case boolean:
      out_ += in_.take_byte() != 0 ? "true" : "false";
      return;
    case character:
      return write_character();
    case signed_number:
      return detail::append_number(out_, take_signed(type));
    case unsigned_number:
      return detail::append_number(out_, take_unsigned(type));
    case real_number:
      return write_real(type);
    case text:
      return ordered_ ? write_ordered_text() : write_text();
    case duration:
      return write(type.children.front());
    case time:
      return write_time(type);
    case array:
      return write_array(type);
    case list:
      return ordered_ ? write_ordered_list(type) : write_list(type);
    case map:
      return write_map(type);
    case optional:
      return write_optional(type);
    case variant:
      return write_variant(type);
    case structure:
      return write_structure(type);
    }
  }

private:
  template <class Bits>
  Bits take_bits() {
    Bits bits{};
    std::memcpy(&bits, in_.take(sizeof bits), sizeof bits);
    return ordered_ ? swapped(bits) : bits;
  }

  template <class Signed>
  std::int64_t take_signed() {
    using bits = std::make_unsigned_t<Signed>;
    auto taken = take_bits<bits>();
    if (ordered_)
      taken = static_cast<bits>(taken ^ (bits{1} << (sizeof(bits) * 8 - 1)));
    return static_cast<Signed>(taken);
  }

  std::int64_t take_signed(const record_schema& type) {
    return type.bytes == 1   ? take_signed<std::int8_t>()
           : type.bytes == 2 ? take_signed<std::int16_t>()
           : type.bytes == 4 ? take_signed<std::int32_t>()
                             : take_signed<std::int64_t>();
  }

  std::uint64_t take_unsigned(const record_schema& type) {
    return type.bytes == 1   ? take_bits<std::uint8_t>()
           : type.bytes == 2 ? take_bits<std::uint16_t>()
           : type.bytes == 4 ? take_bits<std::uint32_t>()
                             : take_bits<std::uint64_t>();
  }

  void write_character() {
    auto byte = in_.take_byte();
    if (ordered_ && std::is_signed_v<char>)
      byte ^= 0x80;
    const char c = static_cast<char>(byte);
    append_any_text_json(out_, {&c, 1});
  }

  template <class Real>
  void write_real() {
    Real value{};
    std::memcpy(&value, in_.take(sizeof value), sizeof value);
    if (std::isfinite(value))
      detail::append_number(out_, value);
    else
      out_ += "null";
  }

  // None is in a key.
  void write_real(const record_schema& type) {
    return type.bytes == sizeof(float)    ? write_real<float>()
           : type.bytes == sizeof(double) ? write_real<double>()
                                          : write_real<long double>();
  }

  void write_time(const record_schema& type) {
    const record_schema& count = type.children.front();
    const std::int64_t unit =
        style_ == value_style::plain || count.kind != schema_kind::signed_number
            ? 0
            : microseconds_in(type.unit);
    if (unit == 0)
      return write(count);
    std::int64_t then = 0;
    const std::int64_t counted = take_signed(count);
    if (__builtin_mul_overflow(counted, unit, &then))
      return detail::append_number(out_, counted);
    out_ += '"';
    append_time_text(out_, then);
    out_ += '"';
  }

  void write_text() {
    const std::size_t size = in_.take_count(1);
    append_any_text_json(out_, {reinterpret_cast<const char*>(in_.take(size)), size});
  }

  void write_ordered_text() {
    unescaped_.clear();
    for (;;) {
      const auto rest = in_.rest();
      const auto zero = std::find(rest.begin(), rest.end(), std::byte{0});
      const auto size = static_cast<std::size_t>(zero - rest.begin());
      const std::byte* const run = in_.take(size + 2);
      if (run[size + 1] == std::byte{0x01}) {
        const std::string_view last(reinterpret_cast<const char*>(run), size);
        return append_any_text_json(out_,
                                    unescaped_.empty() ? last : unescaped_.append(last));
      }
      unescaped_.append(reinterpret_cast<const char*>(run), size);
      if (run[size + 1] != std::byte{0xff})
        byte_reader::malformed("the text of a key does not end as it should");
      unescaped_ += '\0';
    }
  }

  void write_elements(const record_schema& element, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0)
        out_ += ',';
      write(element);
    }
  }

  void write_array(const record_schema& type) {
    const std::size_t left = in_.rest().size();
    if (type.count > left && type.count > empty_elements_max)
      byte_reader::malformed("an array is longer than its bytes");
    out_ += '[';
    write_elements(type.children.front(), type.count);
    out_ += ']';
  }

  void write_list(const record_schema& type) {
    const std::size_t count = in_.take_count(1);
    out_ += '[';
    write_elements(type.children.front(), count);
    out_ += ']';
  }

  bool take_flag(const char* otherwise) {
    const std::uint8_t byte = in_.take_byte();
    if (byte > 1)
      byte_reader::malformed(otherwise);
    return byte == 1;
  }

  void write_ordered_list(const record_schema& type) {
    out_ += '[';
    for (bool first = true;
         take_flag("a key has neither 0 nor 1 where it says whether more follows");
         first = false) {
      if (!first)
        out_ += ',';
      write(type.children.front());
    }
    out_ += ']';
  }

  void write_map(const record_schema& type) {
    if (ordered_)
      byte_reader::malformed("a key has a map in it");
    const record_schema& key = type.children.at(0);
    const bool as_object = names_entries(key.kind);
    const std::size_t count = in_.take_count(1);
    out_ += as_object ? '{' : '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0)
        out_ += ',';
      if (as_object)
        write_name(key);
      else
        (out_ += '['), write(key);
      out_ += as_object ? ':' : ',';
      write(type.children.at(1));
      if (!as_object)
        out_ += ']';
    }
    out_ += as_object ? '}' : ']';
  }

  void write_name(const record_schema& key) {
    const std::size_t at = out_.size();
    write(key);
    if (out_[at] == '"')
      return;
    out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(at), '"');
    out_ += '"';
  }

  void write_optional(const record_schema& type) {
    if (take_flag("an optional is neither there nor not"))
      write(type.children.front());
    else
      out_ += "null";
  }

  void write_variant(const record_schema& type) {
    const std::size_t number = in_.take_byte();
    if (number >= type.children.size())
      byte_reader::malformed("it names an alternative that its variant does not have");
    out_ += "{\"index\":";
    detail::append_number(out_, number);
    out_ += ",\"value\":";
    write(type.children[number]);
    out_ += '}';
  }

  void write_structure(const record_schema& type) {
    const bool named = !type.names.empty();
    out_ += named ? '{' : '[';
    for (std::size_t i = 0; i < type.children.size(); ++i) {
      if (i > 0)
        out_ += ',';
      if (named) {
        append_any_text_json(out_, type.names[i]);
        out_ += ':';
      }
      write(type.children[i]);
    }
    out_ += named ? '}' : ']';
  }

  std::string& out_;
  byte_reader& in_;
  bool ordered_;
  value_style style_;
  std::string unescaped_; // kept for its memory
};

bool stands_for_itself(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

/// The bytes of the UTF-8 character that `text` begins with; 0: it begins with none.
std::size_t utf8_size(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned least = 0x80, unsigned most = 0xbf) {
    return at(i) >= least && at(i) <= most;
  };
  const unsigned first = at(0);
  if (first >= 0xc2 && first <= 0xdf)
    return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) &&
                   follows(2)
               ? 3
               : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) &&
                   follows(2) && follows(3)
               ? 4
               : 0;
  return 0;
}

/// What does not stand for itself; returns its bytes.
std::size_t append_escaped_json(std::string& out, std::string_view rest) {
  constexpr std::string_view special = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  const auto byte = static_cast<unsigned char>(rest.front());
  if (const auto which = special.find(rest.front()); which != special.npos) {
    out += '\\';
    out += letters[which];
    return 1;
  }
  if (byte < 0x80) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    return 1;
  }
  const std::size_t size = utf8_size(rest);
  if (size == 0) {
    fmt::format_to(std::back_inserter(out), "\\udc{:02x}", byte);
    return 1;
  }
  if (byte == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0) // C1: commands
    fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                   static_cast<unsigned char>(rest[1]));
  else
    out.append(rest, 0, size);
  return size;
}

} // namespace

void append_any_text_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && stands_for_itself(text[plain]))
      ++plain;
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (!text.empty())
      text.remove_prefix(append_escaped_json(out, text));
  }
  out += '"';
}

void append_time_text(std::string& out, std::int64_t microseconds) {
  namespace chrono = std::chrono;
  using days = chrono::duration<std::int64_t, std::ratio<86400>>;
  const chrono::microseconds since(microseconds);
  const auto day = chrono::floor<days>(since);
  if (day.count() < -12'000'000 || day.count() > 11'000'000) { // chrono's years end
    detail::append_number(out, microseconds);
    out += " us";
    return;
  }
  const chrono::year_month_day date{chrono::sys_time<chrono::days>(
      chrono::days(static_cast<chrono::days::rep>(day.count())))};
  const chrono::hh_mm_ss time(since - day);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06} UTC",
                 int(date.year()), unsigned(date.month()), unsigned(date.day()),
                 time.hours().count(), time.minutes().count(), time.seconds().count(),
                 time.subseconds().count());
}

void append_value_json(std::string& out, const record_schema& type, byte_reader& in,
                       value_encoding encoding, value_style style) {
  value_writer(out, in, encoding, style).write(type);
}

} // namespace weir
