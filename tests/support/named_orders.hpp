// Two streams that meet by key: orders, and the customers who made them.
// docs/transforms.md quotes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::testing {

struct order {
  std::uint32_t customer;
  std::string item;
};
struct customer {
  std::uint32_t id;
  std::string name;
};

/// Orders with the name of their customer, whichever comes first.
struct with_name {
  using output = std::string;
  struct state {
    std::string name;
    std::vector<std::string> waiting;
  };

  void process_first(const order& o, state& known, auto& out) {
    if (known.name.empty())
      known.waiting.push_back(o.item);
    else
      out.emit(o.item + " for " + known.name);
  }
  void process_second(const customer& c, state& known, auto& out) {
    known.name = c.name;
    for (const std::string& item : known.waiting)
      out.emit(item + " for " + known.name);
    known.waiting.clear();
  }
};

} // namespace weir::testing
