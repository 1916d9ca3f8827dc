// The sink that drops every record: for measuring, and for jobs whose state is the
// result.
#pragma once

#include "operators/sink_end.hpp"

namespace weir {

class discard {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  struct instance {
    void start(const operator_start&) {}
    template <class T>
    [[gnu::always_inline]] void write(const T&) {}
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() {}
  };

  template <class T>
  instance open(std::uint32_t, std::uint32_t) const {
    return {};
  }
};

} // namespace weir
