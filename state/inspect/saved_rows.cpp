#include "state/inspect/saved_rows.hpp"

#include "state/full/row_file_reader.hpp"

namespace weir {

namespace {

class rows_of_file final : public saved_rows {
public:
  rows_of_file(std::shared_ptr<const row_input> input, const saved_rows_place& place)
      : rows_(std::move(input), place.source.groups) {
    while (rows_.valid() && compare_keys(rows_.key(), place.from) < 0)
      rows_.next();
  }

  bool valid() const override { return rows_.valid(); }
  std::span<const std::byte> key() const override { return rows_.key(); }
  std::span<const std::byte> value() const override { return rows_.value(); }
  void next() override { rows_.next(); }

private:
  row_file_reader rows_;
};

} // namespace

std::unique_ptr<saved_rows> open_row_file(const saved_rows_place& place) {
  return std::make_unique<rows_of_file>(
      open_row_input(place.data, place.source.handle.file), place);
}

} // namespace weir
