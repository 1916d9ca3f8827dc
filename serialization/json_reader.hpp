// Walks one JSON text (RFC 8259) without building a tree: the caller asks for what its
// type expects next. The first thing that is not as asked becomes the problem, and every
// function returns false from then on. One thread; the text outlives the reader. A
// weir::text that is read points into it, or into the arena where anything is escaped.
#pragma once

#include "serialization/parse_problem.hpp"
#include "serialization/text_arena.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class json_reader {
public:
  explicit json_reader(std::string_view text, text_arena* unescaped = nullptr)
      : text_(text), unescaped_(unescaped) {}

  /// From now on \udcXX alone is the byte XX, as append_any_text_json writes what is no
  /// UTF-8.
  void accept_bytes() { accepts_bytes_ = true; }

  /// What stands in an array or an object after `begin`, or after a value.
  enum class step : std::uint8_t { value, end, broken };

  /// Takes `open`, which is [ or {.
  bool begin(char open);
  /// Takes the comma before another value, or `close`.
  step next(char close, bool first);
  /// Takes the name of a member and its colon; `key` is valid until the next key or text.
  bool read_key(std::string_view& key);

  /// Takes null if that is next.
  bool take_null();
  bool read_bool(bool& value);
  bool read_text(std::string& value);
  /// Requires: there is an arena.
  bool read_text(text& value);
  /// Takes a number and leaves its meaning to the caller.
  bool read_number(std::string_view& token);
  /// Takes a value of any type.
  bool skip_value();
  /// Whether only white space is left.
  bool at_end();

  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }

  /// These set the problem and return false: at the value that is next, or at `offset`.
  bool fail(std::string what);
  bool fail_at(std::size_t offset, std::string what);
  /// "'abc' " and then `what`, about the value that is next.
  bool fail_value(const char* what);
  /// A problem inside a field or an element learns where that stands, on the way out.
  bool fail_in(std::string_view field);
  bool fail_in(std::size_t element);

  const parse_problem& problem() const { return problem_; }

private:
  void skip_space();
  bool take_word(std::string_view word);
  bool take_digits();
  bool begin_text();
  bool read_string(std::string_view& value, std::string& unescaped);
  bool read_escape(std::string& out);
  bool read_hex(std::uint32_t& unit);
  bool read_unicode(std::string& out);
  bool skip_nested(int depth);
  bool skip_items(char close, int depth);
  void prepend(const std::string& name);

  std::string_view text_;
  std::size_t at_ = 0;
  text_arena* unescaped_;
  bool accepts_bytes_ = false;
  std::string key_;
  parse_problem problem_;
};

} // namespace weir
