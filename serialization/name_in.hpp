// A name out of a table, as its place there: what is in none does not compile.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace weir {

/// The place of `name`; the size of the table if it is not there.
template <std::size_t Size>
constexpr std::size_t place_in(const std::string_view (&table)[Size],
                               std::string_view name) {
  std::size_t place = 0;
  while (place < Size && table[place] != name)
    ++place;
  return place;
}

template <const auto& Table>
class name_in {
public:
  template <std::size_t Length>
  consteval name_in(const char (&name)[Length])
      : place_(place_in(Table, std::string_view(name, Length - 1))) {
    if (place_ == std::size(Table))
      throw "no such name in the table";
  }

  constexpr std::size_t place() const noexcept { return place_; }

private:
  std::size_t place_;
};

} // namespace weir
