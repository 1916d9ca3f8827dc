// Output that is committed with checkpoints: when it is seen, and what becomes of a job
// whose second phase fails.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <numeric>
#include <set>

namespace weir::testing::test_second_phase {

namespace {

constexpr std::uint64_t numbers = 5000;

struct page {
  std::uint32_t subtask;
  std::uint64_t number;
  std::vector<std::uint64_t> entries;
};

/// A book elsewhere, which is closed at times. It knows a page again.
class book {
public:
  int closed = 0; // so many times more

  void add(const page& one) {
    const std::lock_guard lock(mutex_);
    if (closed > 0) {
      --closed;
      throw std::runtime_error("the book is closed");
    }
    if (pages_.emplace(one.subtask, one.number).second)
      entries_.insert(entries_.end(), one.entries.begin(), one.entries.end());
  }
  bool has_all_once() const {
    auto sorted = entries_;
    std::ranges::sort(sorted);
    std::vector<std::uint64_t> all(numbers);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    return sorted == all;
  }
  std::size_t entries() const { return entries_.size(); }

private:
  std::mutex mutex_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> pages_;
  std::vector<std::uint64_t> entries_;
};

class write_book {
public:
  explicit write_book(book& into) : into_(&into) {}

  class writer {
  public:
    using committable = page;
    void start(const transactions_start& from) { open_ = {from.subtask, from.next, {}}; }
    void write(std::uint64_t entry) { open_.entries.push_back(entry); }
    void flush() {}
    prepared_transaction<page> prepare() {
      page done = std::exchange(open_, {open_.subtask, open_.number + 1, {}});
      if (done.entries.empty())
        return {};
      return {std::move(done), {}};
    }

  private:
    page open_{};
  };

  template <std::same_as<std::uint64_t> T>
  writer open(std::uint32_t, std::uint32_t) const {
    return {};
  }
  void commit(const std::vector<page>& pages) const {
    for (const page& each : pages)
      into_->add(each);
  }

private:
  book* into_;
};

/// What a checkpoint consists of, and how a job ended.
struct watcher : job_observer {
  std::vector<std::size_t> files;
  job_report last;
  std::stop_source stop; // at the first checkpoint, for whoever minds

  void completed(const completed_checkpoint& checkpoint) override {
    files.push_back(files_in(checkpoint.directory).size());
    stop.request_stop();
  }
  void ended(const job_report& report) override { last = report; }
};

struct book_fixture {
  auto define(std::uint64_t per_second = 50'000) {
    return [this, per_second](job& job) {
      job.source("numbers",
                 generate(numbers, [](std::uint64_t i, random_stream&) { return i; })
                     .records_per_second(per_second))
          .rebalance()
          .sink("book", write_book(written));
    };
  }
  run_options options(const std::string& attempts) {
    return {.parallelism = 2,
            .settings = {{"execution.checkpointing.interval", "20ms"},
                         {"execution.checkpointing.dir", place.path()},
                         {"restart-strategy.fixed-delay.attempts", attempts},
                         {"restart-strategy.fixed-delay.delay", "1"}},
            .observer = &seen};
  }

  temporary_directory place{fast_directory()}; // no disk makes a job wait
  book written;
  watcher seen;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(second_phase, book_fixture)

BOOST_AUTO_TEST_CASE(a_job_without_an_interval_commits_at_its_end) {
  auto without = options("0");
  without.settings.erase("execution.checkpointing.interval");
  const auto report = run(define(), without);
  BOOST_TEST(report.checkpoints.size() == 1U);
  BOOST_TEST(written.has_all_once());
}

BOOST_AUTO_TEST_CASE(the_last_checkpoint_comes_at_once_whatever_the_interval_is) {
  auto never = options("0");
  never.settings["execution.checkpointing.interval"] = "9223372036854775807";
  BOOST_TEST(run(define(), never).checkpoints.size() == 1U);
  BOOST_TEST(written.has_all_once());
}

BOOST_AUTO_TEST_CASE(a_second_phase_that_fails_is_tried_again) {
  written.closed = 3;
  const auto report = run(define(), options("5"));
  BOOST_TEST(report.restarts() == 3U);
  BOOST_TEST(written.has_all_once());
}

BOOST_AUTO_TEST_CASE(what_is_to_be_committed_is_kept_when_the_job_fails) {
  written.closed = 1'000;
  BOOST_CHECK_EXCEPTION(run(define(), options("2")), error, [](const error& e) {
    return e.kind() == failure::job_failed &&
           std::string(e.what()).find("the book is closed") != std::string::npos;
  });
  BOOST_TEST(written.entries() == 0U);
  BOOST_REQUIRE(seen.last.resume_from);
  written.closed = 0;
  auto again = options("0");
  again.restore_from = seen.last.resume_from;
  run(define(), again);
  BOOST_TEST(written.has_all_once());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(files_of_a_checkpoint, book_fixture)

BOOST_AUTO_TEST_CASE(one_for_each_stateful_subtask_and_the_metadata) {
  auto ten = options("0");
  ten.parallelism = 10;
  ten.cancel = seen.stop.get_token();
  run(
      [](job& job) {
        job.source("numbers",
                   generate(numbers, [](std::uint64_t i, random_stream&) { return i; })
                       .records_per_second(200))
            .key_by([](std::uint64_t number) { return number % 100; })
            .count("counts")
            .sink("nowhere", discard());
      },
      ten);
  // Ten positions of the source, ten tasks with rows, and _metadata.
  BOOST_TEST_REQUIRE(!seen.files.empty());
  BOOST_TEST(seen.files.front() == 21U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_second_phase
