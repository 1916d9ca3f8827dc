// A job of three chains and two exchanges, for what is planned from a graph.
#pragma once

#include "operators/weir.hpp"
#include "runtime/execution_plan.hpp"

namespace weir::test {

inline std::uint64_t itself(const std::uint64_t& number) {
  return number;
}

/// numbers -> counts -> out: a source, a keyed fold, another one with a stateful sink.
inline void define_sample(job& sample, std::uint64_t records) {
  sample
      .source("numbers",
              generate(records, [](std::uint64_t i, random_stream&) { return i; }))
      .key_by(itself)
      .count("counts")
      .map([](const counted<std::uint64_t>& c) { return c.key; })
      .key_by(itself)
      .reduce("sums", [](std::uint64_t a, std::uint64_t b) { return a + b; })
      .sink("out", write_lines("never-opened"));
}

} // namespace weir::test
