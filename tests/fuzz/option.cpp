// What stands behind the `=` of -D, behind a byte that says of which option: a value that
// is the same when it is set again, or it is refused with what the option takes. As a
// name, it is known or refused with a name that is.
#include "runtime/config.hpp"
#include "runtime/config_foreign.hpp"
#include "runtime/config_values.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr std::size_t value_bytes_max = 100;
constexpr std::size_t name_bytes_max = 30; // to look for the nearest one takes long

void require_bounds(const run_config& config) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest = std::chrono::days(365);
  for (const milliseconds each :
       {config.buffer_timeout, config.watermark_interval, config.checkpoint_timeout,
        config.checkpoint_min_pause, config.aligned_timeout, config.restart_delay,
        config.checkpoint_interval.value_or(milliseconds())})
    FUZZ_REQUIRE(each.count() >= 0 && each <= longest, std::to_string(each.count()));
  FUZZ_REQUIRE(config.parallelism >= 1, "no task");
}

void check_option(const config_option& option, const std::string& value) {
  run_config config;
  const auto refused = refusal_of([&] { set_option(config, option.name, value); });
  if (refused) {
    const std::string what = refused->what();
    FUZZ_REQUIRE(refused->kind() == failure::usage, what);
    FUZZ_REQUIRE(what.find(option.name) != what.npos, what);
    FUZZ_REQUIRE(config == run_config(), "what was refused has set something");
    return;
  }
  require_bounds(config);
  run_config again = config;
  set_option(again, option.name, value);
  FUZZ_REQUIRE(again == config, option.name + "=" + value);
}

void check_size(const std::string& value) {
  if (const auto size = values::read_memory_size(value))
    FUZZ_REQUIRE(values::read_memory_size(std::to_string(*size)) == size, value);
}

void check_name(const std::string& name) {
  run_config config;
  const auto refused = refusal_of([&] { set_option(config, name, "1"); });
  FUZZ_REQUIRE(!refused || refused->kind() == failure::usage, refused->what());
  const foreign_verdict verdict = judge_foreign(name, "1");
  FUZZ_REQUIRE(find_option(name) != nullptr || refused ||
                   verdict.what == foreign_verdict::kind::accepted,
               name);
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  if (size == 0)
    return 0;
  const auto& options = weir::config_options();
  const std::string value(text_of(data + 1, std::min(size - 1, value_bytes_max)));
  check_option(options[data[0] % options.size()], value);
  check_size(value);
  check_name(value.substr(0, name_bytes_max));
  return 0;
}
