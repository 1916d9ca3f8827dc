// A test of a user's, of an operator of a user's, without a unit test library.
#include "operators/weir.hpp"
#include "runtime/testing.hpp"

#include <cstdio>
#include <stdexcept>

namespace {

constexpr weir::side_output<std::string, "first time"> first_time;

/// Greets everybody, the second time by how often they have come.
struct greeter {
  using output = std::string;
  struct state {
    std::uint32_t visits = 0;
  };

  void process(const std::string& name, state& known, auto& out) {
    if (++known.visits == 1)
      out.emit(first_time, name);
    else
      out.emit(name + " again, " + std::to_string(known.visits));
  }
};

void greets_visitors(weir::testing::mode how) {
  weir::testing::operator_harness<std::string, std::string> greetings(
      how,
      [](auto visitors) {
        return visitors.key_by(std::identity{}).process("greet", greeter(), first_time);
      },
      first_time);
  greetings.push({"Ada", "Bob", "Ada", "Ada"});
  greetings.finish();
  if (greetings.take() != std::vector<std::string>{"Ada again, 2", "Ada again, 3"} ||
      greetings.take(first_time) != std::vector<std::string>{"Ada", "Bob"})
    throw std::logic_error("wrong greetings");
}

} // namespace

int main() {
  try {
    weir::testing::in_every_mode(greets_visitors);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 1;
  }
}
