// The table of options, by topic. An option is a field of the configuration and how its
// value is read.
#pragma once

#include "runtime/config.hpp"
#include "runtime/config_values.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>

namespace weir {

/// It says what data() of a state backend says, too.
inline constexpr const char* data_dir_option = "execution.checkpointing.data-dir";

std::vector<config_option> execution_options();
std::vector<config_option> checkpoint_options();
std::vector<config_option> state_options();
std::vector<config_option> restart_options();

/// How the value of an option reads: its type as the user sees it, and into what it
/// turns.
template <class Read>
struct value_of {
  std::string type;
  Read read; // (name, value)
  std::vector<std::string> choices = {};
};

template <class Read>
value_of(std::string, Read) -> value_of<Read>;
template <class Read>
value_of(std::string, Read, std::vector<std::string>) -> value_of<Read>;

inline auto a_whole_number(std::uint64_t min, std::uint64_t max) {
  return value_of{"whole number", [=](const std::string& name, const std::string& value) {
                    return values::whole_number(name, value, min, max);
                  }};
}

/// `word` is what one writes for none, which is `meaning`.
inline auto a_whole_number_or(const char* word, std::uint64_t meaning, std::uint64_t min,
                              std::uint64_t max) {
  return value_of{"whole number", [=](const std::string& name, const std::string& value) {
                    return value == word ? meaning
                                         : values::whole_number(name, value, min, max);
                  }};
}

inline auto a_number(double min, double max) {
  return value_of{"number", [=](const std::string& name, const std::string& value) {
                    return values::number(name, value, min, max);
                  }};
}

inline auto a_duration(std::int64_t min_ms) {
  return value_of{"duration", [=](const std::string& name, const std::string& value) {
                    return values::duration(name, value, min_ms);
                  }};
}

inline auto a_size() {
  return value_of{"size", values::memory_size};
}

inline auto a_size_or_none() {
  return value_of{"size", [](const std::string& name, const std::string& value) {
                    return value == "none"
                               ? std::nullopt
                               : std::optional(values::memory_size(name, value));
                  }};
}

inline auto a_boolean() {
  return value_of{"boolean", values::yes_or_no, {"true", "false"}};
}

inline auto a_path() {
  return value_of{"path", values::path};
}

/// One of `known`; `wanted` names those that one should write.
template <class Value>
auto a_word(std::vector<values::named<Value>> known, std::string wanted) {
  auto choices = values::words_in(wanted);
  return value_of{"text",
                  [known = std::move(known), wanted = std::move(wanted)](
                      const std::string& name, const std::string& value) {
                    return values::one_of<Value>(name, value, known, wanted);
                  },
                  std::move(choices)};
}

/// `field`: a member of run_config, or what leads from one to a place in it.
template <class Field, class Read>
config_option option(std::string name, value_of<Read> value, std::string default_value,
                     std::string help, Field field,
                     std::vector<std::string> aliases = {}) {
  auto set = [name, field, read = std::move(value.read)](run_config& config,
                                                         const std::string& text) {
    auto& place = std::invoke(field, config);
    place = static_cast<std::remove_reference_t<decltype(place)>>(read(name, text));
  };
  return {std::move(name), std::move(value.type),   std::move(default_value),
          std::move(help), std::move(set),          std::move(aliases),
          /*sets*/ {},     std::move(value.choices)};
}

} // namespace weir
