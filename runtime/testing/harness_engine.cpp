#include "runtime/testing/harness_engine.hpp"

#include "runtime/testing/harness_attempt.hpp"
#include "serialization/error.hpp"

#include <fmt/format.h>

#include <limits>

namespace weir::testing {

namespace {

/// For what is pushed together.
constexpr std::size_t restores_max = 64;
constexpr std::uint32_t rescaled = 3;

bool rescales(mode how) {
  return how == mode::restore_1_to_3 || how == mode::restore_3_to_1;
}

bool restores(mode how) {
  return how == mode::restore || rescales(how);
}

attempt_options first_attempt(mode how) {
  return {.parallelism = how == mode::restore_3_to_1 ? rescaled : 1,
          .tiny = how == mode::tiny_outputs,
          .slice_blocks =
              how == mode::whole_batch ? std::numeric_limits<std::uint32_t>::max() : 1};
}

/// Records come in order, so one task takes them.
void keep_to_one_task(job_graph& graph, chain_index input) {
  const chain& begun = graph.chains()[input];
  if (begun.parallelism.value_or(1) != 1)
    throw error(
        failure::usage,
        fmt::format("what is pushed into '{}' goes to one task, in order, and the "
                    "steps behind it ask for .parallelism({}); leave it out, or "
                    "let an exchange such as .rebalance() come before",
                    begun.name, *begun.parallelism));
  graph.set_parallelism(input, 1);
}

} // namespace

class harness_engine::run {
public:
  run(mode how, job_graph& graph, std::vector<std::shared_ptr<pushed_input>> inputs)
      : how_(how), graph_(graph), inputs_(std::move(inputs)),
        options_(first_attempt(how)) {
    for (chain_index i = 0; i < inputs_.size(); ++i)
      keep_to_one_task(graph_, i);
    graph_.check();
    begin();
    if (rescales(how_))
      refuse_undividable();
    usable_ = true;
  }

  void work_off(pushed_input& from) {
    using_it([&] {
      const std::size_t pushed = from.pushed - from.released;
      const std::size_t together = in_batches() ? pushed : 1;
      const std::size_t until_restore = (pushed + restores_max - 1) / restores_max;
      for (std::size_t done = 0; done < pushed; done += together) {
        if (restores(how_) && done > 0 && done % until_restore == 0)
          restore();
        from.released += together;
        attempt_->settle();
      }
      end_moment();
    });
  }

  void pass_watermarks() {
    using_it([&] { end_moment(); });
  }

  void advance_clock(std::chrono::nanoseconds by) {
    if (by.count() < 0)
      throw error(failure::usage, "the clock of a harness does not go back");
    using_it([&] {
      moment_.now += by;
      end_moment();
    });
  }

  processing_time now() const {
    return processing_time(
        std::chrono::floor<time_count>(moment_.now.time_since_epoch()));
  }

  void finish() {
    using_it([&] {
      for (const auto& input : inputs_)
        input->ended = true;
      attempt_->settle();
      WEIR_CHECK(attempt_->finished());
    });
    usable_ = false;
    ended_ = true;
  }

  harness_counts counts() const {
    harness_counts counts = before_;
    if (attempt_) { // a restore may have failed
      counts.congestion += attempt_->congestion();
      counts.late += attempt_->late();
    }
    return counts;
  }

private:
  /// After a failure tasks are in the midst of something.
  template <class Action>
  void using_it(Action action) {
    if (!usable_)
      throw error(failure::usage,
                  ended_ ? "the harness has been finished; push before finish(), or make "
                           "a new one"
                         : "the harness has failed before; make a new one");
    usable_ = false;
    action();
    usable_ = true;
  }

  /// Else every record is done before the next one comes, so that at any parallelism
  /// the order of the input is that of the output.
  bool in_batches() const {
    return how_ == mode::whole_batch || how_ == mode::tiny_outputs;
  }

  void end_moment() {
    moment_.over = true;
    attempt_->settle();
    moment_.over = false;
    if (restores(how_))
      restore();
  }

  void begin() {
    attempt_ =
        std::make_unique<harness_attempt>(graph_, options_, moment_, snapshot_, times_);
  }

  void restore() {
    attempt_->checkpoint({++last_checkpoint_});
    times_ = attempt_->times();
    before_ = counts();
    ++before_.restores;
    attempt_.reset();
    if (rescales(how_))
      options_.parallelism = other_parallelism();
    begin();
  }

  std::uint32_t other_parallelism() const {
    return options_.parallelism == 1 ? rescaled : 1;
  }

  /// Before the first record, so that a test learns it whatever it pushes.
  void refuse_undividable() {
    attempt_->checkpoint({++last_checkpoint_});
    const auto other = plan_execution(graph_, other_parallelism(), 0);
    if (const auto name = snapshot_.undividable(graph_, other))
      throw error(
          failure::usage,
          fmt::format("'{}' saves a state of each task, which cannot be divided among {} "
                      "tasks; give its chain .parallelism(1), or run the test "
                      "with in_modes(weir::testing::all_but_rescale, ...)",
                      *name, rescaled));
  }

  mode how_;
  job_graph& graph_;
  std::vector<std::shared_ptr<pushed_input>> inputs_;
  attempt_options options_;
  harness_moment moment_;
  harness_snapshot snapshot_;
  known_times times_;
  std::unique_ptr<harness_attempt> attempt_;
  std::uint64_t last_checkpoint_ = 0;
  harness_counts before_; // of earlier attempts
  bool usable_ = false;
  bool ended_ = false;
};

harness_engine::harness_engine(mode how, job_graph& graph,
                               std::vector<std::shared_ptr<pushed_input>> inputs)
    : run_(std::make_unique<run>(how, graph, std::move(inputs))) {}

harness_engine::~harness_engine() = default;

void harness_engine::work_off(pushed_input& from) {
  run_->work_off(from);
}

void harness_engine::pass_watermarks() {
  run_->pass_watermarks();
}

void harness_engine::advance_clock(std::chrono::nanoseconds by) {
  run_->advance_clock(by);
}

processing_time harness_engine::now() const {
  return run_->now();
}

void harness_engine::finish() {
  run_->finish();
}

harness_counts harness_engine::counts() const {
  return run_->counts();
}

} // namespace weir::testing
