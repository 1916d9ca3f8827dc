// Rows are not moved; what is sorted is (prefix, row number), where the prefix gathers
// the first eight key bytes that are not the same in all rows. That order is the order of
// the keys except among equal prefixes. Bytes that never vary (a short range of key
// groups, the upper half of an integer) thus cost nothing: 5 M integer keys are 4 or 5
// radix passes.
#include "state/run_order.hpp"

#include "serialization/check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

namespace weir {

namespace {

template <class Prefix>
struct entry {
  Prefix prefix;
  std::uint32_t row;
};

// The positions of key bytes that are not the same in all rows, ascending.
std::vector<std::size_t> varying_positions(const encoded_rows& rows) {
  const std::size_t size = rows.shape()->key;
  const std::size_t words = size / 8;
  std::vector<std::uint64_t> word_differs(words + 1);
  const std::byte* first = rows.key(0).data();
  const auto difference = [](const std::byte* a, const std::byte* b, std::size_t bytes) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a, bytes);
    std::memcpy(&y, b, bytes);
    return x ^ y;
  };
  const std::size_t rest = size % 8;
  for (std::size_t row = 1; row < rows.rows(); ++row) {
    const std::byte* key = rows.key(row).data();
    for (std::size_t word = 0; word < words; ++word)
      word_differs[word] |= difference(key + 8 * word, first + 8 * word, 8);
    for (std::size_t i = 8 * words; i < 8 * words + rest; ++i)
      word_differs[words] |= std::to_integer<std::uint64_t>(key[i] ^ first[i])
                             << (8 * (i - 8 * words));
  }
  std::vector<std::byte> byte_differs(8 * word_differs.size());
  // The rest was gathered little endian by hand, whole words as the machine has them.
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(byte_differs.data(), word_differs.data(), byte_differs.size());
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < size; ++i)
    if (byte_differs[i] != std::byte{0})
      positions.push_back(i);
  return positions;
}

template <class Prefix>
std::vector<entry<Prefix>> gather(const encoded_rows& rows,
                                  std::span<const std::size_t> positions) {
  std::vector<entry<Prefix>> entries(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::byte* key = rows.key(row).data();
    Prefix prefix = 0;
    for (const std::size_t position : positions)
      prefix =
          static_cast<Prefix>((prefix << 8) | std::to_integer<Prefix>(key[position]));
    entries[row] = {prefix, static_cast<std::uint32_t>(row)};
  }
  return entries;
}

// Least significant digit first, over bytes `low` (counted from the least significant
// one) up to `high`; stable, so lower bytes keep the order they have.
template <class Prefix>
void radix_sort(std::vector<entry<Prefix>>& entries, std::size_t low, std::size_t high) {
  std::vector<std::array<std::uint32_t, 256>> starts(high - low);
  for (const auto& e : entries)
    for (std::size_t byte = low; byte < high; ++byte)
      ++starts[byte - low][(e.prefix >> (8 * byte)) & 0xff];
  std::vector<entry<Prefix>> other(entries.size());
  for (std::size_t byte = low; byte < high; ++byte) {
    auto& start = starts[byte - low];
    std::uint32_t sum = 0;
    for (auto& s : start)
      sum += std::exchange(s, sum);
    for (const auto& e : entries)
      other[start[(e.prefix >> (8 * byte)) & 0xff]++] = e;
    entries.swap(other);
  }
}

// Sorts every group of entries that agree above byte `low`, which radix_sort left in the
// order of rows.
template <class Prefix>
void sort_ties(const encoded_rows& rows, std::vector<entry<Prefix>>& entries,
               std::size_t low) {
  const auto upper = [low](const entry<Prefix>& e) { return e.prefix >> (8 * low); };
  const auto less = [&rows](const entry<Prefix>& a, const entry<Prefix>& b) {
    if (a.prefix != b.prefix)
      return a.prefix < b.prefix;
    return std::memcmp(rows.key(a.row).data(), rows.key(b.row).data(),
                       rows.shape()->key) < 0;
  };
  for (auto begin = entries.begin(); begin != entries.end();) {
    auto end = begin + 1;
    while (end != entries.end() && upper(*end) == upper(*begin))
      ++end;
    if (end - begin > 1)
      std::sort(begin, end, less);
    begin = end;
  }
}

template <class Prefix>
std::vector<std::uint32_t> order_by(const encoded_rows& rows,
                                    std::span<const std::size_t> positions) {
  const std::size_t used = std::min(positions.size(), sizeof(Prefix));
  auto entries = gather<Prefix>(rows, positions.first(used));
  // Two bytes more than tell n rows apart leave few ties; the passes below them would
  // cost more than sorting those.
  const std::size_t enough = (std::bit_width(entries.size()) + 7U) / 8U + 2U;
  const std::size_t low = used > enough ? used - enough : 0;
  radix_sort(entries, low, used);
  if (low > 0 || used < positions.size())
    sort_ties(rows, entries, low);
  std::vector<std::uint32_t> order(entries.size());
  std::ranges::transform(entries, order.begin(), &entry<Prefix>::row);
  return order;
}

// Keys of any length: by their first eight bytes, and in full where those are the same.
std::vector<std::uint32_t> order_of_any(const encoded_rows& rows) {
  using any_entry = entry<std::uint64_t>;
  std::vector<any_entry> entries(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto key = rows.key(row);
    std::array<std::uint8_t, 8> first{};
    std::memcpy(first.data(), key.data(), std::min(first.size(), key.size()));
    std::uint64_t prefix = 0;
    for (const std::uint8_t byte : first)
      prefix = prefix << 8 | byte;
    entries[row] = {prefix, static_cast<std::uint32_t>(row)};
  }
  std::ranges::sort(entries, [&rows](const any_entry& a, const any_entry& b) {
    if (a.prefix != b.prefix)
      return a.prefix < b.prefix;
    const auto left = rows.key(a.row), right = rows.key(b.row);
    const int order =
        std::memcmp(left.data(), right.data(), std::min(left.size(), right.size()));
    return order != 0 ? order < 0 : left.size() < right.size();
  });
  std::vector<std::uint32_t> order(entries.size());
  std::ranges::transform(entries, order.begin(), &any_entry::row);
  return order;
}

} // namespace

std::vector<std::uint32_t> run_order(const encoded_rows& rows) {
  WEIR_CHECK(rows.rows() <= std::numeric_limits<std::uint32_t>::max());
  if (rows.empty())
    return {};
  if (!rows.shape())
    return order_of_any(rows);
  const auto positions = varying_positions(rows);
  if (positions.size() <= sizeof(std::uint32_t))
    return order_by<std::uint32_t>(rows, positions);
  return order_by<std::uint64_t>(rows, positions);
}

} // namespace weir
