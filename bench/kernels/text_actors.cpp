#include "bench/kernels/text_actors.hpp"

#include "bench/harness/allocations.hpp"
#include "bench/kernels/batch_actors.hpp"
#include "bench/kernels/stream.hpp"
#include "state/hash.hpp"

namespace weir::bench {

namespace {

struct text_run {
  text_params asked;
  const text_page* page;
  allocation_phases* phases;
};

struct text_work {
  using params = text_run;

  using record = text_record<std::string>;
  using item = hashed_item<record>;
  using fold = hashed_fold<record, text_weight<std::string>>;

  class producer {
  public:
    producer(const params& run, std::size_t index)
        : run_(run), left_(part_of(run.asked.records, index, run.asked.parallelism)),
          half_(left_.begin + (left_.end - left_.begin) / 2) {}

    std::size_t fill(batch_outbox<item>& outbox, std::size_t consumers) {
      return outbox.fill(left_, [&, this](std::uint64_t i) {
        if (i == half_)
          run_.phases->source_is_half_done();
        const auto drawn = run_.page->draw(run_.asked.seed, i, run_.asked.keys);
        const auto hash = weir::detail::hash_text(0, drawn.user);
        const auto consumer = task_of(hash, consumers);
        auto& slot = outbox.next_item(consumer);
        // Assigned, so that the strings keep their memory.
        slot.data.user = drawn.user;
        slot.data.page = drawn.page;
        slot.data.agent = drawn.agent;
        slot.hash = hash;
        return consumer;
      });
    }

  private:
    params run_;
    index_range left_;
    std::uint64_t half_;
  };
};

} // namespace

run_figures text_actors(const text_params& params) {
  const text_page page;
  allocation_phases phases;
  auto [folded, figures] =
      run_batch_actors<text_work>({params, &page, &phases}, params.records,
                                  all_to_all(params.parallelism), params.parallelism);
  phases.ended();
  figures.checksum = folded.checksum;
  figures.extra["hash_fold"] = static_cast<double>(folded.hashes);
  figures.extra["allocations_warming_up"] = phases.warming_up();
  figures.extra["allocations_per_record"] = phases.steady() / (figures.records / 2);
  return figures;
}

} // namespace weir::bench
