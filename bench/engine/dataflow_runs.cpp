#include "bench/engine/dataflow_runs.hpp"

#include "bench/engine/engine_job.hpp"
#include "bench/harness/allocations.hpp"

namespace weir::bench {

namespace {

using flowing_text = text_record<weir::text>;

/// The page stays, so the records need not own what they point to.
class text_maker {
public:
  text_maker(const text_params& params, const text_page& page, allocation_phases& phases)
      : seed_(params.seed), keys_(params.keys),
        half_(params.records / params.parallelism / 2), page_(&page), phases_(&phases) {}

  flowing_text operator()(std::uint64_t index, random_stream&) {
    if (drawn_++ == half_)
      phases_->source_is_half_done();
    const auto drawn = page_->draw(seed_, index, keys_);
    return {text(drawn.user), text(drawn.page), text(drawn.agent)};
  }

private:
  std::uint64_t seed_;
  std::uint64_t keys_;
  std::uint64_t half_;
  std::uint64_t drawn_ = 0;
  const text_page* page_;
  allocation_phases* phases_;
};

void define_fan(job& target, const fan_params& params,
                const std::shared_ptr<verdict>& result) {
  const auto weigh = [](const record& r) { return fan_weight(r); };
  const auto stream = [&](std::uint64_t first, std::uint64_t end) {
    return stream_of(end - first, fan_keys, params.seed, first);
  };
  if (params.how == fan::united) {
    const auto left = target.source("left", stream(0, params.records / 2));
    target.source("right", stream(params.records / 2, params.records))
        .union_with(left)
        .sink("sum", add_up(result, weigh));
    return;
  }
  const auto whole = target.source("stream", stream(0, params.records));
  if (params.how == fan::broadcast)
    whole.broadcast().sink("sum", add_up(result, weigh));
  else
    whole.rebalance().sink("sum", add_up(result, weigh));
}

} // namespace

run_figures run_text(const text_params& params) {
  const text_page page;
  allocation_phases phases;
  auto figures =
      run_engine(params.records, params.parallelism, {},
                 [&](job& target, const std::shared_ptr<verdict>& result) {
                   target
                       .source("stream",
                               generate(params.records, text_maker(params, page, phases)))
                       .key_by(&flowing_text::user)
                       .sink("sum", add_up(result, [](const flowing_text& r) {
                               return text_weight(r);
                             }));
                 })
          .figures;
  phases.ended();
  figures.extra["allocations_warming_up"] = phases.warming_up();
  figures.extra["allocations_per_record"] = phases.steady() / (figures.records / 2);
  return figures;
}

run_figures run_fan(const fan_params& params) {
  return run_engine(params.records, params.parallelism, {},
                    [&](job& target, const std::shared_ptr<verdict>& result) {
                      define_fan(target, params, result);
                    })
      .figures;
}

} // namespace weir::bench
