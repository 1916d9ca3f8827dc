#include "serialization/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

constexpr int depth_max = 100; // of what is skipped; types limit the rest

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  const auto put_tail = [&](unsigned shift) { put(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put_tail(0);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put_tail(6);
    put_tail(0);
  } else {
    put(0xf0 | code >> 18);
    put_tail(12);
    put_tail(6);
    put_tail(0);
  }
}

} // namespace

bool json_reader::begin(char open) {
  skip_space();
  if (at_ == text_.size() || text_[at_] != open)
    return fail_value(open == '{' ? "is not an object" : "is not an array");
  ++at_;
  return true;
}

json_reader::step json_reader::next(char close, bool first) {
  skip_space();
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  if (c == close) {
    ++at_;
    return step::end;
  }
  if (first)
    return step::value;
  if (c != ',') {
    fail(fmt::format("a comma or '{}' should follow", close));
    return step::broken;
  }
  ++at_;
  return step::value;
}

bool json_reader::read_key(std::string_view& key) {
  skip_space();
  if (at_ == text_.size() || text_[at_] != '"')
    return fail("the name of a field should follow, in quotes");
  if (!read_string(key, key_))
    return false;
  skip_space();
  if (at_ == text_.size() || text_[at_] != ':')
    return fail("a colon should follow the name of a field");
  ++at_;
  return true;
}

bool json_reader::take_null() {
  skip_space();
  return take_word("null");
}

bool json_reader::read_bool(bool& value) {
  skip_space();
  value = take_word("true");
  return value || take_word("false") || fail_value("is not true or false");
}

bool json_reader::begin_text() {
  skip_space();
  return (at_ < text_.size() && text_[at_] == '"') || fail_value("is not text in quotes");
}

bool json_reader::read_text(std::string& value) {
  std::string_view read;
  if (!begin_text() || !read_string(read, value))
    return false;
  if (read.data() != value.data())
    value.assign(read);
  return true;
}

bool json_reader::read_text(text& value) {
  std::string_view read;
  if (!begin_text() || !read_string(read, key_))
    return false;
  value = read.data() == key_.data() ? unescaped_->copy(read) : text(read);
  return true;
}

bool json_reader::read_number(std::string_view& token) {
  skip_space();
  const std::size_t begin = at_;
  const auto take = [this](char c) {
    const bool there = at_ < text_.size() && text_[at_] == c;
    at_ += there;
    return there;
  };
  const auto take_exponent = [&] {
    if (!take('e') && !take('E'))
      return true;
    if (!take('+'))
      take('-');
    return take_digits();
  };
  take('-');
  const bool sound =
      (take('0') || take_digits()) && (!take('.') || take_digits()) && take_exponent();
  token = text_.substr(begin, at_ - begin);
  if (sound && (at_ == text_.size() || (!is_digit(text_[at_]) && text_[at_] != '.')))
    return true;
  at_ = begin;
  return fail_value("is not a number");
}

bool json_reader::skip_value() {
  return skip_nested(0);
}

bool json_reader::at_end() {
  skip_space();
  return at_ == text_.size();
}

bool json_reader::fail(std::string what) {
  return fail_at(at_, std::move(what));
}

bool json_reader::fail_at(std::size_t offset, std::string what) {
  problem_ = {.offset = offset, .what = std::move(what)};
  return false;
}

bool json_reader::fail_value(const char* what) {
  constexpr std::size_t shown_max = 24;
  skip_space();
  if (at_ == text_.size())
    return fail("the text ends where a value should follow");
  const std::string_view rest = text_.substr(at_);
  const std::size_t from = rest[0] == '"' ? rest.find('"', 1) : 1;
  const std::size_t end = std::min(rest.find_first_of(",]} \t\r\n", from), rest.size());
  const bool all = end <= shown_max;
  return fail(fmt::format("'{}{}' {}", rest.substr(0, all ? end : shown_max),
                          all ? "" : "...", what));
}

bool json_reader::fail_in(std::string_view field) {
  prepend(std::string(field));
  return false;
}

bool json_reader::fail_in(std::size_t element) {
  prepend(fmt::format("[{}]", element));
  return false;
}

void json_reader::prepend(const std::string& name) {
  const std::string& inner = problem_.field;
  const bool dot = !inner.empty() && inner.front() != '[';
  problem_.field = name + (dot ? "." : "") + inner;
}

void json_reader::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
}

bool json_reader::take_word(std::string_view word) {
  const bool there = text_.substr(at_).starts_with(word);
  at_ += there ? word.size() : 0;
  return there;
}

bool json_reader::take_digits() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_]))
    ++at_;
  return at_ > begin;
}

/// The string that begins at a quote: a piece of the text where nothing is escaped, and
/// otherwise `unescaped`.
bool json_reader::read_string(std::string_view& value, std::string& unescaped) {
  const std::size_t opening = at_++;
  std::size_t from = at_;
  bool escaped = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (is_control(c))
      return fail("a control character inside quotes");
    if (c != '"' && c != '\\')
      continue;
    const std::string_view run = text_.substr(from, at_ - from);
    if (!escaped && c == '"') {
      value = run;
      ++at_;
      return true;
    }
    if (!escaped)
      unescaped.clear();
    escaped = true;
    unescaped.append(run);
    if (c == '"') {
      value = unescaped;
      ++at_;
      return true;
    }
    if (!read_escape(unescaped))
      return false;
    from = at_ + 1;
  }
  return fail_at(opening, "the quotes are never closed");
}

/// Begins at the backslash and ends at the last character of the escape.
bool json_reader::read_escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrtu";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const std::size_t which =
      at_ + 1 < text_.size() ? letters.find(text_[at_ + 1]) : letters.npos;
  if (which == letters.npos)
    return fail("a backslash before a character that is none of \"\\/bfnrtu");
  if (which == meanings.size())
    return read_unicode(out);
  out += meanings[which];
  ++at_;
  return true;
}

/// Begins at the backslash of \uXXXX and ends at its last digit.
bool json_reader::read_hex(std::uint32_t& unit) {
  const std::size_t begin = at_;
  const std::string_view escape = text_.substr(at_, 6);
  bool sound = escape.size() == 6 && escape.starts_with("\\u");
  unit = 0;
  for (const char c : escape.substr(std::min<std::size_t>(2, escape.size()))) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool letter = lower >= 'a' && lower <= 'f';
    sound = sound && (letter || is_digit(lower));
    unit =
        unit * 16 + static_cast<std::uint32_t>(letter ? lower - 'a' + 10 : lower - '0');
  }
  if (!sound)
    return fail_at(begin, "\\u without four hexadecimal digits");
  at_ += 5;
  return true;
}

bool json_reader::read_unicode(std::string& out) {
  const std::size_t begin = at_;
  std::uint32_t unit = 0;
  if (!read_hex(unit))
    return false;
  if (unit >= 0xd800 && unit < 0xdc00 && text_.substr(at_ + 1, 2) == "\\u") {
    std::uint32_t low = 0;
    ++at_;
    if (!read_hex(low))
      return false;
    if (low >= 0xdc00 && low < 0xe000)
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  if (accepts_bytes_ && unit >= 0xdc80 && unit <= 0xdcff) {
    out += static_cast<char>(unit & 0xff);
    return true;
  }
  if (unit >= 0xd800 && unit < 0xe000)
    return fail_at(begin, "half of a surrogate pair without the other half");
  append_utf8(out, unit);
  return true;
}

bool json_reader::skip_nested(int depth) {
  skip_space();
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  if (depth > depth_max)
    return fail("values are nested too deeply");
  if (c == '[' || c == '{') {
    ++at_;
    return skip_items(c == '[' ? ']' : '}', depth);
  }
  std::string_view ignored;
  if (c == '"')
    return read_string(ignored, key_);
  return take_word("true") || take_word("false") || take_word("null") ||
         read_number(ignored);
}

bool json_reader::skip_items(char close, int depth) {
  for (bool first = true;; first = false) {
    const step which = next(close, first);
    if (which != step::value)
      return which == step::end;
    std::string_view key;
    if (close == '}' && !read_key(key))
      return false;
    if (!skip_nested(depth + 1))
      return false;
  }
}

} // namespace weir
