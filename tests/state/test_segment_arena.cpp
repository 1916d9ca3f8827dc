#include "state/page_supplier.hpp"
#include "state/segment_arena.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>

BOOST_AUTO_TEST_SUITE(segment_arena)

namespace {

void blocks_are_zero_aligned_and_apart(std::size_t size, int count,
                                       weir::page_supplier* pages) {
  weir::segment_arena arena(size, pages);
  std::set<std::uintptr_t> blocks;
  for (int i = 0; i < count; ++i) {
    auto* bytes = static_cast<unsigned char*>(arena.allocate());
    const auto at = reinterpret_cast<std::uintptr_t>(bytes);
    BOOST_REQUIRE(at % 64 == 0);
    BOOST_REQUIRE(std::all_of(bytes, bytes + size, [](auto b) { return b == 0; }));
    std::memset(bytes, 0xff, size); // overlap would show in a later block
    BOOST_REQUIRE(blocks.insert(at).second);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(blocks_of_every_size_are_sound) {
  for (const std::size_t size : {1U, 64U, 100U, 32768U, 33000U, 3U << 20})
    blocks_are_zero_aligned_and_apart(size, 40, nullptr);
}

BOOST_AUTO_TEST_CASE(blocks_on_large_pages_are_sound) {
  weir::page_supplier pages;
  for (const std::size_t size : {64U, 33000U, 1U << 20})
    blocks_are_zero_aligned_and_apart(size, 800, &pages);
}

BOOST_AUTO_TEST_CASE(blocks_on_small_pages_move_to_large_ones_in_their_order) {
  constexpr std::size_t size = 33000;
  constexpr int blocks = 300;
  weir::page_supplier pages;
  weir::segment_arena arena(size, &pages);
  std::map<const std::byte*, int> written;
  for (int i = 0; i < blocks; ++i) {
    void* block = arena.allocate();
    std::memcpy(block, &i, sizeof i);
    written[static_cast<std::byte*>(block)] = i;
  }
  std::size_t moved = 0;
  const auto move = [&](const std::byte* from, std::byte* to) {
    ++moved;
    int i = 0;
    std::memcpy(&i, from, sizeof i);
    BOOST_REQUIRE(written.extract(from).mapped() == i);
    BOOST_REQUIRE(std::all_of(to, to + size, [](auto b) { return b == std::byte{0}; }));
    std::memcpy(to, &i, sizeof i);
    BOOST_REQUIRE(written.emplace(to, i).second);
  };
  // Seven blocks to a small chunk: with the 50th come 2 MB of small pages, the 51st asks
  // for the first large one in vain; those behind it are as quick as the supplier or not.
  while (moved < 51)
    if (!arena.relocate_one(move))
      std::this_thread::yield();
  while (arena.relocate_one(move)) {
  }
  BOOST_TEST(written.size() == std::size_t{blocks});
}

BOOST_AUTO_TEST_CASE(a_supplier_that_is_asked_again_has_a_large_page_ready) {
  weir::page_supplier pages;
  std::optional<weir::memory_chunk> large;
  while (!large) {
    large = pages.take(); // the first time there is none
    std::this_thread::yield();
  }
  BOOST_TEST(large->bytes() == weir::memory_chunk::large_bytes);
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(large->begin()) % large->bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
