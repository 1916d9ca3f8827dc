// The sink that keeps its records where a test can see them.
#pragma once

#include "operators/chain_end.hpp"

#include <vector>

namespace weir::test {

template <class T>
class collect {
public:
  static constexpr bool blocking = false;
  static constexpr bool stateful = false;

  explicit collect(std::vector<T>& records) : records_(&records) {}

  struct instance {
    std::vector<T>* records;

    void start(const operator_start&) {}
    void write(const T& record) { records->push_back(record); }
    void flush() {}
    std::optional<operator_snapshot> snapshot() { return std::nullopt; }
    void finish() {}
  };

  template <class>
  instance open(std::uint32_t, std::uint32_t) const {
    return {records_};
  }

private:
  std::vector<T>* records_;
};

} // namespace weir::test
