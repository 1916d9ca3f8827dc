// The sink that writes one line of text per record (serialization/text.hpp).
#pragma once

#include "operators/io/line_sink.hpp"
#include "serialization/text.hpp"

namespace weir {

namespace detail {

struct text_format {
  template <class T>
  static void begin(std::string&) {}
  template <record T>
  static void append(std::string& out, const T& value) {
    append_text(out, value);
  }
};

} // namespace detail

class write_lines : public detail::line_sink_spec<detail::text_format> {
public:
  explicit write_lines(std::string directory) : line_sink_spec(std::move(directory)) {}
};

} // namespace weir
