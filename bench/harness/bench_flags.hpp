// The command line of a benchmark.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::bench {

struct bench_flags {
  std::optional<std::filesystem::path> json = std::nullopt;
  std::size_t pairs = 9;
  /// Only questions whose name contains this.
  std::string only = "";
  /// Small sizes and one pair: shows that everything runs, claims nothing.
  bool quick = false;
  bool kernel_only = false;
  /// Target length of a run; the question's own where absent.
  std::optional<double> seconds = std::nullopt;
  /// Figures to compare with, as --json once wrote them; none: those of the tree.
  std::optional<std::filesystem::path> last = std::nullopt;
  /// Where the answers go as a table for a page of documentation.
  std::optional<std::filesystem::path> table = std::nullopt;
  /// Where runs keep their databases.
  std::filesystem::path work = std::filesystem::temp_directory_path();

  bool selects(std::string_view question) const {
    return question.find(only) != std::string_view::npos;
  }
};

/// One line that says which flag is wrong; the program prints it and exits with 2.
class flag_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws flag_error.
bench_flags parse_bench_flags(int argc, const char* const* argv);

} // namespace weir::bench
