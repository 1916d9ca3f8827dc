// Records that go round a loop. The docs quote it.
#include "runtime/embed.hpp"
#include "serialization/error.hpp"
#include "tests/examples/results.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(iterate)

namespace {

using weir::testing::results;

struct number {
  std::uint64_t start;
  std::uint64_t value;
  std::uint32_t steps;

  auto operator<=>(const number&) const = default;
};

/// The next one of Collatz's sequence.
number next(const number& n) {
  return {n.start, n.value % 2 == 0 ? n.value / 2 : 3 * n.value + 1, n.steps + 1};
}

// Those that have arrived at 1 leave the loop.
constexpr weir::side_output<number, "done"> done;

/// The length of the way that is known to lead to a place.
struct distance {
  std::string place;
  std::uint32_t km;

  auto operator<=>(const distance&) const = default;
};

struct road {
  std::string from;
  std::string to;
  std::uint32_t km;
};

/// Keeps the roads out of each place and the shortest way to it; a shorter one is passed
/// on along every road.
struct shorten {
  using output = distance;
  struct state {
    std::optional<std::uint32_t> shortest;
    std::vector<std::pair<std::string, std::uint32_t>> roads;
  };

  void process_first(const distance& way, state& known, auto& out) {
    if (known.shortest && *known.shortest <= way.km)
      return;
    known.shortest = way.km;
    for (const auto& [to, km] : known.roads)
      out.emit({to, way.km + km});
  }
  void process_second(const road& r, state& known, auto& out) {
    known.roads.emplace_back(r.to, r.km);
    if (known.shortest)
      out.emit({r.to, *known.shortest + r.km});
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(collatz) {
  const std::vector<number> numbers{{6, 6, 0}, {7, 7, 0}, {1, 1, 0}};
  const auto got = results<number>([&](weir::job& job, const weir::collect<number>& out) {
    job.source("numbers", weir::collection(numbers))
        .iterate("collatz",
                 [](const weir::repeated<number>& inside) {
                   const auto stepped = inside.flat_map<number>(
                       [](const number& n, auto& to) {
                         if (n.value == 1)
                           to.emit(done, n);
                         else
                           to.emit(next(n));
                       },
                       done);
                   return weir::feedback(stepped, stepped.side(done));
                 })
        .sink("out", out);
  });
  BOOST_TEST((got == std::vector<number>{{1, 1, 0}, {6, 1, 8}, {7, 1, 16}}));
}

BOOST_AUTO_TEST_CASE(shortest_ways) {
  const std::vector<road> roads{{"Ulm", "Bonn", 400}, {"Ulm", "Hof", 150},
                                {"Hof", "Bonn", 200}, {"Bonn", "Köln", 30},
                                {"Köln", "Hof", 100}, {"Rom", "Ulm", 900}};
  const auto got =
      results<distance>([&](weir::job& job, const weir::collect<distance>& out) {
        job.source("from", weir::collection(std::vector<distance>{{"Ulm", 0}}))
            .iterate("ways",
                     [&](auto ways) {
                       const auto known = job.source("roads", weir::collection(roads));
                       const auto longer = ways.key_by(&distance::place)
                                               .connect(known.key_by(&road::from))
                                               .process("shorten", shorten())
                                               .share();
                       return weir::feedback(longer, longer);
                     })
            .key_by(&distance::place)
            .reduce("shortest", [](const distance& a,
                                   const distance& b) { return a.km <= b.km ? a : b; })
            .sink("out", out);
      });
  std::map<std::string, std::uint32_t> shortest;
  for (const auto& [place, km] : got)
    shortest.try_emplace(place, km); // sorted: the first one is the least
  BOOST_TEST((shortest == std::map<std::string, std::uint32_t>{
                              {"Bonn", 350}, {"Hof", 150}, {"Köln", 380}}));
}

BOOST_AUTO_TEST_SUITE_END()
