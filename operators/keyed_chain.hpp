// A keyed fold (count, reduce), the stateless steps behind it and the chain's end, as one
// task: one probe per record into the table, the result straight into the fused loop.
#pragma once

#include "operators/chain_end.hpp"
#include "operators/stage.hpp"

namespace weir {

/// What `count` emits: the key and how many records it has had so far, after every
/// record.
template <class Key>
struct counted {
  Key key;
  std::uint64_t count;
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

template <class Key, class In, class KeyFunction, class Fold, class Stage, class End>
class keyed_chain final : public task {
public:
  keyed_chain(const task_context& context, KeyFunction key_of, Fold fold, Stage stage,
              End end)
      : table_(context.max_parallelism, context.pages), key_of_(std::move(key_of)),
        fold_(std::move(fold)), stage_(std::move(stage)), end_(std::move(end)) {}

  void start(const task_start& from) override { end_.start(from); }

  std::size_t process(const batch_base& input, std::size_t from,
                      slice_budget& budget) override {
    const auto& records = static_cast<const batch<In>&>(input);
    while (from < records.size() && !end_.congested()) {
      from = process_block(records, from);
      if (budget.spent())
        break;
    }
    return from;
  }

  void close_batches() override { end_.close_batches(); }
  void finish() override { end_.finish(); }

  std::vector<operator_snapshot> snapshot() override {
    std::vector<operator_snapshot> saved;
    end_.snapshot(saved);
    return saved;
  }

  keyed_state* keyed() noexcept override { return &table_; }

private:
  static constexpr std::size_t prefetch_ahead = 24;

  std::size_t process_block(const batch<In>& records, std::size_t from) {
    const In* values = records.values();
    const std::uint64_t* hashes = records.hashes();
    const std::size_t size = records.size();
    const std::size_t end = std::min(size, from + block_records);
    auto& rows = table_.rows();
    return end_.in_block([&](auto write) {
      auto emit = [&](const auto& output) { stage_(output, write); };
      for (std::size_t i = from; i < end; ++i) {
        if (i + prefetch_ahead < size)
          rows.prefetch(hashes[i + prefetch_ahead]);
        const Key key = std::invoke(key_of_, values[i]);
        auto row = rows.write(key, hashes[i]);
        fold_(row.value, row.created, key, values[i], emit);
      }
      return end;
    });
  }

  keyed_table<Key, typename Fold::value> table_;
  KeyFunction key_of_;
  Fold fold_;
  Stage stage_;
  End end_;
};

} // namespace weir
