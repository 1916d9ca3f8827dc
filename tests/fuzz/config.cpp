// A file of options: it is no YAML, and the refusal says where, or each of its lines is
// an option, means nothing here, or is a problem of its own.
#include "runtime/config_file.hpp"
#include "serialization/error.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <charconv>

namespace weir::fuzz {

namespace {

const std::string file_name = "a.yaml";

/// The number behind the name of the file; 0 if there is none.
int line_in(std::string_view problem) {
  int line = 0;
  if (problem.starts_with(file_name + ":")) {
    problem.remove_prefix(file_name.size() + 1);
    std::from_chars(problem.data(), problem.data() + problem.size(), line);
  }
  return line;
}

void require_place(const std::string& problem, std::string_view text) {
  require_sentence(problem);
  const auto lines = std::ranges::count(text, '\n') + 1;
  FUZZ_REQUIRE(line_in(problem) >= 1 && line_in(problem) <= lines, problem);
}

void check_options(const config_file& file, std::string_view text) {
  run_config config;
  const std::vector<std::string> problems = set_options(config, file);
  for (const std::string& problem : problems)
    require_place(problem, text);
  for (const std::string& warning : config.warnings)
    require_sentence(warning);
  for (const auto& [name, given] : config.given)
    FUZZ_REQUIRE(find_option(name) != nullptr && line_in(given.origin) >= 1, name);
  for (const std::string& contradiction : contradictions(config))
    require_sentence(contradiction);
  run_config other;
  const auto refused = refusal_of([&] { set_options_or_throw(other, file); });
  FUZZ_REQUIRE(refused.has_value() == !problems.empty(), std::string(text));
  FUZZ_REQUIRE(other == config, "the same file sets something else");
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const std::string text(text_of(data, size));
  weir::config_file file;
  const auto refused = refusal_of([&] { file = weir::parse_config(file_name, text); });
  if (refused) {
    FUZZ_REQUIRE(refused->kind() == weir::failure::usage, refused->what());
    require_place(refused->what(), text);
  } else {
    check_options(file, text);
  }
  return 0;
}
