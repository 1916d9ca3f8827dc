#include "tests/crash/named_points.hpp"

#include "serialization/error.hpp"

#include <algorithm>
#include <deque>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t orders_per_round = 26;
constexpr std::uint32_t misses_max = 6;
constexpr int rounds_max = 12; // of a scene

/// What is chosen, by scene.
std::vector<std::deque<crash_order>> chosen_orders(const chosen_points& chosen) {
  std::vector<std::deque<crash_order>> all;
  std::uint64_t total = 0;
  for (const crash_scene& scene : crash_scenes()) {
    auto& orders = all.emplace_back();
    for (const crash_order& each : orders_for(scene))
      if (chosen.only.empty() || each.point == chosen.only)
        orders.push_back(each);
    total += orders.size();
  }
  std::uint64_t number = 0;
  for (auto& orders : all)
    std::erase_if(orders, [&](const crash_order&) {
      return number++ * chosen.parts / total + 1 != chosen.part;
    });
  return all;
}

/// In any sequence.
void shuffle(std::deque<crash_order>& orders, random_stream& random) {
  for (std::size_t i = orders.size(); i > 1; --i)
    std::swap(orders[i - 1], orders[random.below(i)]);
}

/// The next ones, and what they need: a checkpoint to resume from, to begin with.
std::vector<crash_order> take_some(std::deque<crash_order>& orders) {
  std::vector<crash_order> taken{{"complete.told", 1, true}};
  for (; !orders.empty() && taken.size() < orders_per_round; orders.pop_front()) {
    std::ranges::move(preparations_for(orders.front()), std::back_inserter(taken));
    taken.push_back(orders.front());
  }
  return taken;
}

/// Throws violation for an order that nobody comes to.
void play(const crash_scene& scene, std::deque<crash_order> orders,
          const crash_programs& programs, const fs::path& place, std::uint64_t seed,
          crash_tally& tally) {
  random_stream random(seed, tally.rounds << 32 | 1);
  shuffle(orders, random);
  for (int rounds = 0; !orders.empty() && tally.found.none(); ++rounds) {
    const fs::path directory = place / ("round-" + std::to_string(tally.rounds));
    crash_round round(programs, directory, random_stream(seed, tally.rounds << 32 | 2),
                      scene);
    for (const crash_order& each : round.run_points(take_some(orders), tally)) {
      if (each.missed == misses_max || rounds == rounds_max)
        throw violation("nobody comes to '" + std::string(each.point) + "' " +
                        std::to_string(each.hit) + " times, in the rounds '" +
                        scene.name + "'");
      orders.push_back(each);
    }
  }
}

} // namespace

void hit_points(const chosen_points& chosen, const crash_programs& programs,
                const fs::path& place, std::uint64_t seed, crash_tally& tally) {
  const auto orders = chosen_orders(chosen);
  if (std::ranges::all_of(orders, &std::deque<crash_order>::empty))
    throw error(failure::usage, "there is no such crash point");
  for (std::size_t i = 0; i < orders.size(); ++i)
    play(crash_scenes()[i], orders[i], programs, place, seed, tally);
}

} // namespace weir::testing
