// The test kit: an operator, or any number of steps, under the test of whoever wrote it,
// in one thread and in six modes. It needs no unit test library and works with any.
//
//   using namespace weir::testing;
//   in_every_mode([](mode how) {
//     operator_harness<reading, std::string> alarm(how, [](auto readings) {
//       return readings.key_by(&reading::sensor).process("alarm", heat_alarm{200});
//     });
//     alarm.push({{"oven", 230}, {"oven", 240}, {"oven", 250}});
//     check(alarm.take() == std::vector<std::string>{"oven"});
//   });
#pragma once

#include "operators/job.hpp"
#include "runtime/testing/harness_ends.hpp"
#include "serialization/error.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace weir::testing {

/// So long after 1970, as the time of a record or a watermark.
constexpr event_time at(event_time::duration since_1970) {
  return event_time(since_1970);
}

namespace detail {
template <class Steps, class Out, class... Inputs>
concept steps_to = requires(Steps steps, Inputs... inputs) {
  requires std::same_as<typename std::remove_cvref_t<decltype(steps(inputs...))>::record,
                        Out>;
};
} // namespace detail

/// What harnesses with one and with two inputs share.
template <class Out>
class harness {
public:
  harness(const harness&) = delete;
  harness& operator=(const harness&) = delete;

  /// What came out since it was last taken, in that order. The order is that of the
  /// input, in every mode, as long as the steps are a line and one record does not become
  /// several of different keys; else take_sorted.
  std::vector<Out> take() { return output_->records.take(); }
  /// The same, sorted, by `by` if given. Records that it does not tell apart keep their
  /// order: sorted by their key, they are the same in every mode.
  template <class By = std::identity>
  requires(!any_side_output<By>) std::vector<Out> take_sorted(By by = {}) {
    return sorted(take(), by);
  }

  /// What left by a side output that the harness was given.
  template <any_side_output Side>
  auto take(Side) {
    return output_of_side<Side>().records.take();
  }
  template <any_side_output Side, class By = std::identity>
  auto take_sorted(Side side, By by = {}) {
    return sorted(take(side), by);
  }

  /// The clock of the tasks goes on: sources that stay silent become idle, deadlines in
  /// processing time come, and what has expired is gone.
  void advance(std::chrono::nanoseconds by) { engine_->advance_clock(by); }
  /// What it says: processing time, which begins in 1970 here.
  processing_time now() const { return engine_->now(); }
  /// The input has ended, and all that follows from it is done. Nothing comes after it
  /// but take.
  void finish() { engine_->finish(); }

  harness_counts counts() const { return engine_->counts(); }

protected:
  harness() = default;
  ~harness() = default;

  template <class In>
  auto begin(const char* name, std::shared_ptr<detail::pushed_records<In>> from) {
    return detail::begin_stream<In>(graph_, name, std::move(from));
  }

  /// To be called once, with all streams that have begun.
  template <class Steps, class... Inputs, any_side_output... Sides>
  void open(mode how, std::vector<std::shared_ptr<pushed_input>> pushed,
            std::tuple<Sides...> sides, Steps& steps, const Inputs&... inputs) {
    static_assert(detail::steps_to<Steps, Out, Inputs...>,
                  "the steps under test have to return a stream of the records that the "
                  "harness is declared with");
    const auto end = steps(inputs...);
    std::apply([&](auto... side) { (keep_side(end, side), ...); }, sides);
    end.sink("harness.output", detail::keep<Out>(output_));
    engine_.emplace(how, graph_, std::move(pushed));
  }

  template <class In>
  void push(detail::pushed_records<In>& into, const std::vector<In>& records) {
    into.push(records);
    engine_->work_off(into);
  }

  void reach(pushed_input& input, event_time reached) {
    if (reached < input.reached)
      throw error(failure::usage, "a watermark does not go back");
    input.reached = reached;
    engine_->pass_watermarks();
  }

private:
  template <class T, class By>
  static std::vector<T> sorted(std::vector<T> taken, By by) {
    static_assert(std::sortable<typename std::vector<T>::iterator, std::ranges::less, By>,
                  "these records have no order: give them operator<=>, or say by what to "
                  "sort, as in take_sorted(&alert::sensor)");
    std::ranges::stable_sort(taken, {}, by);
    return taken;
  }

  template <class End, any_side_output Side>
  void keep_side(const End& end, Side side) {
    using record = typename Side::record;
    auto output = std::make_shared<detail::output_of<record>>();
    end.side(side).sink("harness.side-" + std::to_string(sides_.size()),
                        detail::keep<record>(output));
    sides_.emplace(Side::name(), std::move(output));
  }

  template <class Side>
  auto& output_of_side() {
    using output = detail::output_of<typename Side::record>;
    const auto found = sides_.find(Side::name());
    auto* const side =
        found == sides_.end() ? nullptr : dynamic_cast<output*>(found->second.get());
    if (side == nullptr)
      throw error(failure::usage,
                  "the harness was not given the side output '" + Side::name() +
                      "'; name it behind the steps when you make the harness");
    return *side;
  }

  job_graph graph_;
  std::shared_ptr<detail::output_of<Out>> output_ =
      std::make_shared<detail::output_of<Out>>();
  std::map<std::string, std::shared_ptr<detail::any_output>> sides_; // by name
  std::optional<harness_engine> engine_;
};

/// Steps behind one input. `In` is the type of its records, or weir::testing::timed of
/// it: then the test gives records their times and sets the watermark.
template <class In, class Out>
class operator_harness : public harness<Out> {
public:
  /// `steps(stream)` returns the stream that is tested, of whose last chain `sides` are
  /// side outputs.
  template <class Steps, any_side_output... Sides>
  operator_harness(mode how, Steps steps, Sides... sides) {
    this->open(how, {input_}, std::tuple(sides...), steps,
               this->begin("harness.input", input_));
  }

  /// All at once, worked off when this returns, and nothing waits anywhere.
  void push(const std::vector<In>& records) { harness<Out>::push(*input_, records); }

  /// The input has come so far.
  void watermark(event_time reached) requires detail::input_of<In>::timed {
    this->reach(*input_, reached);
  }

private:
  std::shared_ptr<detail::pushed_records<In>> input_ =
      std::make_shared<detail::pushed_records<In>>();
};

/// Steps behind two inputs; each may be timed.
template <class First, class Second, class Out>
class two_input_harness : public harness<Out> {
public:
  /// `steps(first, second)` returns the stream that is tested.
  template <class Steps, any_side_output... Sides>
  two_input_harness(mode how, Steps steps, Sides... sides) {
    const auto first = this->begin("harness.first", first_); // input by input
    const auto second = this->begin("harness.second", second_);
    this->open(how, {first_, second_}, std::tuple(sides...), steps, first, second);
  }

  void push_first(const std::vector<First>& records) { this->push(*first_, records); }
  void push_second(const std::vector<Second>& records) { this->push(*second_, records); }

  void watermark_first(event_time reached) requires detail::input_of<First>::timed {
    this->reach(*first_, reached);
  }
  void watermark_second(event_time reached) requires detail::input_of<Second>::timed {
    this->reach(*second_, reached);
  }

private:
  std::shared_ptr<detail::pushed_records<First>> first_ =
      std::make_shared<detail::pushed_records<First>>();
  std::shared_ptr<detail::pushed_records<Second>> second_ =
      std::make_shared<detail::pushed_records<Second>>();
};

} // namespace weir::testing
