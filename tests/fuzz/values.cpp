// Values of a type that is known from its text only, as the inspection of checkpoints and
// a restore read them: a line with the type, then the bytes. The readers agree on how
// many bytes a value takes, what is printed is JSON, and a value that is converted to
// another type is one of that type.
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/type_conversion.hpp"
#include "serialization/value_json.hpp"
#include "tests/fuzz/fuzz_json.hpp"

#include <array>
#include <map>
#include <variant>

namespace weir::fuzz {

namespace {

struct grown { // what {u32,string} may have become
  std::int64_t number = 7;
  std::string text;
  std::vector<std::string> more;
  std::optional<std::uint64_t> last;
  static constexpr std::array weir_fields{"number", "text", "more", "last"};
};

struct grown_inside {
  std::vector<grown> list;
  std::variant<std::monostate, std::uint64_t, std::string> choice;
  std::map<std::string, grown> by_name;
  static constexpr std::array weir_fields{"list", "choice", "by_name"};
};

/// How many bytes `read` takes; none if it is refused.
template <class Read>
std::optional<std::size_t> taken(byte_span bytes, Read read) {
  byte_reader in(bytes);
  const auto refused = refusal_of([&] { read(in); });
  if (!refused)
    return bytes.size() - in.rest().size();
  FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
  return std::nullopt;
}

bool has_wide_numbers(const record_schema& type) {
  return type.bytes > sizeof(double) ||
         std::ranges::any_of(type.children, has_wide_numbers);
}

void check_rows(const record_schema& type, byte_span value) {
  row decoded;
  FUZZ_REQUIRE(taken(value, [&](auto& in) { decoded = decode_row(type, in); }) ==
                   value.size(),
               schema_text(type));
  std::vector<std::byte> written;
  encode_row(type, decoded, written);
  FUZZ_REQUIRE(written.size() == value.size(), schema_text(type));
  byte_reader in(written);
  std::vector<std::byte> again;
  encode_row(type, decode_row(type, in), again);
  FUZZ_REQUIRE(again == written, schema_text(type));
}

void check_value(const record_schema& type, byte_span bytes) {
  std::string json;
  std::string readable;
  const auto size = taken(bytes, [&](auto& in) { append_value_json(json, type, in); });
  const auto stepped = taken(bytes, [&](auto& in) { step_over(shape_of(type), in); });
  FUZZ_REQUIRE(!size || size == stepped, schema_text(type));
  if (!size)
    return;
  require_json(json);
  taken(bytes, [&](auto& in) {
    append_value_json(readable, type, in, value_encoding::record, value_style::readable);
  });
  require_json(readable);
  if (!has_wide_numbers(type))
    check_rows(type, bytes.first(*size));
}

void check_key(const record_schema& type, byte_span bytes) {
  std::string json;
  const auto size = taken(bytes, [&](auto& in) {
    append_value_json(json, type, in, value_encoding::ordered);
  });
  if (size)
    require_json(json);
}

template <class T>
void check_conversion(const record_schema& written, byte_span bytes) {
  const record_schema declared = schema_of<T>();
  const type_conversion conversion(written, declared);
  if (!conversion.possible() || conversion.identity())
    return;
  std::vector<std::byte> converted;
  if (refusal_of([&] { conversion.append(bytes, converted); }))
    return;
  FUZZ_REQUIRE(taken(bytes, [&](auto& in) { step_over(shape_of(written), in); }) ==
                   bytes.size(),
               schema_text(written));
  FUZZ_REQUIRE(taken(converted, [&](auto& in) { step_over(shape_of(declared), in); }) ==
                   converted.size(),
               schema_text(written));
}

void check(std::string_view text, byte_span bytes) {
  std::string refusal;
  const auto type = try_parse_schema(text, refusal);
  if (!type) {
    require_sentence(refusal);
    return;
  }
  FUZZ_REQUIRE(schema_text(*type) == text, schema_text(*type));
  check_value(*type, bytes);
  if (can_be_key(*type))
    check_key(*type, bytes);
  check_conversion<grown>(*type, bytes);
  check_conversion<grown_inside>(*type, bytes);
  check_conversion<std::int64_t>(*type, bytes);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const line_and_rest parts(text_of(data, size));
  check(parts.line, std::as_bytes(std::span(parts.rest)));
  return 0;
}
