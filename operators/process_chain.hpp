// A process function behind one or two inputs, the steps behind it and the chain's end,
// as one task. An input is keyed, and then its records come with the state of their key,
// or it is not.
#pragma once

#include "operators/chain_task.hpp"
#include "operators/process.hpp"

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

/// The rows of a function that keeps a state for each key.
template <class Key, class F>
struct key_states {
  key_states(const task_context&) {}
  keyed_state* keyed() noexcept { return nullptr; }
};
template <class Key, keeps_key_state F>
requires(!std::is_void_v<Key>) struct key_states<Key, F> {
  using table_type = keyed_table<Key, typename F::state>;

  key_states(const task_context& context)
      : table(context.max_parallelism, context.pages) {}
  keyed_state* keyed() noexcept { return &table; }

  table_type table;
};

} // namespace detail

template <class F, class Host, class Stage, class End, class... Inputs>
class process_chain final : public chain_task<Stage, End, Host> {
  using base = chain_task<Stage, End, Host>;
  using key = typename detail::common_key<Inputs...>::type;
  using entrance = detail::entrance;

public:
  process_chain(const task_context& context, Host host, std::tuple<Inputs...> inputs,
                Stage stage, End end)
      : base(context, std::move(stage), std::move(end), std::move(host)),
        inputs_(std::move(inputs)), states_(context) {}

  std::size_t process(std::uint32_t input, const batch_base& records, std::size_t from,
                      slice_budget& budget) override {
    if constexpr (sizeof...(Inputs) == 1)
      return take<0, entrance::process>(records, from, budget);
    else if (input == 0)
      return take<0, entrance::process_first>(records, from, budget);
    else
      return take<1, entrance::process_second>(records, from, budget);
  }

  keyed_state* keyed() noexcept override { return states_.keyed(); }

private:
  /// The time of what is emitted: of the record, if there are any times at all.
  using time = detail::time_of<(Inputs::timed || ...)>;

  template <std::size_t Number, entrance Way>
  std::size_t take(const batch_base& records, std::size_t from, slice_budget& budget) {
    auto& input = std::get<Number>(inputs_);
    const auto read = input.reader(records);
    return this->process_blocks(
        from, records.size(), budget,
        [&](std::size_t first, std::size_t last, auto emit, auto room) {
          if constexpr (keeps_key_state<F> &&
                        detail::is_keyed<
                            std::tuple_element_t<Number, std::tuple<Inputs...>>>) {
            return read.write_each(states_.table.rows(), first, last,
                                   [&](std::size_t i, const key&, auto row) {
                                     holding held(this->hand_, read.record(i));
                                     states_.table.rows().update(row.value, [&] {
                                       this->front_.template call<Way, time>(
                                           read.record(i), read.time(i), emit, row.value);
                                     });
                                     held.release();
                                     return room();
                                   });
          } else {
            do {
              holding held(this->hand_, read.record(first));
              this->front_.template call<Way, time>(read.record(first), read.time(first),
                                                    emit);
              held.release();
            } while (++first < last && room());
            return first;
          }
        });
  }

  std::tuple<Inputs...> inputs_;
  detail::key_states<key, F> states_;
};

} // namespace weir
