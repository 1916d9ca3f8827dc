// The sink that writes records as JSON (serialization/json.hpp), a value to a line.
#pragma once

#include "operators/io/line_sink.hpp"
#include "serialization/json.hpp"

namespace weir {

namespace detail {

struct json_format {
  template <class T>
  static void begin(std::string&) {}
  template <record T>
  static void append(std::string& out, const T& value) {
    append_json(out, value);
  }
};

} // namespace detail

class write_json : public detail::line_sink_spec<detail::json_format> {
public:
  explicit write_json(std::string directory) : line_sink_spec(std::move(directory)) {}
};

} // namespace weir
