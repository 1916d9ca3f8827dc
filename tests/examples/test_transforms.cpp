// One small job per transform, run by the engine on two tasks each. docs/transforms.md
// quotes them.
#include "tests/examples/results.hpp"

#include <boost/test/unit_test.hpp>

#include <ranges>

BOOST_AUTO_TEST_SUITE(transforms)

namespace {

struct reading {
  std::uint32_t sensor;
  std::int64_t celsius;

  auto operator<=>(const reading&) const = default;
};

using weir::testing::results;
using ints = std::vector<int>;
using readings = std::vector<reading>;

const readings measured{{1, 20}, {2, 19}, {1, 23}, {1, 21}, {2, 25}};

} // namespace

BOOST_AUTO_TEST_CASE(map) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3}))
        .map([](int n) { return n * n; })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{1, 4, 9}));
}

BOOST_AUTO_TEST_CASE(filter) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3, 4}))
        .filter([](int n) { return n % 2 == 0; })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{2, 4}));
}

BOOST_AUTO_TEST_CASE(flat_map) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3}))
        .flat_map<int>([](int n, auto& to) {
          for (int i = 0; i < n; ++i)
            to.emit(10 * n);
        })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{10, 20, 20, 30, 30, 30}));
}

BOOST_AUTO_TEST_CASE(flat_map_of_a_range) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3}))
        .flat_map([](int n) { return std::views::iota(0, n); })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{0, 0, 0, 1, 1, 2}));
}

BOOST_AUTO_TEST_CASE(count) {
  using counts = weir::counted<std::uint32_t>;
  const auto got = results<std::pair<std::uint32_t, std::uint64_t>>(
      [](weir::job& job,
         const weir::collect<std::pair<std::uint32_t, std::uint64_t>>& out) {
        job.source("readings", weir::collection(measured))
            .key_by(&reading::sensor)
            .count("readings-of-sensor")
            .map([](const counts& c) { return std::pair(c.key, c.count); })
            .sink("out", out);
      });
  BOOST_TEST((got == decltype(got){{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}}));
}

BOOST_AUTO_TEST_CASE(count_words) {
  using counts = weir::counted<std::string>;
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        job.source("lines",
                   weir::collection(std::vector<std::string>{"to be or", "not to be"}))
            .flat_map<std::string>([](const std::string& line, auto& words) {
              for (const std::string_view word : weir::split(line))
                words.emit(std::string(word));
            })
            .key_by(std::identity{})
            .count("words")
            .map([](const counts& c) { return c.key + " " + std::to_string(c.count); })
            .sink("out", out);
      });
  BOOST_TEST(
      (got == std::vector<std::string>{"be 1", "be 2", "not 1", "or 1", "to 1", "to 2"}));
}

BOOST_AUTO_TEST_CASE(count_words_as_text) {
  using counts = weir::counted<weir::text>;
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        job.source("lines",
                   weir::collection(std::vector<std::string>{"to be or", "not to be"}))
            .flat_map<weir::text>([](const std::string& line, auto& words) {
              for (const std::string_view word : weir::split(line))
                words.emit(weir::text(word)); // a piece of the line
            })
            .key_by(std::identity{})
            .count("words")
            .map([](const counts& c) { return std::string(c.key.view()); })
            .sink("out", out);
      });
  BOOST_TEST((got == std::vector<std::string>{"be", "be", "not", "or", "to", "to"}));
}

BOOST_AUTO_TEST_CASE(text_made_in_a_step) {
  const auto got =
      results<std::string>([](weir::job& job, const weir::collect<std::string>& out) {
        job.source("names", weir::collection(std::vector<std::string>{"ann", "bob"}))
            .map([greeting = std::string()](const std::string& name) mutable {
              greeting.assign("good morning, ").append(name); // it keeps its memory
              return weir::text(greeting);
            })
            .rebalance() // which copies the text
            .map([](const weir::text& t) { return std::string(t.view()); })
            .sink("out", out);
      });
  BOOST_TEST((got == std::vector<std::string>{"good morning, ann", "good morning, bob"}));
}

BOOST_AUTO_TEST_CASE(sum) {
  using sums = weir::folded<std::uint32_t, std::int64_t>;
  const auto got =
      results<std::int64_t>([](weir::job& job, const weir::collect<std::int64_t>& out) {
        job.source("readings", weir::collection(measured))
            .rebalance()
            .parallelism(1)
            .key_by(&reading::sensor)
            .sum("celsius-of-sensor", &reading::celsius)
            .map([](const sums& s) { return s.value; })
            .sink("out", out);
      });
  BOOST_TEST(got.size() == 5U);
  BOOST_TEST((got.back() == 64 && got.front() > 0)); // 20 + 23 + 21
}

BOOST_AUTO_TEST_CASE(min_and_max) {
  using peaks = weir::folded<std::uint32_t, std::int64_t>;
  const auto got =
      results<std::int64_t>([](weir::job& job, const weir::collect<std::int64_t>& out) {
        job.source("readings", weir::collection(measured))
            .key_by(&reading::sensor)
            .max("peak-of-sensor", &reading::celsius)
            .map([](const peaks& p) { return p.value; })
            .sink("out", out);
      });
  BOOST_TEST(got.back() == 25);
}

BOOST_AUTO_TEST_CASE(reduce) {
  const auto got =
      results<reading>([](weir::job& job, const weir::collect<reading>& out) {
        job.source("readings", weir::collection(measured))
            .key_by(&reading::sensor)
            .reduce("warmest",
                    [](const reading& a, const reading& b) {
                      return a.celsius >= b.celsius ? a : b;
                    })
            .sink("out", out);
      });
  BOOST_TEST(std::ranges::count(got, reading{1, 23}) >= 1);
  BOOST_TEST(std::ranges::count(got, reading{2, 25}) >= 1);
}

BOOST_AUTO_TEST_CASE(union_with) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    const auto few = job.source("few", weir::collection(ints{1, 2}));
    const auto more = job.source("more", weir::collection(ints{3, 4, 5}));
    few.union_with(more).sink("out", out);
  });
  BOOST_TEST((got == ints{1, 2, 3, 4, 5}));
}

BOOST_AUTO_TEST_CASE(rebalance) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3, 4}))
        .parallelism(1)
        .rebalance()
        .parallelism(2) // one task draws, two compute
        .map([](int n) { return -n; })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{-4, -3, -2, -1}));
}

BOOST_AUTO_TEST_CASE(rescale_shuffle_and_global) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3, 4}))
        .rescale() // each task sends to its share of the next ones
        .shuffle() // to any of the next ones, by chance
        .global()  // all to the first of the next ones
        .sink("out", out);
  });
  BOOST_TEST((got == ints{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(broadcast) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("rules", weir::collection(ints{7, 8}))
        .broadcast() // both tasks of the sink get both
        .sink("out", out);
  });
  BOOST_TEST((got == ints{7, 7, 8, 8}));
}

BOOST_AUTO_TEST_CASE(partition_custom) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3, 4}))
        .partition_custom([](int n, std::uint32_t partitions) {
          return static_cast<std::uint32_t>(n) % partitions;
        })
        .sink("out", out);
  });
  BOOST_TEST((got == ints{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(new_chain) {
  const auto got = results<int>([](weir::job& job, const weir::collect<int>& out) {
    job.source("numbers", weir::collection(ints{1, 2, 3}))
        .new_chain() // what follows runs beside the source, not in its loop
        .map([](int n) { return n + 1; })
        .name("plus one")
        .sink("out", out);
  });
  BOOST_TEST((got == ints{2, 3, 4}));
}

BOOST_AUTO_TEST_SUITE_END()
