// A key as somebody writes it behind `weir state get`, behind a line with its type. What
// is read from it is found by bytes that are printed as what is read as the same key.
#include "serialization/row_json.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/value_json.hpp"
#include "state/inspect/key_hash.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

std::string bytes_of_key(const record_schema& type, const row& key) {
  std::string bytes;
  encode_ordered(type, key, bytes);
  return bytes;
}

std::string printed(const record_schema& type, const std::string& key) {
  byte_reader in(std::as_bytes(std::span(key)));
  std::string json;
  append_value_json(json, type, in, value_encoding::ordered);
  FUZZ_REQUIRE(in.at_end(), json);
  return json;
}

void check(std::string_view text, std::string_view written) {
  std::string problem;
  const auto type = try_parse_schema(text, problem);
  if (!type || !can_be_key(*type))
    return;
  const auto key = try_parse_row(*type, written, problem);
  if (!key) {
    FUZZ_REQUIRE(!problem.empty(), schema_text(*type));
    return;
  }
  const std::string bytes = bytes_of_key(*type, *key);
  const std::string json = printed(*type, bytes);
  if (type->kind == schema_kind::text)
    return; // which is not written in quotes
  const auto again = try_parse_row(*type, json, problem);
  FUZZ_REQUIRE(again.has_value(), json + ": " + problem);
  FUZZ_REQUIRE(bytes_of_key(*type, *again) == bytes, json);
  FUZZ_REQUIRE(hash_of(*type, *again) == hash_of(*type, *key), json);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const line_and_rest parts(text_of(data, size));
  check(parts.line, parts.rest);
  return 0;
}
