// Records of every kind, and random values of them.
#pragma once

#include "serialization/error.hpp"
#include "serialization/record.hpp"
#include "tests/serialization/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace weir::test {

enum class colour : std::uint8_t { red, green = 200 };

struct point { // with padding
  std::int32_t x = 0;
  std::uint16_t y = 0;
  bool visible = false;

  friend auto operator<=>(const point&, const point&) = default;
};

struct reading {
  std::string sensor;
  std::optional<double> value;
  std::chrono::milliseconds after{};

  friend bool operator==(const reading&, const reading&) = default;
};

struct click {
  std::string user;
  std::uint64_t amount = 0;
  std::optional<std::string> note;
  std::vector<std::string> tags;
  std::map<std::string, std::uint32_t> counts;

  friend bool operator==(const click&, const click&) = default;
};

struct everything {
  click nested;
  std::vector<reading> readings;
  std::array<point, 2> corners{};
  std::variant<std::monostate, std::uint32_t, std::string, reading> choice;
  std::unordered_map<std::string, std::vector<std::int16_t>> series;
  std::map<point, colour> colours;
  std::pair<std::string, std::int8_t> pair;
  std::tuple<char, float, std::vector<bool>> tuple;
  std::chrono::sys_time<std::chrono::microseconds> at{};
  std::optional<std::vector<std::optional<std::uint64_t>>> deep;
  bool last = false;

  friend bool operator==(const everything&, const everything&) = default;
};

struct key_record {
  std::string name;
  std::optional<std::int32_t> number;
  std::vector<std::string> path;
  std::uint8_t last = 0;

  friend auto operator<=>(const key_record&, const key_record&) = default;
};

using sample_types =
    std::tuple<std::uint8_t, std::int64_t, bool, double, char, colour, point, std::string,
               std::optional<std::uint64_t>, std::optional<std::string>,
               std::variant<std::monostate, std::uint32_t, std::string>,
               std::vector<std::uint32_t>, std::vector<bool>, std::vector<point>,
               std::vector<std::string>, std::vector<std::vector<std::uint8_t>>,
               std::map<std::string, std::uint64_t>,
               std::unordered_map<std::uint32_t, std::string>,
               std::map<point, std::string>, std::pair<std::string, std::int32_t>,
               std::tuple<std::uint8_t, std::string, bool>, std::chrono::milliseconds,
               std::chrono::system_clock::time_point, std::array<std::string, 2>, reading,
               click, key_record, everything, std::vector<everything>>;

using key_types =
    std::tuple<std::uint8_t, std::int64_t, bool, colour, point, std::string,
               std::optional<std::int32_t>, std::optional<std::string>,
               std::variant<std::monostate, std::int32_t, std::string>,
               std::vector<std::int16_t>, std::vector<bool>, std::vector<std::string>,
               std::pair<std::string, std::string>,
               std::tuple<std::string, std::int8_t, std::string>, std::chrono::seconds,
               std::chrono::system_clock::time_point, std::array<std::string, 2>,
               std::vector<std::optional<std::vector<std::string>>>, key_record>;

class random_records {
public:
  explicit random_records(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  std::string text() {
    // Few different bytes, so that prefixes of one another and zeros are common.
    static constexpr char common[] = {'a', 'b', '\0', '\1', '\xff', ',', '"', '\n'};
    std::string made(below(8) == 0 ? below(40) : below(5), ' ');
    for (char& c : made)
      c = below(8) == 0 ? static_cast<char>(below(256)) : common[below(sizeof common)];
    return made;
  }

  template <class T>
  T make() {
    T value{};
    fill(value);
    return value;
  }

  template <class T>
  void fill(T& value) {
    using enum detail::record_kind;
    if constexpr (detail::of_kind<T, scalar>)
      value = number<T>();
    else if constexpr (detail::of_kind<T, string>)
      value = text();
    else if constexpr (detail::of_kind<T, duration, time>)
      value = detail::from_count<T>(number<typename T::rep>());
    else if constexpr (detail::of_kind<T, array>)
      for (auto& element : value)
        fill(element);
    else if constexpr (detail::of_kind<T, list>)
      for (auto left = below(4); left > 0; --left)
        value.push_back(make<typename T::value_type>());
    else if constexpr (detail::of_kind<T, map>)
      for (auto left = below(4); left > 0; --left)
        value[make<typename T::key_type>()] = make<typename T::mapped_type>();
    else if constexpr (detail::of_kind<T, optional>)
      value = below(3) == 0 ? T() : T(make<typename T::value_type>());
    else if constexpr (detail::of_kind<T, variant>)
      detail::emplace_alternative(value, below(std::variant_size_v<T>),
                                  [this]<class A>(A& held) {
                                    if constexpr (!detail::of_kind<A, unit>)
                                      fill(held);
                                    return true;
                                  });
    else
      for_each_field(value, [this](auto& field, auto) { fill(field); });
  }

private:
  template <class T>
  T number() {
    if constexpr (std::is_floating_point_v<T>)
      return static_cast<T>(static_cast<std::int64_t>(engine_()) >> below(64)) / T{8};
    else if constexpr (std::is_same_v<T, bool>)
      return below(2) == 1;
    else
      return static_cast<T>(static_cast<std::int64_t>(engine_()) >> below(64));
  }

  std::mt19937_64 engine_;
};

/// Runs a random test under the seed of WEIR_SEED, or any, and says which if it fails.
template <class Test>
void with_seed(Test test) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    random_records random(seed);
    test(random);
  }
}

/// Whether reading throws weir::error.
template <class Read>
bool is_refused(Read read) {
  try {
    read();
    return false;
  } catch (const error&) {
    return true;
  }
}

/// Frozen: golden bytes are its encodings.
inline const click golden_click{"ann", 258, "hi", {"a", ""}, {{"x", 1}, {"y", 2}}};

} // namespace weir::test
