#include "operators/io/print.hpp"

#include "operators/io/output_file.hpp"

#include <unistd.h>

namespace weir {

void print::write_to_stdout(std::string& lines) {
  output_file(STDOUT_FILENO, "standard output").write_all(lines);
  lines.clear();
}

} // namespace weir
