#include "state/page_supplier.hpp"
#include "state/segment_arena.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>

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

BOOST_AUTO_TEST_SUITE(segment_arena)

BOOST_AUTO_TEST_CASE(blocks_of_every_size_are_sound) {
  for (const std::size_t size : {1U, 64U, 100U, 32768U, 33000U, 3U << 20})
    blocks_are_zero_aligned_and_apart(size, 40, nullptr);
}

BOOST_AUTO_TEST_CASE(blocks_on_large_pages_are_sound) {
  weir::page_supplier pages;
  for (const std::size_t size : {64U, 33000U, 1U << 20})
    blocks_are_zero_aligned_and_apart(size, 800, &pages);
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
