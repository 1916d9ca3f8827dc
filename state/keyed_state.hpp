// What the runtime sees of a task's keyed state, whatever its types: seal, encode a
// slice, hand over a run, take rows back. All calls come from the owning task's thread.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "serialization/type_description.hpp"
#include "state/row_table.hpp"

namespace weir {

class keyed_state {
public:
  virtual ~keyed_state() = default;

  virtual epoch seal() = 0;
  /// Encodes a small piece of the oldest sealed epoch; false when nothing is left.
  virtual bool encode_some() = 0;
  virtual std::optional<sealed_run> take_run() = 0;
  /// Moves a small piece to better memory; false when there is nothing to move, or no
  /// such memory yet.
  virtual bool settle_some() = 0;

  /// No rows, with this state's row sizes, for reading rows back.
  virtual encoded_rows empty_rows() const = 0;
  /// Takes rows `from`.. of a restored run, at most `rows_max`; returns the next row.
  virtual std::size_t restore(const encoded_rows& rows, std::size_t from,
                              std::size_t rows_max) = 0;
};

template <record_key Key, record Value>
class keyed_table final : public keyed_state {
public:
  explicit keyed_table(std::uint32_t max_parallelism, page_supplier* pages = nullptr)
      : rows_(max_parallelism, pages) {}

  row_table<Key, Value>& rows() noexcept { return rows_; }

  epoch seal() override { return rows_.seal(); }
  bool encode_some() override { return rows_.encode_some(); }
  std::optional<sealed_run> take_run() override { return rows_.take_run(); }
  bool settle_some() override { return rows_.settle_some(); }

  encoded_rows empty_rows() const override {
    return encoded_rows(row_table<Key, Value>::shape);
  }
  std::size_t restore(const encoded_rows& rows, std::size_t from,
                      std::size_t rows_max) override {
    const std::size_t end = std::min(rows.rows(), from + rows_max);
    for (std::size_t row = from; row < end; ++row)
      rows_.restore(rows.key(row), rows.value(row));
    return end;
  }

  static state_description description(std::string name) {
    return {std::move(name), "value", type_description<Key>(), type_description<Value>()};
  }

private:
  row_table<Key, Value> rows_;
};

} // namespace weir
