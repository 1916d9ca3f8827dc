#include "bench/kernels/exchange_actors.hpp"

#include "bench/kernels/batch_actors.hpp"

namespace weir::bench {

namespace {

struct exchange_work {
  using params = exchange_params;

  struct item {
    record data;
    std::uint64_t hash;
  };

  struct fold {
    std::uint64_t checksum = 0;
    std::uint64_t hashes = 0;

    explicit fold(const params&) {}
    void add(const item& record) {
      checksum += exchange_weight(record.data);
      hashes ^= record.hash;
    }
    void merge(const fold& other) {
      checksum += other.checksum;
      hashes ^= other.hashes;
    }
  };

  class producer {
  public:
    producer(const params& asked, std::size_t index)
        : seed_(asked.seed), keys_(asked.keys),
          left_(part_of(asked.records, index, asked.parallelism)) {}

    std::size_t fill(batch_outbox<item>& outbox, std::size_t consumers) {
      for (auto i = left_.begin; i < left_.end; ++i) {
        const auto drawn = draw(seed_, i, keys_);
        const auto hash = hash_of(drawn.key);
        const auto consumer = task_of(hash, consumers);
        auto& open = outbox.open(consumer);
        open.items[open.size++] = {drawn, hash};
        if (open.full()) {
          left_.begin = i + 1;
          return consumer;
        }
      }
      left_.begin = left_.end;
      return consumers;
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
