// A list for each key, in the order in which it grew.
#pragma once

#include "state/state_slot.hpp"

#include <ranges>
#include <vector>

namespace weir {

template <record T>
class list_state {
public:
  using slot = state_slot<std::vector<T>>;

  explicit list_state(slot at) : slot_(at) {}

  bool empty() const noexcept { return slot_.find() == nullptr; }
  std::size_t size() const noexcept { return elements().size(); }
  /// Until the list is written.
  auto begin() const noexcept { return elements().begin(); }
  auto end() const noexcept { return elements().end(); }

  void add(T element) { slot_.open().push_back(std::move(element)); }
  /// These instead of what there was.
  template <std::ranges::input_range Range>
  requires std::convertible_to<std::ranges::range_reference_t<Range>, T>
  void assign(Range&& elements) {
    std::vector<T> fresh;
    for (auto&& each : elements)
      fresh.push_back(std::forward<decltype(each)>(each));
    if (fresh.empty())
      slot_.clear();
    else
      slot_.open() = std::move(fresh);
  }
  void clear() { slot_.clear(); }

private:
  const std::vector<T>& elements() const noexcept {
    static const std::vector<T> none;
    const std::vector<T>* const found = slot_.find();
    return found != nullptr ? *found : none;
  }

  slot slot_;
};

} // namespace weir
