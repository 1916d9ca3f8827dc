#include "state/full/merge_rows.hpp"

#include "state/run_order.hpp"

#include <concepts>

namespace weir {

namespace {

// Calls `visit(rows, row)` for every row of the run, in ascending order of key.
template <std::invocable<const encoded_rows&, std::size_t> Visit>
void for_each_row_in_order(const encoded_run& run, Visit visit) {
  constexpr std::size_t rows_ahead = 24; // they lie in random order
  for (const encoded_rows& part : run.parts()) {
    const std::vector<std::uint32_t> order = run_order(part);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + rows_ahead < order.size())
        __builtin_prefetch(part.key(order[i + rows_ahead]).data());
      visit(part, std::size_t{order[i]});
    }
  }
}

} // namespace

void copy_rows(row_file_reader& from, row_file_writer& to) {
  for (; from.valid(); from.next())
    to.add(from.key(), from.value());
}

void write_run(const encoded_run& run, row_file_writer& to) {
  for_each_row_in_order(run, [&](const encoded_rows& rows, std::size_t row) {
    if (!rows.removed(row))
      to.add(rows.key(row), rows.value(row));
  });
}

void merge_rows(row_file_reader& before, const encoded_run& run, row_file_writer& to) {
  for_each_row_in_order(run, [&](const encoded_rows& rows, std::size_t row) {
    const auto key = rows.key(row);
    for (; before.valid(); before.next()) {
      const auto order = compare_keys(before.key(), key);
      if (order > 0)
        break;
      if (order < 0)
        to.add(before.key(), before.value());
    }
    if (!rows.removed(row))
      to.add(key, rows.value(row));
  });
  copy_rows(before, to);
}

} // namespace weir
