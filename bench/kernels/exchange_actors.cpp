#include "bench/kernels/exchange_actors.hpp"

#include "bench/kernels/batch_actors.hpp"

namespace weir::bench {

namespace {

struct exchange_work {
  using params = exchange_params;

  using item = hashed_item<record>;
  using fold = hashed_fold<record, exchange_weight>;

  class producer {
  public:
    producer(const params& asked, std::size_t index)
        : seed_(asked.seed), keys_(asked.keys),
          left_(part_of(asked.records, index, asked.parallelism)) {}

    std::size_t fill(batch_outbox<item>& outbox, std::size_t consumers) {
      return outbox.fill(left_, [&, seed = seed_, keys = keys_](std::uint64_t i) {
        const auto drawn = draw(seed, i, keys);
        const auto hash = hash_of(drawn.key);
        const auto consumer = task_of(hash, consumers);
        outbox.next_item(consumer) = {drawn, hash};
        return consumer;
      });
    }

  private:
    std::uint64_t seed_;
    std::uint64_t keys_;
    index_range left_;
  };
};

} // namespace

run_figures exchange_actors(const exchange_params& params) {
  auto [folded, figures] = run_batch_actors<exchange_work>(
      params, params.records, all_to_all(params.parallelism), params.parallelism);
  figures.checksum = folded.checksum;
  figures.extra["hash_fold"] = static_cast<double>(folded.hashes);
  return figures;
}

} // namespace weir::bench
