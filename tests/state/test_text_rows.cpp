// Row tables whose keys and values hold weir::text, beside maps of the same records with
// std::string. What the table is given dies right after.
#include "state/row_table.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <random>

namespace weir::test::test_text_rows {

namespace {

constexpr std::uint32_t groups = 128;

template <class Text>
struct name_key {
  Text name;
  std::uint8_t kind;
  friend auto operator<=>(const name_key&, const name_key&) = default;
};
template <class Text>
struct names {
  Text first;
  std::uint64_t number;
  Text second;
  std::optional<Text> third;
};
template <class Text>
struct lines {
  std::vector<Text> all;
  std::map<std::uint8_t, Text> by_number;
};

static_assert(!key_cell<text>::on_heap && !key_cell<name_key<text>>::on_heap);
static_assert(!value_cell<names<text>>::on_heap && value_cell<lines<text>>::on_heap);
static_assert(row_bucket<text, std::uint64_t>::rows == 2);

/// Of the same record with the other kind of text.
template <class To, class From>
To twin_of(const From& from, std::vector<std::byte>& bytes) {
  bytes.resize(record_codec<From>::size(from));
  record_codec<From>::encode(from, bytes.data());
  To to{};
  byte_reader in(bytes);
  record_codec<To>::decode_into(to, in);
  return to;
}

template <class T>
std::vector<std::byte> bytes_of(const T& value) {
  std::vector<std::byte> bytes(record_codec<T>::size(value));
  record_codec<T>::encode(value, bytes.data());
  return bytes;
}

class random_texts {
public:
  explicit random_texts(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  std::string any() {
    const auto size = below(20) == 0 ? below(3000) : below(60);
    return std::string(size, static_cast<char>(below(4)));
  }
  std::string of_key(std::uint64_t keys) {
    const auto which = below(keys);
    return std::string(which % 5 * 7, '\0') + std::to_string(which);
  }

private:
  std::mt19937_64 engine_;
};

void make(std::string& key, random_texts& random) {
  key = random.of_key(3000);
}
void make(name_key<std::string>& key, random_texts& random) {
  key = {random.of_key(1500), static_cast<std::uint8_t>(random.below(2))};
}
void make(std::uint64_t& key, random_texts& random) {
  key = random.below(2000);
}

/// Changes one field or more; texts from outside are in `arena`.
template <class Text, class Keep>
void change(names<Text>& value, random_texts random, Keep keep) {
  switch (random.below(7)) {
  case 0:
    value = {keep(random.any()), random.below(9), keep(random.any()), keep(random.any())};
    break;
  case 1:
    value.first = keep(random.any());
    break;
  case 2:
    std::swap(value.first, value.second);
    break;
  case 3:
    value.third = value.first; // one text in two places
    break;
  case 4: { // a part of its own
    const std::string_view part = std::string_view(value.second).substr(0, 20);
    value.second = Text(part);
    break;
  }
  case 5:
    value.third.reset();
    break;
  default:
    ++value.number;
  }
}

template <class Text, class Keep>
void change(lines<Text>& value, random_texts random, Keep keep) {
  switch (random.below(6)) {
  case 0:
    value = {};
    break;
  case 1:
    value.by_number[static_cast<std::uint8_t>(random.below(5))] = keep(random.any());
    break;
  case 2:
    if (!value.all.empty())
      value.all.erase(value.all.begin());
    break;
  case 3:
    std::reverse(value.all.begin(), value.all.end());
    break;
  default:
    value.all.push_back(keep(random.any()));
  }
}

template <class Text, class Keep>
void change(std::uint64_t& value, random_texts random, Keep) {
  value += random.below(10);
}

/// `TextKey` and `TextValue` are twins of `Key` and `Value`.
template <class TextKey, class TextValue, class Key, class Value>
class beside_a_map {
  using rows = std::map<Key, Value>;

public:
  explicit beside_a_map(std::uint64_t seed) : random_(seed) {}

  void live(int steps) {
    for (int step = 0; step < steps; ++step) {
      for (auto writes = random_.below(300); writes > 0; --writes)
        write();
      if (sealed_.size() < 3 && random_.below(2) == 0) {
        table_.seal();
        sealed_.push_back(std::exchange(dirty_, {}));
      }
      for (auto turns = random_.below(30); turns > 0; --turns)
        table_.encode_some();
      take_runs();
    }
    table_.seal();
    sealed_.push_back(std::exchange(dirty_, {}));
    while (table_.encode_some()) {
    }
    take_runs();
    BOOST_REQUIRE(sealed_.empty());
    check(table_);
  }

  /// What tables of strings have encoded is read by one of texts.
  void restore() {
    row_table<Key, Value> strings(groups);
    for (const auto& [key, value] : expected_)
      strings.write(key, hash_of(key)).value = value;
    strings.seal();
    while (strings.encode_some()) {
    }
    row_table<TextKey, TextValue> restored(groups);
    const auto run = strings.take_run();
    for (const encoded_rows& part : run->rows->parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        const auto copy = [](auto bytes) {
          return std::vector<std::byte>(bytes.begin(), bytes.end());
        };
        restored.restore(copy(part.key(row)), copy(part.value(row)));
      }
    check(restored);
  }

private:
  void write() {
    Key key{};
    make(key, random_);
    std::vector<std::byte> memory;
    auto text_key = twin_of<TextKey>(key, memory);
    BOOST_REQUIRE(hash_of(text_key) == hash_of(key));
    const auto row = table_.write(text_key, hash_of(text_key));
    if (row.created == expected_.contains(key))
      BOOST_FAIL("created does not say whether the key is new");
    std::fill(memory.begin(), memory.end(), std::byte{'?'});
    const random_texts same(random_.below(~std::uint64_t{0}));
    table_.update(row.value, [&] {
      change<text>(row.value, same,
                   [this](const std::string& chars) { return arena_.copy(chars); });
    });
    arena_.clear();
    change<std::string>(expected_[key], same, [](std::string chars) { return chars; });
    dirty_[key] = expected_[key];
  }

  /// What a table of texts has encoded is read as strings.
  void take_runs() {
    while (auto run = table_.take_run()) {
      BOOST_REQUIRE(!sealed_.empty());
      rows left = std::move(sealed_.front());
      sealed_.pop_front();
      for (const encoded_rows& part : run->rows->parts())
        for (std::size_t row = 0; row < part.rows(); ++row) {
          Key key{};
          Value value{};
          row_encoding<Key, Value>::decode_key(part.key(row), key);
          row_encoding<Key, Value>::decode_value(part.value(row), value);
          BOOST_REQUIRE(left.contains(key));
          BOOST_REQUIRE((bytes_of(value) == bytes_of(left.at(key))));
          left.erase(key);
        }
      BOOST_REQUIRE(left.empty());
    }
  }

  void check(const row_table<TextKey, TextValue>& table) const {
    BOOST_REQUIRE(table.size() == expected_.size());
    std::vector<std::byte> memory;
    for (const auto& [key, value] : expected_) {
      const TextValue* found = table.find(twin_of<TextKey>(key, memory));
      if (found == nullptr || bytes_of(*found) != bytes_of(value))
        BOOST_FAIL("a row is lost or wrong");
    }
  }

  random_texts random_;
  row_table<TextKey, TextValue> table_{groups};
  text_arena arena_;
  rows expected_;
  rows dirty_;
  std::deque<rows> sealed_;
};

template <template <class> class Key, template <class> class Value>
void agrees_with_a_map(int steps) {
  const char* given = std::getenv("WEIR_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
    beside_a_map<Key<text>, Value<text>, Key<std::string>, Value<std::string>> run(seed);
    run.live(steps);
    run.restore();
  }
}

template <class Text>
using itself = Text;
template <class>
using number = std::uint64_t;

struct has_default {
  text name = text("a default that does not fit inside");
};

} // namespace

BOOST_AUTO_TEST_SUITE(text_rows)

BOOST_AUTO_TEST_CASE(keys_of_text_agree_with_a_map) {
  agrees_with_a_map<itself, number>(60);
}

BOOST_AUTO_TEST_CASE(values_of_texts_agree_with_a_map) {
  agrees_with_a_map<number, names>(60);
}

BOOST_AUTO_TEST_CASE(keys_and_values_with_text_agree_with_a_map) {
  agrees_with_a_map<name_key, names>(60);
}

BOOST_AUTO_TEST_CASE(collections_of_text_agree_with_a_map) {
  agrees_with_a_map<name_key, lines>(60);
}

BOOST_AUTO_TEST_CASE(a_default_with_text_can_be_overwritten) {
  row_table<std::uint64_t, has_default> table(groups);
  for (std::uint64_t key = 0; key < 100; ++key) {
    auto& value = table.write(key, hash_of(key)).value;
    BOOST_TEST((value.name == has_default().name));
    table.update(value, [&] { value.name = text("another text that does not fit"); });
    BOOST_TEST((table.find(key)->name == "another text that does not fit"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text_rows
