#include "tests/support/loops_job.hpp"

#include <algorithm>
#include <tuple>

namespace weir::testing {

namespace {

constexpr side_output<hop, "done"> done;
constexpr side_output<hop, "visited"> visited;

constexpr std::uint64_t loop_keys = 7;
constexpr std::uint64_t of_other_source = 1'000'000;

hop make_hop(std::uint64_t index, random_stream&) {
  return {index, static_cast<std::uint32_t>(index % 5), 0};
}
hop make_other_hop(std::uint64_t index, random_stream& random) {
  hop made = make_hop(index, random);
  made.id += of_other_source;
  return made;
}

hop next(const hop& h) {
  return {h.id, h.left - 1, h.gone + 1};
}
bool goes_back(const hop& h) {
  return h.left > 0;
}
bool goes_on(const hop& h) {
  return h.left == 0;
}
std::uint64_t key_of(const hop& h) {
  return h.id % loop_keys;
}

constexpr auto step = [](const hop& h, auto& out) {
  if (goes_on(h))
    out.emit(done, h);
  else
    out.emit(next(h));
};

/// A record of the first two rounds becomes three.
constexpr auto grow = [](const hop& h, auto& out) {
  if (goes_on(h))
    out.emit(done, h);
  else
    for (int copy = 0; copy < (h.gone < 2 ? 3 : 1); ++copy)
      out.emit(next(h));
};

/// Counts what comes by, for each key, and says so each time.
struct count_visits {
  using output = hop;
  struct state {
    std::uint32_t visits = 0;
  };

  void process(const hop& h, state& known, auto& out) {
    out.emit(visited, {key_of(h), 0, ++known.visits});
    if (goes_back(h))
      out.emit(next(h));
  }
};

/// A loop in which `stepping` does everything.
template <class Stepping>
auto loop_of(Stepping stepping) {
  return [stepping](auto hops) {
    const auto stepped = hops.template flat_map<hop>(stepping, done);
    return feedback(stepped, stepped.side(done));
  };
}

/// Of hops that are there once each for every source: what the last round makes of them.
std::vector<hop> at_the_end(std::uint64_t records, std::uint64_t first_id = 0) {
  std::vector<hop> all;
  for (std::uint64_t i = 0; i < records; ++i)
    all.push_back({first_id + i, 0, static_cast<std::uint32_t>(i % 5)});
  return all;
}

std::string compared(const char* loop, std::vector<hop> written,
                     std::vector<hop> expected, bool losses) {
  std::ranges::sort(written);
  std::ranges::sort(expected);
  return written == expected || (losses && std::ranges::includes(expected, written))
             ? ""
             : std::string(loop)
                   .append(": ")
                   .append(std::to_string(written.size()))
                   .append(" records that are not those of a plain loop (")
                   .append(std::to_string(expected.size()))
                   .append(")");
}

} // namespace

loops_output loops_job::build(job& job) const {
  loops_output into;
  const auto source = [&](const std::string& name) {
    return job.source(name, generate(records, make_hop));
  };
  source("hops").iterate("step", loop_of(step)).sink("stepped", collect(into.stepped));
  source("keyed")
      .parallelism(2)
      .iterate("visit",
               [](auto hops) {
                 const auto counted =
                     hops.key_by(key_of).process("visits", count_visits(), visited);
                 return feedback(counted, counted.side(visited));
               })
      .sink("visited", collect(into.visits));
  source("growing")
      .iterate("grow", loop_of(grow))
      .rebalance()
      .sink("grown", collect(into.grown));
  source("joining")
      .iterate("join",
               [&](auto hops) {
                 const auto stepped = hops.parallelism(3)
                                          .union_with(job.source(
                                              "other", generate(records, make_other_hop)))
                                          .rebalance()
                                          .template flat_map<hop>(step, done);
                 return feedback(stepped.rescale().parallelism(2), stepped.side(done));
               })
      .sink("joined", collect(into.joined));
  source("sharing")
      .iterate("share",
               [](auto hops) {
                 const auto shared = hops.rebalance().share();
                 return feedback(shared.filter(goes_back).map(next),
                                 shared.filter(goes_on));
               })
      .sink("shared", collect(into.shared));
  source("dropping")
      .iterate("drop",
               [](auto hops) {
                 const auto shared = hops.share();
                 return feedback(shared.filter([](const hop&) { return false; }), shared);
               })
      .sink("dropped", collect(into.dropped));
  source("repeating")
      .iterate("first", loop_of(step))
      .map([](const hop& h) {
        return hop{h.id, h.gone, 0};
      })
      .iterate("second", loop_of(step))
      .sink("twice", collect(into.twice));
  return into;
}

std::string loops_job::wrong_with(const loops_output& written, bool losses) const {
  const auto once = at_the_end(records);
  std::vector<hop> grown, visits, dropped;
  std::vector<std::uint32_t> visits_of(loop_keys);
  for (const hop& h : once) {
    grown.insert(grown.end(), h.gone == 0 ? 1 : h.gone == 1 ? 3 : 9, h);
    for (std::uint32_t i = 0; i <= h.gone; ++i)
      visits.push_back({key_of(h), 0, ++visits_of[key_of(h)]});
    dropped.push_back({h.id, h.gone, 0});
  }
  auto joined = at_the_end(records, of_other_source);
  joined.insert(joined.end(), once.begin(), once.end());
  using sink = loops_output::sink;
  for (const auto& [loop, output, expected] :
       {std::tuple<const char*, sink, const std::vector<hop>&>{"step", written.stepped,
                                                               once},
        {"visit", written.visits, visits},
        {"grow", written.grown, grown},
        {"join", written.joined, joined},
        {"share", written.shared, once},
        {"drop", written.dropped, dropped},
        {"second", written.twice, once}})
    if (std::string wrong = compared(loop, output->all(), expected, losses);
        !wrong.empty())
      return wrong;
  return "";
}

} // namespace weir::testing
