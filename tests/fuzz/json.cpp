// A record as JSON: what is read, written and read again is the same, whatever its type.
#include "serialization/json.hpp"

#include "tests/fuzz/fuzz_records.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

template <class T>
std::string json_of(const T& record) {
  std::string json;
  append_json(json, record);
  return json;
}

template <class T>
std::optional<parse_problem> read(std::string_view json, T& record,
                                  [[maybe_unused]] text_arena& texts) {
  if constexpr (holds_text<T>)
    return parse_json(json, record, texts);
  else
    return parse_json(json, record);
}

/// Compared as text, because not every number is equal to itself.
template <class T>
void check(std::string_view json) {
  T record{};
  text_arena texts;
  if (const auto problem = read(json, record, texts)) {
    FUZZ_REQUIRE(!problem->what.empty() && problem->offset <= json.size(),
                 problem->message());
    return;
  }
  const std::string written = json_of(record);
  T again{};
  text_arena of_again;
  const auto problem = read(written, again, of_again);
  FUZZ_REQUIRE(!problem, written + ": " + problem->message());
  FUZZ_REQUIRE(json_of(again) == written, written);
}

void check_any(std::string_view json) {
  json_reader in(json);
  if (!(in.skip_value() && in.at_end()))
    FUZZ_REQUIRE(!in.problem().what.empty() || !in.at_end(), std::string(json));
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const std::string_view json = text_of(data, size);
  check<std::string>(json);
  check<double>(json);
  check<flat>(json);
  check<nested>(json);
  check<views>(json);
  check<several>(json);
  check_any(json);
  return 0;
}
