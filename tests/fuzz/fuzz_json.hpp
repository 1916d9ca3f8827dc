// What weir prints as JSON, judged by its own reader.
#pragma once

#include "serialization/json_reader.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

/// One line with one value in it.
inline void require_json(const std::string& text) {
  for (const char c : text)
    FUZZ_REQUIRE(static_cast<unsigned char>(c) >= 0x20, text);
  json_reader in(text);
  in.accept_bytes();
  FUZZ_REQUIRE(in.skip_value() && in.at_end(), text);
}

} // namespace weir::fuzz
