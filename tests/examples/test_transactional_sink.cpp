// A sink with transactions as users write one, under schedules in which everybody may
// die: what it commits arrives once, and nothing else does. docs/connectors.md quotes it.
#include "operators/weir.hpp"
#include "runtime/caf/simulation.hpp"
#include "tests/support/files.hpp"
#include "tests/support/seeds.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <set>

BOOST_AUTO_TEST_SUITE(transactional_sink)

namespace {

struct transfer {
  std::uint64_t number;
  std::int64_t cents;
};

/// What a subtask hands over at a time; its two numbers say which one it is.
struct bundle {
  std::uint32_t subtask;
  std::uint64_t number;
  std::vector<transfer> transfers;
};

/// Some system elsewhere. It knows a bundle again that it has booked.
class bank {
public:
  void book(const bundle& one) {
    const std::lock_guard lock(mutex_);
    if (!booked_.emplace(one.subtask, one.number).second)
      return;
    for (const transfer& each : one.transfers)
      numbers_.push_back(each.number);
  }
  std::vector<std::uint64_t> numbers() const { return numbers_; }

private:
  std::mutex mutex_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> booked_;
  std::vector<std::uint64_t> numbers_;
};

/// Books transfers at a bank, in bundles of what came between two checkpoints.
class book_at {
public:
  explicit book_at(std::shared_ptr<bank> where) : bank_(std::move(where)) {}

  class writer {
  public:
    using committable = bundle; // what a commit needs: it is in the checkpoint

    void start(const weir::transactions_start& from) {
      open_ = {from.subtask, from.next, {}};
    }
    void write(const transfer& one) { open_.transfers.push_back(one); }
    void flush() {}

    weir::prepared_transaction<bundle> prepare() {
      bundle done = std::exchange(open_, {open_.subtask, open_.number + 1, {}});
      if (done.transfers.empty())
        return {};
      return {std::move(done), {}};
    }

  private:
    bundle open_{};
  };

  template <std::same_as<transfer> T>
  writer open(std::uint32_t, std::uint32_t) const {
    return {};
  }

  /// The checkpoint exists, so it is for good. May come again after a failure.
  void commit(const std::vector<bundle>& bundles) const {
    for (const bundle& each : bundles)
      bank_->book(each);
  }

private:
  std::shared_ptr<bank> bank_;
};

void book_transfers(weir::job& job, std::uint64_t transfers,
                    const std::shared_ptr<bank>& where) {
  const auto made = [](std::uint64_t number, weir::random_stream& random) {
    return transfer{number, static_cast<std::int64_t>(random.below(10'000))};
  };
  job.source("transfers", weir::generate(transfers, made))
      .rebalance()
      .sink("bank", book_at(where));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_transfer_is_booked_once_whoever_dies) {
  std::uint64_t deaths = 0;
  weir::test::for_each_seed(40, [&](std::uint64_t seed) {
    weir::random_stream draw(seed, 9);
    const std::uint64_t transfers = 500 + draw.below(4000);
    const auto where = std::make_shared<bank>();
    weir::job job;
    book_transfers(job, transfers, where);
    const weir::testing::temporary_directory scratch(weir::testing::fast_directory());
    weir::run_config config;
    config.parallelism = 1 + static_cast<std::uint32_t>(draw.below(3));
    config.checkpoint_dir = scratch.path();
    config.checkpoint_interval = std::chrono::milliseconds(1 + draw.below(6));
    config.unaligned = draw.below(2) == 0;
    config.restart_attempts = 100;
    config.restart_delay = std::chrono::milliseconds(1);
    weir::simulation_options options;
    options.seed = seed;
    options.deaths_max = 4;
    options.death_within_steps = 50 + static_cast<std::uint32_t>(draw.below(250));
    const auto report = weir::simulate(job, config, options);
    deaths += report.deaths;
    BOOST_TEST(report.problem.value_or("") == "");
    auto booked = where->numbers();
    std::ranges::sort(booked);
    std::vector<std::uint64_t> all(transfers);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    BOOST_TEST((booked == all));
  });
  if (std::getenv("WEIR_SEED") == nullptr)
    BOOST_TEST(deaths > 40U); // or little was shown
}

BOOST_AUTO_TEST_SUITE_END()
