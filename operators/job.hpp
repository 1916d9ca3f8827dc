// What a job function receives: the place where streams begin and options are read.
#pragma once

#include "operators/checkpoint_settings.hpp"
#include "operators/iteration.hpp"
#include "operators/state_backend.hpp"
#include "operators/united_stream.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace weir {

/// Arguments of the job, `--name value` or `--name=value` behind `--` on the command
/// line.
using job_options = std::map<std::string, std::string>;

class job {
public:
  explicit job(job_options options = {}) : options_(std::move(options)) {}

  /// Begins a stream. The name is the identity of the source's position in checkpoints.
  /// Side outputs are for what a source has to say beside its records, such as
  /// malformed_lines.
  template <source_spec Spec, any_side_output... Sides>
  auto source(const std::string& name, Spec spec, Sides...) {
    graph_.claim_name(name);
    chain begun;
    begun.name = name;
    begun.operators.push_back({.name = name, .rescales = rescales_of<Spec>()});
    if constexpr (requires { Spec::blocking; })
      begun.blocking = Spec::blocking;
    if constexpr (requires { spec.reads_once(); })
      begun.reads_once = spec.reads_once();
    using instance = decltype(spec.open(0, 1));
    static_assert((detail::emits_side<instance, Sides> && ...),
                  "the source never emits to this side output");
    using head = detail::source_head<Spec, detail::side_writers<false, Sides...>>;
    const chain_index first = graph_.add(std::move(begun));
    return stream<typename instance::output, head, identity_stage>(
        graph_, first,
        head{name, std::move(spec), detail::new_sides<false, Sides...>(graph_, first)},
        {});
  }

  /// Without chaining every sink has tasks of its own, as every source and keyed operator
  /// has anyway; so figures and failures tell them apart.
  void chaining(bool on) noexcept { graph_.set_chaining(on); }

  /// Where keyed state goes when a checkpoint is taken, unless an option says otherwise:
  /// `weir::rocksdb{}`, `weir::filesystem{}` or `weir::memory{}`.
  template <class Backend>
  requires requires(const Backend& backend) { backend.settings(); }
  void state_backend(const Backend& backend) {
    graph_.set_state_backend(backend.settings());
  }

  /// When checkpoints are taken and what becomes of them, unless options say otherwise.
  checkpoint_settings& checkpoints() noexcept { return checkpoints_; }
  const checkpoint_settings& checkpoints() const noexcept { return checkpoints_; }

  /// An option that must be given.
  std::string option(const std::string& name);
  /// An option with a default.
  std::string option(const std::string& name, std::string_view otherwise);
  std::uint64_t option(const std::string& name, std::uint64_t otherwise);

  const job_graph& graph() const noexcept { return graph_; }
  /// Throws failure::usage if an option was given that the job never asked for.
  void check_options() const;

private:
  const std::string* given(const std::string& name);

  job_graph graph_;
  checkpoint_settings checkpoints_;
  job_options options_;
  std::set<std::string> asked_;
};

} // namespace weir
