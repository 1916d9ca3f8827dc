#include "state/save_rows.hpp"

#include "serialization/crash_point.hpp"
#include "state/full/row_file_writer.hpp"

namespace weir {

namespace {

constexpr std::size_t rows_at_once = 4096;

} // namespace

keyed_handle save_rows(backend& rows, const std::filesystem::path& directory,
                       const std::string& file_name, bool compress) {
  file_row_output out(directory / file_name);
  row_file_writer writer(out, compress);
  const auto cursor = rows.scan();
  for (bool more = true; more;) {
    encoded_rows read(std::nullopt);
    more = cursor->read(read, rows_at_once);
    for (std::size_t row = 0; row < read.rows(); ++row)
      writer.add(read.key(row), read.value(row));
  }
  const measured_file written = writer.finish();
  out.make_durable();
  crash_point("savepoint.rows-written");
  return {.file = {.name = file_name, .size = written.size, .sum = written.sum},
          .shared = {}};
}

} // namespace weir
