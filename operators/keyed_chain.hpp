// A keyed fold (count, reduce), the stateless steps behind it and the chain's end, as one
// task: one probe per record into the table, the result straight into the fused loop.
#pragma once

#include "operators/chain_task.hpp"

#include <array>

namespace weir {

/// What `sum`, `min` and `max` emit: the key and the value so far, after every record.
template <class Key, class Value>
struct folded {
  Key key;
  Value value;

  static constexpr std::array weir_fields{"key", "value"};
};

/// What `count` emits: the key and how many records it has had so far, after every
/// record.
template <class Key>
struct counted {
  Key key;
  std::uint64_t count;

  static constexpr std::array weir_fields{"key", "count"};
};

template <class Key>
struct count_fold {
  using value = std::uint64_t;
  using output = counted<Key>;

  template <class In, class Emit>
  [[gnu::always_inline]] void operator()(value& count, bool, const Key& key, const In&,
                                         Emit&& emit) {
    ++count;
    emit(output{key, count});
  }
};

template <class In, class F>
struct reduce_fold {
  using value = In;
  using output = In;
  F function;

  template <class Key, class Emit>
  [[gnu::always_inline]] void operator()(value& so_far, bool created, const Key&,
                                         const In& record, Emit&& emit) {
    so_far = created ? record : std::invoke(function, std::as_const(so_far), record);
    emit(so_far);
  }
};

/// Combines what `Projection` takes from each record. `Combine` has the record's value
/// as its second argument.
template <class Key, class Value, class Projection, class Combine>
struct projected_fold {
  using value = Value;
  using output = folded<Key, Value>;
  Projection project;
  Combine combine;

  template <class In, class Emit>
  [[gnu::always_inline]] void operator()(value& so_far, bool created, const Key& key,
                                         const In& record, Emit&& emit) {
    const auto fresh = static_cast<Value>(std::invoke(project, record));
    so_far = created ? fresh : combine(so_far, fresh);
    emit(output{key, so_far});
  }
};

template <class Key, class In, bool Timed, class KeyFunction, class Fold, class Stage,
          class End>
class keyed_chain final : public chain_task<Stage, End> {
public:
  keyed_chain(const task_context& context, KeyFunction key_of, Fold fold, Stage stage,
              End end)
      : chain_task<Stage, End>(context, std::move(stage), std::move(end)),
        table_(context.max_parallelism, context.pages), key_of_(std::move(key_of)),
        fold_(std::move(fold)) {}

  std::size_t process(std::uint32_t, const batch_base& records, std::size_t from,
                      slice_budget& budget) override {
    const keyed_reader<In, Key, Timed, KeyFunction> read(records, key_of_);
    return this->process_blocks(
        from, records.size(), budget,
        [&](std::size_t first, std::size_t last, auto emit, auto room) {
          return read.write_each(
              table_.rows(), first, last, [&](std::size_t i, const Key& key, auto row) {
                holding held(this->hand_, read.record(i));
                table_.rows().update(row.value, [&] {
                  fold_(row.value, row.created, key, read.record(i),
                        [&](const auto& output) { emit(output, read.time(i)); });
                });
                held.release();
                return room();
              });
        });
  }

  void look_for(std::uint32_t, const batch_base& records,
                encoded_rows& missing) override {
    keyed_reader<In, Key, Timed, KeyFunction>(records, key_of_)
        .look_for_each(table_.rows(), missing);
  }
  keyed_state* keyed() noexcept override { return &table_; }

private:
  keyed_table<Key, typename Fold::value> table_;
  KeyFunction key_of_;
  Fold fold_;
};

} // namespace weir
