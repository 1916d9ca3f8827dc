// The job that the crash harness kills: a count per key, and two keyed hops in a row that
// carry every record's number to the output. Compiled a second time with a state of
// another type, to which the rows of the first one are migrated.
#include "operators/weir.hpp"
#include "serialization/error.hpp"
#include "tests/crash/crash_records.hpp"

#include <atomic>

using weir::testing::crash_record;

namespace {

#ifdef WEIR_CRASH_JOB_EVOLVED
using bucket_count = std::uint64_t;
#else
using bucket_count = std::uint32_t;
#endif

struct arrival {
  std::uint64_t key;
  std::uint64_t number;
  std::uint64_t of_key;   // how many records of its key so far
  bucket_count of_bucket; // how many records of its bucket so far
};

arrival count_in_key(const arrival& before, const arrival& now) {
  return {now.key, now.number, before.of_key + 1, 1};
}

arrival count_in_bucket(const arrival& before, const arrival& now) {
  return {now.key, now.number, now.of_key, before.of_bucket + 1};
}

/// Fails each time this process has had so many records.
class flaw {
public:
  explicit flaw(std::uint64_t every) : every_(every) {}

  crash_record operator()(const crash_record& record) const {
    static std::atomic<std::uint64_t> seen{0};
    if (every_ > 0 && ++seen % every_ == 0)
      throw weir::error(weir::failure::job_failed, "this failure was asked for");
    return record;
  }

private:
  std::uint64_t every_;
};

/// Takes its time with each record, so that they pile up before it.
class drag {
public:
  explicit drag(std::uint64_t steps) : steps_(steps) {}

  arrival operator()(const arrival& passing) const {
    volatile std::uint64_t done = 0;
    while (done < steps_)
      done = done + 1;
    return passing;
  }

private:
  std::uint64_t steps_;
};

} // namespace

void weir_job(weir::job& job) {
  const std::string output = job.option("output");
  const std::uint64_t keys = job.option("keys", 1000);
  const std::uint64_t pace = job.option("per-second", 0);
  const std::uint64_t seed = job.option("seed", 1);
  const auto make = [keys](std::uint64_t number, weir::random_stream& random) {
    return weir::testing::make_crash_record(keys, number, random);
  };
  const auto records = weir::generate(job.option("records", 100'000), make)
                           .seed(seed)
                           .records_per_second(pace);
  const bool transactional = job.option("transactional", 0) != 0;
  const auto counts = job.source("records", records)
                          .map(flaw(job.option("fail-every", 0)))
                          .filter(weir::testing::is_kept)
                          .key_by(&crash_record::key)
                          .count("counts");
  const auto arrivals =
      job.source("arrivals", records)
          .filter(weir::testing::is_kept)
          .map([](const crash_record& r) {
            return arrival{r.key, r.number, 1, 1};
          })
          .key_by(&arrival::key)
          .reduce("keys", count_in_key)
          .map(drag(job.option("drag", 0)))
          .key_by([](const arrival& a) { return weir::testing::bucket_of(a.key); })
          .reduce("buckets", count_in_bucket);
  const weir::write_lines to_counts(output + "/counts");
  const weir::write_lines to_arrivals(output + "/arrivals");
  if (transactional) {
    counts.sink("count-lines", to_counts.transactional());
    arrivals.sink("arrival-lines", to_arrivals.transactional());
  } else {
    counts.sink("count-lines", to_counts);
    arrivals.sink("arrival-lines", to_arrivals);
  }
}
