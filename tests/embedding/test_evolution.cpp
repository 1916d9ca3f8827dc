// A job whose states have other types than when the checkpoint was taken: what was kept
// goes on in the new form, by every backend and with other tasks.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::testing::test_evolution {

namespace {

constexpr std::uint64_t numbers = 6'000;
constexpr std::uint64_t keys = 50;

std::uint64_t key_of(std::uint64_t number) {
  return number % keys;
}

/// What a key has come to.
struct sums {
  std::uint64_t key;
  std::uint64_t seen;
  std::uint64_t sum;
  std::int64_t marks;
  std::string note;
};

namespace before {

/// A record for each key.
struct plain {
  using output = sums;
  struct state {
    static constexpr std::array weir_fields{"seen", "unused", "sum"};
    std::uint32_t seen = 0;
    std::string unused = "nobody reads this";
    std::uint64_t sum = 0;
  };

  void process(std::uint64_t number, state& kept, auto& out) {
    ++kept.seen;
    kept.sum += number;
    out.emit(sums{out.key(), kept.seen, kept.sum, 0, ""});
  }
};

struct mark {
  static constexpr std::array weir_fields{"weight", "text"};
  std::int32_t weight = 0;
  std::string text;
};

/// States by name.
class named {
public:
  using output = sums;

  explicit named(state_binder& state)
      : seen_(state.value<std::uint32_t>("seen")), marks_(state.list<mark>("marks")),
        sum_(state.value<std::uint64_t>("sum")) {}

  void process(std::uint64_t number, auto& out) {
    ++seen_.edit();
    sum_.edit() += number;
    if (number < 10 * keys)
      marks_.add({-1, "x"});
    out.emit(sums{out.key(), *seen_, *sum_, 0, ""});
  }

private:
  value_state<std::uint32_t> seen_;
  list_state<mark> marks_;
  value_state<std::uint64_t> sum_;
};

} // namespace before

namespace now {

struct plain {
  using output = sums;
  struct state {
    static constexpr std::array weir_fields{"seen", "sum", "note"};
    std::uint64_t seen = 0; // was narrower
    std::uint64_t sum = 0;
    std::string note = "added";
  };

  void process(std::uint64_t number, state& kept, auto& out) {
    ++kept.seen;
    kept.sum += number;
    out.emit(sums{out.key(), kept.seen, kept.sum, 0, kept.note});
  }
};

struct mark {
  static constexpr std::array weir_fields{"weight", "times"};
  std::int64_t weight = 0;
  std::int64_t times = 2; // instead of a text
};

class named {
public:
  using output = sums;

  explicit named(state_binder& state)
      : note_(state.value<std::string>("note")), sum_(state.value<std::uint64_t>("sum")),
        marks_(state.list<mark>("marks")), seen_(state.value<std::uint64_t>("seen")) {}

  void process(std::uint64_t number, auto& out) {
    ++seen_.edit();
    sum_.edit() += number;
    std::int64_t marks = 0;
    for (const mark& each : marks_)
      marks += each.weight * each.times;
    out.emit(sums{out.key(), *seen_, *sum_, marks, note_.value_or("new")});
  }

private:
  value_state<std::string> note_;
  value_state<std::uint64_t> sum_;
  list_state<mark> marks_;
  value_state<std::uint64_t> seen_;
};

} // namespace now

using collected_sums = std::shared_ptr<collected<sums>>;

template <class Plain, class Named>
void define(job& job, std::uint64_t pace, const collected_sums& plain_out,
            const collected_sums& named_out) {
  const auto read =
      job.source("numbers",
                 generate(numbers, [](std::uint64_t i, random_stream&) { return i; })
                     .records_per_second(pace))
          .key_by(key_of)
          .share();
  const auto into = [](auto stream, const char* name, const collected_sums& out) {
    if (out)
      stream.sink(name, collect(out));
    else
      stream.sink(name, discard());
  };
  into(read.key_by(key_of).process("plain", Plain{}), "plain-out", plain_out);
  into(read.key_by(key_of).template process<Named>("named"), "named-out", named_out);
}

struct evolution_fixture {
  run_options options(const std::string& backend, std::uint32_t parallelism) const {
    return {.parallelism = parallelism,
            .settings = {{"execution.checkpointing.interval", "20ms"},
                         {"execution.checkpointing.dir", place.path() / backend},
                         {"execution.checkpointing.num-retained", "1000"},
                         {"execution.checkpointing.externalized-checkpoint-retention",
                          "RETAIN_ON_CANCELLATION"},
                         {"state.backend.type", backend}}};
  }

  /// One in the middle of a run, which is cancelled with it.
  template <class Plain, class Named>
  static std::filesystem::path newest_of(run_options options) {
    struct : job_observer {
      std::stop_source stop;
      std::function<job_figures()> look;
      int halfway = 0;
      void watchable(const std::function<job_figures()>& by) override { look = by; }
      void completed(const completed_checkpoint&) override {
        halfway += look().rows_read > numbers / 3; // whichever task is behind
        if (halfway == 2)                          // the first one may have begun before
          stop.request_stop();
      }
    } impatient;
    options.observer = &impatient;
    options.cancel = impatient.stop.get_token();
    const job_report cancelled = run(
        [](job& job) { define<Plain, Named>(job, 1'000, nullptr, nullptr); }, options);
    BOOST_TEST_REQUIRE((cancelled.cancelled && cancelled.resume_from));
    return *cancelled.resume_from;
  }

  /// One in the middle of the run as it was.
  std::filesystem::path checkpoint(const std::string& backend) const {
    return newest_of<before::plain, before::named>(options(backend, 2));
  }

  static void check(const collected<sums>& out, std::int64_t marks,
                    const std::string& note) {
    std::map<std::uint64_t, sums> last;
    for (const sums& each : out.all())
      if (each.seen > last[each.key].seen)
        last[each.key] = each;
    BOOST_TEST_REQUIRE(!last.empty());
    for (const auto& [key, found] : last) {
      const std::uint64_t times = numbers / keys;
      BOOST_TEST(found.seen == times);
      BOOST_TEST(found.sum == key * times + keys * (times - 1) * times / 2);
      BOOST_TEST(found.marks == marks);
      BOOST_TEST(found.note == note);
    }
  }

  temporary_directory place{fast_directory()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(evolution, evolution_fixture)

BOOST_AUTO_TEST_CASE(what_was_kept_goes_on_in_its_new_form) {
  for (const std::string backend : {"rocksdb", "filesystem", "memory"}) {
    auto from = options(backend, 3);
    from.restore_from = checkpoint(backend);
    const auto plain_out = std::make_shared<collected<sums>>();
    const auto named_out = std::make_shared<collected<sums>>();
    run([&](job& job) { define<now::plain, now::named>(job, 0, plain_out, named_out); },
        from);
    check(*plain_out, 0, "added");
    check(*named_out, -20, "new");
  }
}

BOOST_AUTO_TEST_CASE(the_way_back_is_refused_as_a_whole) {
  auto from = options("rocksdb", 2);
  from.restore_from = checkpoint("rocksdb");
  auto back = options("rocksdb", 2);
  back.restore_from = newest_of<now::plain, now::named>(from);
  BOOST_CHECK_EXCEPTION(
      run(
          [](job& job) {
            define<before::plain, before::named>(job, 0, nullptr, nullptr);
          },
          back),
      error, [](const error& refused) {
        const std::string said = refused.what();
        BOOST_TEST_MESSAGE(said);
        return refused.kind() == failure::restore_refused &&
               said.find("'plain'") != said.npos && said.find("'note'") != said.npos &&
               said.find("'named'") != said.npos;
      });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_evolution
