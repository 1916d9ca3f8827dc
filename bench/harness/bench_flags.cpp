#include "bench/harness/bench_flags.hpp"

#include <fmt/format.h>

#include <charconv>
#include <span>

namespace weir::bench {

namespace {

/// The words after the program's name, taken one by one.
class flag_reader {
public:
  explicit flag_reader(std::span<const char* const> words) : words_(words) {}

  bool done() const { return words_.empty(); }

  std::string_view next() {
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  std::string_view value(std::string_view flag) {
    if (done())
      throw flag_error(fmt::format("{} needs a value", flag));
    return next();
  }

  template <typename Number>
  Number positive(std::string_view flag) {
    const auto text = value(flag);
    Number number{};
    const auto [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || !(number > 0))
      throw flag_error(fmt::format("{} needs a positive number, not '{}'", flag, text));
    return number;
  }

private:
  std::span<const char* const> words_;
};

} // namespace

bench_flags parse_bench_flags(int argc, const char* const* argv) {
  flag_reader words({argv + 1, argv + argc});
  bench_flags flags;
  while (!words.done()) {
    const auto flag = words.next();
    if (flag == "--json")
      flags.json = words.value(flag);
    else if (flag == "--pairs")
      flags.pairs = words.positive<std::size_t>(flag);
    else if (flag == "--only")
      flags.only = words.value(flag);
    else if (flag == "--quick")
      flags.quick = true;
    else if (flag == "--kernel-only")
      flags.kernel_only = true;
    else if (flag == "--seconds")
      flags.seconds = words.positive<double>(flag);
    else if (flag == "--last")
      flags.last = words.value(flag);
    else if (flag == "--table")
      flags.table = words.value(flag);
    else if (flag == "--work")
      flags.work = words.value(flag);
    else
      throw flag_error(fmt::format("unknown flag '{}'; known are --json FILE, --pairs N, "
                                   "--only SUBSTRING, --quick, --kernel-only, "
                                   "--seconds S, --last FILE, --table FILE, --work DIR",
                                   flag));
  }
  if (flags.quick)
    flags.pairs = 1;
  return flags;
}

} // namespace weir::bench
