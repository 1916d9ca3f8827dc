#include "state/segment_arena.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>

BOOST_AUTO_TEST_SUITE(segment_arena)

BOOST_AUTO_TEST_CASE(blocks_are_zero_aligned_and_apart) {
  for (const std::size_t size : {1U, 64U, 100U, 32768U, 33000U, 3U << 20}) {
    weir::segment_arena arena(size);
    std::set<std::uintptr_t> blocks;
    for (int i = 0; i < 40; ++i) {
      auto* bytes = static_cast<unsigned char*>(arena.allocate());
      const auto at = reinterpret_cast<std::uintptr_t>(bytes);
      BOOST_REQUIRE(at % 64 == 0);
      BOOST_REQUIRE(std::all_of(bytes, bytes + size, [](auto b) { return b == 0; }));
      std::memset(bytes, 0xff, size); // overlap would show in a later block
      BOOST_REQUIRE(blocks.insert(at).second);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
