// A process function behind one or two inputs, the steps behind it and the chain's end,
// as one task. An input is keyed, and then its records come with the state of their key,
// or it is not.
#pragma once

#include "operators/chain_task.hpp"
#include "operators/process.hpp"
#include "state/bound_states.hpp"

namespace weir {

namespace detail {

/// An input as it comes.
template <class T, bool Timed>
struct plain_input {
  using record = T;
  using key = void;
  static constexpr bool timed = Timed;

  auto reader(const batch_base& records) { return stream_reader<T, Timed>(records); }
};

/// An input by key.
template <class T, bool Timed, class KeyFunction>
struct keyed_input {
  using record = T;
  using key = key_type_of<KeyFunction, T>;
  static constexpr bool timed = Timed;

  KeyFunction key_of;

  auto reader(const batch_base& records) {
    return keyed_reader<T, key, Timed, KeyFunction>(records, key_of);
  }
};

template <class Input>
constexpr bool is_keyed = !std::is_void_v<typename Input::key>;

/// The key that all keyed ones of some inputs have; void if none is.
template <class... Inputs>
struct common_key {
  using type = void;
};
template <class First, class... Others>
struct common_key<First, Others...> {
  using others = typename common_key<Others...>::type;
  using type = std::conditional_t<is_keyed<First>, typename First::key, others>;
  static_assert(!is_keyed<First> || std::is_void_v<others> ||
                    std::same_as<typename First::key, others>,
                "both streams are keyed, by keys of different types");
};

/// What a function keeps for each key: nothing,
template <class Key, class Host>
struct key_states {
  key_states(const task_context&, Host&) {}
  keyed_state* keyed() noexcept { return nullptr; }
};
/// a record,
template <class Key, class Host>
requires(!std::is_void_v<Key> && keeps_key_state<typename Host::function_type>) //
    struct key_states<Key, Host> {
  key_states(const task_context& context, Host&)
      : table(context.max_parallelism, context.pages) {}
  keyed_state* keyed() noexcept { return &table; }
  auto& rows() noexcept { return table.rows(); }

  keyed_table<Key, typename Host::function_type::state> table;
};
/// or what it has bound,
template <class Key, class Host>
requires(!std::is_void_v<Key> && Host::binds) struct key_states<Key, Host> {
  key_states(const task_context& context, Host& host)
      : bound(context.max_parallelism, context.pages, host.of_task(),
              [&](state_binder& state) { host.bind(state); }) {}
  keyed_state* keyed() noexcept { return bound.empty() ? nullptr : &bound; }
  auto& rows() noexcept { return bound.rows(); }

  bound_states<Key> bound;
};
/// which is nothing where no stream is keyed.
template <class Host>
requires(Host::binds) struct key_states<void, Host> {
  key_states(const task_context&, Host& host) { host.bind_without_key(); }
  keyed_state* keyed() noexcept { return nullptr; }
};

} // namespace detail

template <class Host, class Stage, class End, class... Inputs>
class process_chain final : public chain_task<Stage, End, Host> {
  using base = chain_task<Stage, End, Host>;
  using key = typename detail::common_key<Inputs...>::type;
  using entrance = detail::entrance;
  template <std::size_t Number>
  using input = std::tuple_element_t<Number, std::tuple<Inputs...>>;
  static constexpr bool keeps_rows =
      Host::binds || keeps_key_state<typename Host::function_type>;

public:
  process_chain(const task_context& context, Host host, std::tuple<Inputs...> inputs,
                Stage stage, End end)
      : base(context, std::move(stage), std::move(end), std::move(host)),
        inputs_(std::move(inputs)), states_(context, this->front_) {}

  std::size_t process(std::uint32_t number, const batch_base& records, std::size_t from,
                      slice_budget& budget) override {
    if constexpr (sizeof...(Inputs) == 1)
      return take<0, entrance::process>(records, from, budget);
    else if (number == 0)
      return take<0, entrance::process_first>(records, from, budget);
    else
      return take<1, entrance::process_second>(records, from, budget);
  }

  void look_for(std::uint32_t number, const batch_base& records,
                encoded_rows& missing) override {
    if (number == 0)
      look_for_keys_of<0>(records, missing);
    else if constexpr (sizeof...(Inputs) > 1)
      look_for_keys_of<1>(records, missing);
  }

  bool fire_timers([[maybe_unused]] slice_budget& budget) override {
    if constexpr (Host::template fires<key>)
      return fire(budget);
    else
      return false;
  }

  void tell_time(processing_time now) override {
    base::tell_time(now);
    if constexpr (Host::binds && !std::is_void_v<key>)
      states_.bound.tell_time(now);
  }
  std::optional<processing_time> next_deadline() const override {
    if constexpr (Host::template fires<key>)
      return states_.bound.row().next_deadline();
    else
      return std::nullopt;
  }

  keyed_state* keyed() noexcept override { return states_.keyed(); }

private:
  template <std::size_t Number>
  void look_for_keys_of([[maybe_unused]] const batch_base& records,
                        [[maybe_unused]] encoded_rows& missing) {
    if constexpr (detail::is_keyed<input<Number>> && keeps_rows)
      std::get<Number>(inputs_).reader(records).look_for_each(states_.rows(), missing);
  }

  /// Which deadline is in hand.
  template <class Key>
  struct deadline_of {
    const Key& of;
    void note_rest(record_in_hand& hand) const noexcept { hand.note_timer(of); }
  };

  /// Like process_blocks, with deadlines instead of records.
  bool fire(slice_budget& budget) {
    const auto& row = states_.bound.row();
    if (this->stage_.pending() && !rest_of_timer_)
      return false; // the rest of a record, which goes first
    const auto due = [&] {
      return row.has_due(this->input_reached_) || row.has_due(this->clock_.now);
    };
    for (bool began = false; rest_of_timer_ || due(); began = true) {
      if (this->congested() || (began && budget.spent()))
        return true;
      if (rest_of_timer_)
        this->resume_block();
      else
        fire_block();
      rest_of_timer_ = this->stage_.pending();
    }
    return false;
  }

  void fire_block() {
    const auto block = [this](std::size_t, std::size_t last, auto emit, auto room) {
      auto& row = states_.bound.row();
      for (std::size_t i = 0; i < last; ++i) {
        auto fired = row.enter_due(this->input_reached_);
        if (!fired)
          fired = row.enter_due(this->clock_.now);
        if (!fired)
          break;
        const deadline_of<key> in_hand{row.key()};
        holding held(this->hand_, in_hand);
        this->front_.fire(row.key(), *fired, emit);
        held.release();
        row.leave();
        if (!room())
          break;
      }
      return last;
    };
    this->run_block(0, block_records, block);
  }

  /// The time of what is emitted: of the record, if there are any times at all.
  using time = detail::time_of<(Inputs::timed || ...)>;

  template <std::size_t Number, entrance Way>
  std::size_t take(const batch_base& records, std::size_t from, slice_budget& budget) {
    const auto read = std::get<Number>(inputs_).reader(records);
    return this->process_blocks(
        from, records.size(), budget,
        [&](std::size_t first, std::size_t last, auto emit, auto room) {
          if constexpr (detail::is_keyed<input<Number>>)
            return take_keyed<Way>(read, first, last, emit, room);
          else
            return take_plain<Way>(read, first, last, emit, room);
        });
  }

  template <entrance Way, class Reader, class Emit, class Room>
  [[gnu::always_inline]] std::size_t take_plain(const Reader& read, std::size_t first,
                                                std::size_t last, Emit& emit,
                                                Room& room) {
    do {
      holding held(this->hand_, read.record(first));
      this->front_.template call<Way, time>(read.record(first), read.time(first), emit);
      held.release();
    } while (++first < last && room());
    return first;
  }

  template <entrance Way, class Reader, class Emit, class Room>
  [[gnu::always_inline]] std::size_t take_keyed(const Reader& read, std::size_t first,
                                                std::size_t last, Emit& emit,
                                                Room& room) {
    const auto call = [&](std::size_t i, const key& of, auto&... state) {
      holding held(this->hand_, read.record(i));
      this->front_.template call_for<Way, time>(of, read.record(i), read.time(i), emit,
                                                state...);
      held.release();
    };
    if constexpr (Host::binds) {
      auto& row = states_.bound.row();
      return read.find_each(
          states_.rows(), first, last,
          [&](std::size_t i, const key& of, std::uint64_t hash, auto at) {
            row.enter(of, hash, at);
            call(i, of);
            row.leave();
            return room();
          });
    } else if constexpr (keeps_key_state<typename Host::function_type>) {
      auto& rows = states_.rows();
      return read.write_each(rows, first, last,
                             [&](std::size_t i, const key& of, auto row) {
                               rows.update(row.value, [&] { call(i, of, row.value); });
                               return room();
                             });
    } else {
      do {
        call(first, read.key(first));
      } while (++first < last && room());
      return first;
    }
  }

  std::tuple<Inputs...> inputs_;
  detail::key_states<key, Host> states_;
  bool rest_of_timer_ = false; // what is pending in the steps is of a deadline
};

} // namespace weir
