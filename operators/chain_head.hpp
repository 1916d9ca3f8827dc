// How chains begin, as recipes: each makes the task of one subtask once the steps and the
// end that follow are known.
#pragma once

#include "operators/exchanged_chain.hpp"
#include "operators/keyed_chain.hpp"
#include "operators/process_chain.hpp"
#include "operators/source_chain.hpp"

namespace weir::detail {

/// With a source.
template <class Spec, class Sides>
struct source_head {
  static constexpr bool timed = false;
  template <class Side>
  static constexpr bool declares = Sides::template has<Side>;
  template <class Side>
  static constexpr bool side_timed = false;

  std::string name;
  Spec spec;
  Sides sides;

  template <class Side>
  std::uint32_t output_of() const {
    return sides.template output_of<Side>();
  }

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    auto instance = spec.open(context.subtask, context.parallelism);
    using instance_type = decltype(instance);
    return std::make_unique<source_chain<instance_type, Sides, Stage, End>>(
        context, name, std::move(instance), sides, std::move(stage), std::move(end));
  }
};

/// With a keyed fold.
template <class Key, class In, bool Timed, class KeyFunction, class Fold>
struct keyed_head {
  static constexpr bool timed = Timed;
  template <class Side>
  static constexpr bool declares = false;

  KeyFunction key_of;
  Fold fold;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    return std::make_unique<keyed_chain<Key, In, Timed, KeyFunction, Fold, Stage, End>>(
        context, key_of, fold, std::move(stage), std::move(end));
  }
};

/// With an exchange, and with no fold.
template <class In, bool Timed>
struct exchanged_head {
  static constexpr bool timed = Timed;
  template <class Side>
  static constexpr bool declares = false;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    return std::make_unique<exchanged_chain<In, Timed, Stage, End>>(
        context, std::move(stage), std::move(end));
  }
};

/// With a process function behind one or two inputs.
template <class Host, class... Inputs>
struct process_head {
  static constexpr bool timed = (Inputs::timed || ...);
  template <class Side>
  static constexpr bool declares = Host::template declares<Side>;
  template <class Side>
  static constexpr bool side_timed = Host::template side_timed<Side>;

  Host host;
  std::tuple<Inputs...> inputs;

  template <class Side>
  std::uint32_t output_of() const {
    return host.template output_of<Side>();
  }

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    return std::make_unique<process_chain<Host, Stage, End, Inputs...>>(
        context, host, inputs, std::move(stage), std::move(end));
  }
};

} // namespace weir::detail
