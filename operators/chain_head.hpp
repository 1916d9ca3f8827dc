// How chains begin, as recipes: each makes the task of one subtask once the steps and the
// end that follow are known.
#pragma once

#include "operators/exchanged_chain.hpp"
#include "operators/keyed_chain.hpp"
#include "operators/source_chain.hpp"

namespace weir::detail {

/// With a source.
template <class Spec>
struct source_head {
  std::string name;
  Spec spec;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    auto instance = spec.open(context.subtask, context.parallelism);
    using instance_type = decltype(instance);
    return std::make_unique<source_chain<instance_type, Stage, End>>(
        name, std::move(instance), std::move(stage), std::move(end), context.counters);
  }
};

/// With a keyed fold.
template <class Key, class In, class KeyFunction, class Fold>
struct keyed_head {
  KeyFunction key_of;
  Fold fold;

  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context& context, Stage stage, End end) const {
    return std::make_unique<keyed_chain<Key, In, KeyFunction, Fold, Stage, End>>(
        context, key_of, fold, std::move(stage), std::move(end));
  }
};

/// With an exchange, and with no fold.
template <class In>
struct exchanged_head {
  template <class Stage, class End>
  std::unique_ptr<task> make(const task_context&, Stage stage, End end) const {
    return std::make_unique<exchanged_chain<In, Stage, End>>(std::move(stage),
                                                             std::move(end));
  }
};

} // namespace weir::detail
