// The source of records from JSON (serialization/json.hpp), a value to a line.
#pragma once

#include "operators/io/record_source.hpp"
#include "serialization/json.hpp"

namespace weir {

namespace detail {

struct json_lines {
  static bool named() noexcept { return false; }
  static std::optional<parse_problem> read_names(std::string_view) { return {}; }
  template <record T>
  static std::optional<parse_problem> read(std::string_view line, T& out) {
    return parse_json(line, out);
  }
};

} // namespace detail

template <record T>
class read_json {
public:
  static constexpr bool blocking = true;
  static constexpr bool rescales = true;

  explicit read_json(line_input input) : input_(std::move(input)) {}

  /// Skips lines that are no record and counts them; else they fail the job.
  read_json& skip_malformed() {
    skip_malformed_ = true;
    return *this;
  }

  auto open(std::uint32_t subtask, std::uint32_t parallelism) const {
    return detail::record_source<T, detail::json_lines>(
        detail::line_stream(input_, subtask, parallelism), {}, skip_malformed_);
  }
  std::string reads_once() const { return input_.reads_once(); }

private:
  line_input input_;
  bool skip_malformed_ = false;
};

} // namespace weir
