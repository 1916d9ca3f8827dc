#include "tests/support/json_schema.hpp"

#include "tests/support/files.hpp"

#include <boost/json/src.hpp>

#include <algorithm>
#include <stdexcept>

namespace weir::testing {

namespace json = boost::json;

struct json_schema::parsed {
  json::value root;
};

namespace {

class checker {
public:
  explicit checker(const json::value& root) : root_(root) {}

  /// Empty: none. `at` is where `value` stands.
  std::string problem(const json::object& schema, const json::value& value,
                      const std::string& at) const {
    for (const auto& [name, wanted] : schema) {
      std::string found = keyword(schema, name, wanted, value, at);
      if (!found.empty())
        return found;
    }
    return {};
  }

private:
  std::string keyword(const json::object& schema, std::string_view name,
                      const json::value& wanted, const json::value& value,
                      const std::string& at) const {
    if (name == "type")
      return has_type(wanted, value) ? "" : at + " is not " + json::serialize(wanted);
    if (name == "enum")
      return std::ranges::count(wanted.as_array(), value) > 0
                 ? ""
                 : at + " is none of " + json::serialize(wanted);
    if (name == "minimum")
      return !value.is_int64() || value.as_int64() >= wanted.as_int64()
                 ? ""
                 : at + " is too small";
    if (name == "required")
      return missing(wanted.as_array(), value, at);
    if (name == "properties")
      return in_members(wanted.as_object(), value, at);
    if (name == "additionalProperties")
      return further(schema, value, at);
    if (name == "items")
      return in_elements(wanted.as_object(), value, at);
    if (name == "oneOf" || name == "anyOf" || name == "allOf")
      return some_of(name, wanted.as_array(), value, at);
    if (name == "$ref")
      return problem(defined(std::string(wanted.as_string())), value, at);
    if (name == "$schema" || name == "title" || name == "description" || name == "$defs")
      return {};
    throw std::logic_error("the schema has '" + std::string(name) +
                           "', which this does not know");
  }

  static bool is_a(std::string_view type, const json::value& value) {
    return type == "object"    ? value.is_object()
           : type == "array"   ? value.is_array()
           : type == "string"  ? value.is_string()
           : type == "boolean" ? value.is_bool()
           : type == "null"    ? value.is_null()
           : type == "integer" ? value.is_int64() || value.is_uint64()
                               : value.is_number();
  }
  static bool has_type(const json::value& wanted, const json::value& value) {
    if (wanted.is_string())
      return is_a(wanted.as_string(), value);
    return std::ranges::any_of(wanted.as_array(), [&](const json::value& each) {
      return is_a(each.as_string(), value);
    });
  }

  static std::string missing(const json::array& wanted, const json::value& value,
                             const std::string& at) {
    for (const json::value& each : wanted)
      if (value.is_object() && !value.as_object().contains(each.as_string()))
        return at + " has no '" + std::string(each.as_string()) + "'";
    return {};
  }

  std::string in_members(const json::object& wanted, const json::value& value,
                         const std::string& at) const {
    for (const auto& [name, schema] : wanted)
      if (value.is_object() && value.as_object().contains(name)) {
        std::string found = problem(schema.as_object(), value.as_object().at(name),
                                    at + "." + std::string(name));
        if (!found.empty())
          return found;
      }
    return {};
  }

  static std::string further(const json::object& schema, const json::value& value,
                             const std::string& at) {
    if (value.is_object())
      for (const auto& [name, each] : value.as_object())
        if (!schema.at("properties").as_object().contains(name))
          return at + " has '" + std::string(name) + "', which is not in the schema";
    return {};
  }

  std::string in_elements(const json::object& wanted, const json::value& value,
                          const std::string& at) const {
    if (value.is_array())
      for (std::size_t i = 0; i < value.as_array().size(); ++i) {
        std::string found =
            problem(wanted, value.as_array()[i], at + "[" + std::to_string(i) + "]");
        if (!found.empty())
          return found;
      }
    return {};
  }

  std::string some_of(std::string_view how, const json::array& schemas,
                      const json::value& value, const std::string& at) const {
    std::size_t matching = 0;
    std::string last;
    for (const json::value& each : schemas) {
      std::string found = problem(each.as_object(), value, at);
      matching += found.empty() ? 1 : 0;
      last = found.empty() ? last : found;
    }
    const bool right = how == "allOf"   ? matching == schemas.size()
                       : how == "anyOf" ? matching > 0
                                        : matching == 1;
    return right ? ""
                 : at + " is " + std::to_string(matching) + " of " + std::string(how) +
                       ": " + last;
  }

  const json::object& defined(const std::string& reference) const {
    const std::string prefix = "#/$defs/";
    return root_.as_object()
        .at("$defs")
        .as_object()
        .at(reference.substr(prefix.size()))
        .as_object();
  }

  const json::value& root_;
};

} // namespace

json_schema::json_schema(const std::filesystem::path& file)
    : schema_(std::make_unique<parsed>(parsed{json::parse(read_text(file))})) {}

json_schema::~json_schema() = default;

std::string json_schema::problem(std::string_view text) const {
  json::error_code broken;
  const json::value value = json::parse(text, broken);
  if (broken)
    return "it is no JSON: " + broken.message();
  return checker(schema_->root).problem(schema_->root.as_object(), value, "it");
}

} // namespace weir::testing
