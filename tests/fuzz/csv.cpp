// A file of comma-separated values: what is read of it, written and read again is the
// same. The first byte is the separator.
#include "serialization/csv.hpp"

#include "tests/fuzz/fuzz_records.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <string>

namespace weir::fuzz {

namespace {

enum class colour : std::uint8_t { red, green = 200 };

struct order {
  std::string name;
  std::uint64_t id = 0;
  std::int8_t change = 0;
  double price = 0;
  float weight = 0;
  bool paid = false;
  char letter = 'a';
  colour paint{};
  std::chrono::milliseconds took{};
  std::chrono::sys_time<std::chrono::microseconds> at{};
  std::optional<std::string> comment;
  std::optional<std::int32_t> rank;
  static constexpr std::array weir_fields{"name",   "id",   "change",  "price",
                                          "weight", "paid", "letter",  "paint",
                                          "took",   "at",   "comment", "rank"};
};

template <class T>
std::string line_of(const T& record, char separator) {
  std::string line;
  append_csv(line, record, separator);
  return line;
}

/// Compared as text, because not every number is equal to itself.
template <class T>
void check_record(const T& record, char separator) {
  const std::string line = line_of(record, separator);
  csv_reader<T> reader(separator);
  T again{};
  const auto problem = reader.read(line, again);
  FUZZ_REQUIRE(!problem, line + ": " + problem->message());
  FUZZ_REQUIRE(line_of(again, separator) == line, line);
}

template <class T>
void check_lines(std::string_view text, char separator) {
  csv_reader<T> reader(separator);
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t length = std::min(csv_line_length(text), text.size());
    FUZZ_REQUIRE(length > 0, std::string(text));
    const std::string_view line = text.substr(0, length);
    text.remove_prefix(length);
    T record{};
    std::optional<parse_problem> problem;
    if (first && line.find_first_of("0123456789") == line.npos)
      problem = reader.read_header(line);
    else if (!(problem = reader.read(line, record)))
      check_record(record, separator);
    FUZZ_REQUIRE(!problem || (!problem->what.empty() && problem->offset <= line.size()),
                 std::string(line));
  }
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  std::string_view text = text_of(data, size);
  if (text.empty())
    return 0;
  constexpr std::string_view separators = ",;|\t";
  const bool known = separators.find(text.front()) != separators.npos;
  const char separator = known ? text.front() : ',';
  text.remove_prefix(1);
  check_lines<order>(text, separator);
  check_lines<views>(text, separator);
  return 0;
}
