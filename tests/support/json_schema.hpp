// Whether a JSON text is what a schema (JSON Schema 2020-12) says: as much of it as
// docs/schemas uses, and whatever else stands in a schema is refused.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace weir::testing {

class json_schema {
public:
  explicit json_schema(const std::filesystem::path& file);
  ~json_schema();
  json_schema(const json_schema&) = delete;
  json_schema& operator=(const json_schema&) = delete;

  /// Empty: it is. Else where it is not, and why.
  std::string problem(std::string_view json) const;

private:
  struct parsed;
  std::unique_ptr<parsed> schema_;
};

} // namespace weir::testing
