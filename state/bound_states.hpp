// All that one task keeps for the function of one operator that binds its states by name:
// the layout that comes of it, the table of rows, and the row in hand.
#pragma once

#include "state/bound_rows.hpp"
#include "state/keyed_state.hpp"
#include "state/state_binder.hpp"

namespace weir {

namespace detail {

/// What has to be there before the table.
template <record_key Key>
struct bound_layout {
  template <class Bind>
  bound_layout(task_states& of_task, Bind& bind) {
    state_binder binder(layout, row, type_description<Key>(), key_schema_of<Key>(),
                        of_task);
    bind(binder);
  }
  bound_layout(const bound_layout&) = delete; // handles refer to the row
  bound_layout& operator=(const bound_layout&) = delete;

  state_layout layout;
  row_in_table<Key> row;
};

} // namespace detail

template <record_key Key>
class bound_states final : private detail::bound_layout<Key>,
                           public keyed_table<Key, state_row> {
  using parts = detail::bound_layout<Key>;
  using base = keyed_table<Key, state_row>;

public:
  /// `bind` is given a state_binder, once, before this returns. What it binds for the
  /// task goes to `of_task`.
  template <class Bind>
  bound_states(std::uint32_t max_parallelism, page_supplier* pages, task_states& of_task,
               Bind bind)
      : parts(of_task, bind),
        base(max_parallelism, pages,
             row_encoding<Key, state_row>(parts::layout, parts::row.now())) {
    parts::row.attach(this->rows(), parts::layout);
  }

  /// What such a `bind` binds for each key.
  template <class Bind>
  static std::vector<declared_state> declare(task_states& of_task, Bind bind) {
    return parts(of_task, bind).layout.declared();
  }

  bool empty() const noexcept { return parts::layout.states().empty(); }
  bool has_timers() const noexcept { return !parts::layout.timers().empty(); }
  /// Deadlines are looked for in memory.
  bool needs_all_rows() const noexcept override { return has_timers(); }
  row_in_table<Key>& row() noexcept { return parts::row; }
  const row_in_table<Key>& row() const noexcept { return parts::row; }

  /// It is so late. Between two records: what has expired leaves some at a time.
  void tell_time(processing_time now) {
    parts::row.tell_time(now);
    if (!parts::layout.expires() || now - swept_ < sweep_every)
      return;
    this->rows().sweep(static_cast<std::size_t>(
        std::min<std::int64_t>((now - swept_) / sweep_every, blocks_max)));
    swept_ = now;
  }

private:
  // To look at a block takes about 1 us (measured: 0.9 to 1.5, with 8 rows in it), so the
  // sweep is 1 or 2 of 100 us, and 10 M rows are seen in two minutes.
  static constexpr std::chrono::microseconds sweep_every{100};
  static constexpr std::int64_t blocks_max = 16;

  void restored(typename base::table::place at) override {
    parts::row.index_restored(at);
  }

  processing_time swept_{};
};

} // namespace weir
