// A run and the rows that were there before it, as one row file. The uploader's thread.
#pragma once

#include "state/encoded_run.hpp"
#include "state/full/row_file_reader.hpp"
#include "state/full/row_file_writer.hpp"

namespace weir {

/// Writes the rows that `from` has left.
void copy_rows(row_file_reader& from, row_file_writer& to);

/// Writes the rows of `run`, but for those that are removed.
void write_run(const encoded_run& run, row_file_writer& to);

/// Writes the rows of `before` as `run` leaves them.
void merge_rows(row_file_reader& before, const encoded_run& run, row_file_writer& to);

} // namespace weir
