// What the runtime sees of a task's keyed state, whatever its types: seal, encode a
// slice, hand over a run, take rows back, do without some. All calls come from the owning
// task's thread.
#pragma once

#include "serialization/type_description.hpp"
#include "state/declared_state.hpp"
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

  virtual row_residence& residence() noexcept = 0;
  /// All rows have to be here before the first record is processed.
  virtual bool needs_all_rows() const noexcept { return false; }
  /// It may not become any larger.
  virtual bool is_full() const noexcept = 0;
  /// A seal would let rows go away, which are too many.
  virtual bool wants_seal() const noexcept = 0;
  /// Whether rows may be away, so that those of further records have to be looked for.
  virtual bool begin_window() = 0;
  /// Takes rows that were missing.
  virtual void arrived(const encoded_rows& found) = 0;
  /// Lets a few removed rows go; false when none is left that may.
  virtual bool let_go_some() = 0;
};

template <record_key Key, class Value>
class keyed_table : public keyed_state {
public:
  using table = row_table<Key, Value>;

  explicit keyed_table(std::uint32_t max_parallelism, page_supplier* pages = nullptr,
                       typename table::encoding how = {})
      : rows_(max_parallelism, pages, std::move(how)) {}

  table& rows() noexcept { return rows_; }

  epoch seal() final { return rows_.seal(); }
  bool encode_some() final { return rows_.encode_some(); }
  std::optional<sealed_run> take_run() final { return rows_.take_run(); }
  bool settle_some() final { return rows_.settle_some(); }

  encoded_rows empty_rows() const final { return encoded_rows(table::encoding::shape); }
  std::size_t restore(const encoded_rows& rows, std::size_t from,
                      std::size_t rows_max) final {
    const std::size_t end = std::min(rows.rows(), from + rows_max);
    rows_.restore_each(rows, from, end,
                       [this](typename table::place at) { restored(at); });
    return end;
  }

  row_residence& residence() noexcept final { return rows_.residence(); }
  bool is_full() const noexcept final { return rows_.is_full(); }
  bool wants_seal() const noexcept final { return rows_.wants_seal(); }
  bool begin_window() final { return rows_.begin_window(); }
  void arrived(const encoded_rows& found) final {
    rows_.restore_each(found, 0, found.rows(),
                       [this](typename table::place at) { restored(at); });
  }
  bool let_go_some() final { return rows_.let_go_some(); }

  static state_description description(std::string name) {
    return {std::move(name),           "value", type_description<Key>(),
            type_description<Value>(), {},      key_schema_of<Key>()};
  }
  /// The same with its type, for a restore; it belongs to a state that is all of a row.
  static declared_state declare(std::string name) requires record<Value> {
    return weir::declare(description(std::move(name)), schema_of<Value>());
  }

private:
  virtual void restored(typename table::place) {}

  table rows_;
};

} // namespace weir
