#include "state/page_supplier.hpp"
#include "state/row_table.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <random>

namespace weir::test::test_row_table {

namespace {

constexpr std::uint32_t groups = 128;

struct wide_key {
  std::array<std::uint64_t, 4> words;
  friend auto operator<=>(const wide_key&, const wide_key&) = default;
};
struct wide_value {
  std::uint64_t number;
  std::array<std::uint64_t, 99> rest;
  friend bool operator==(const wide_value&, const wide_value&) = default;
};

struct text_key {
  std::string name;
  std::uint8_t kind;
  friend auto operator<=>(const text_key&, const text_key&) = default;
};
struct text_value {
  std::uint64_t number;
  std::vector<std::string> lines;
  friend bool operator==(const text_value&, const text_value&) = default;
};

/// Some are short enough to need no memory of their own.
void make(std::string& key, std::uint64_t from) {
  key = std::string(from % 40, 'x') + std::to_string(from);
}
void make(text_key& key, std::uint64_t from) {
  make(key.name, from / 2);
  key.kind = from % 2;
}
void make(text_value& value, std::uint64_t from) {
  value.number = from;
  value.lines.assign(from % 4, std::to_string(from));
}
void make(std::uint64_t& key, std::uint64_t from) {
  key = from;
}
void make(wide_key& key, std::uint64_t from) {
  key.words = {from, 0, ~from, 1};
}
void make(wide_value& value, std::uint64_t from) {
  value.number = from;
  value.rest.fill(from * 3);
}

/// A table beside an oracle that copies what was dirty at every seal.
template <class Key, class Value>
class history {
public:
  using rows = std::map<Key, Value>;

  explicit history(std::uint64_t seed, page_supplier* pages = nullptr)
      : random_(seed), table_(groups, pages) {}

  void live(int steps, std::uint64_t keys, std::size_t writes_max) {
    for (int step = 0; step < steps; ++step) {
      const auto choice = random_() % 10;
      if (choice < 5)
        write(random_() % writes_max, keys);
      else if (choice < 7 && sealed_.size() < 4)
        seal();
      else
        encode(random_() % 6);
      for (auto moves = random_() % 8; moves > 0 && table_.settle_some(); --moves)
        ++settled;
    }
    seal();
    while (!sealed_.empty())
      encode(1);
    BOOST_REQUIRE(!table_.take_run().has_value());
    check(table_);
  }

  /// All runs, replayed in order into a new table, are the state at the last seal.
  void restores() {
    rows newest;
    for (const auto& run : runs_)
      for (const auto& [key, value] : run)
        newest[key] = value;
    BOOST_REQUIRE((newest == expected_));
    row_table<Key, Value> restored(groups);
    row_table<Key, Value> source(groups);
    for (const auto& [key, value] : newest)
      source.write(key, hash_of(key)).value = value;
    source.seal();
    while (source.encode_some()) {
    }
    const auto run = source.take_run();
    for (const encoded_rows& part : run->rows->parts())
      for (std::size_t row = 0; row < part.rows(); ++row)
        restored.restore(part.key(row), part.value(row));
    check(restored);
    restored.seal(); // and what was restored is not dirty
    while (restored.encode_some()) {
    }
    BOOST_REQUIRE(restored.take_run()->rows->empty());
  }

  std::size_t most_sealed = 0;
  std::size_t settled = 0;

private:
  void write(std::size_t count, std::uint64_t keys) {
    std::vector<Key> drawn(count);
    for (Key& key : drawn)
      make(key, random_() % keys);
    const auto write_one = [&](std::size_t, const Key& key, auto row) {
      if (row.created == expected_.contains(key))
        BOOST_FAIL("created does not say whether the key is new");
      make(row.value, random_());
      expected_[key] = row.value;
      dirty_[key] = row.value;
      return random_() % 64 != 0; // now and then it wants no more
    };
    // One after the other up to somewhere, then in blocks that look ahead.
    const std::size_t single = count == 0 ? 0 : random_() % count;
    for (std::size_t i = 0; i < single; ++i)
      write_one(i, drawn[i], table_.write(drawn[i], hash_of(drawn[i])));
    const auto key_at = [&](std::size_t i) { return drawn[i]; };
    const auto hash_at = [&](std::size_t i) { return hash_of(drawn[i]); };
    for (std::size_t at = single; at < count;)
      at = table_.write_each(at, std::min(count, at + 256), count, key_at, hash_at,
                             write_one);
  }

  void seal() {
    const epoch of = table_.seal();
    BOOST_REQUIRE((epochs_.empty() || of == epochs_.back() + 1));
    epochs_.push_back(of);
    sealed_.push_back({of, std::exchange(dirty_, {})});
    most_sealed = std::max(most_sealed, sealed_.size());
  }

  void encode(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i)
      table_.encode_some();
    while (auto run = table_.take_run()) {
      BOOST_REQUIRE(!sealed_.empty());
      BOOST_REQUIRE(run->of == sealed_.front().first);
      BOOST_REQUIRE((decoded(*run->rows) == sealed_.front().second));
      runs_.push_back(std::move(sealed_.front().second));
      sealed_.pop_front();
    }
  }

  static rows decoded(const encoded_run& run) {
    rows found;
    for (const encoded_rows& part : run.parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        Key key{};
        key_group group = 0;
        ordered_key<key_group>::decode_into(group, part.key(row).data());
        row_encoding<Key, Value>::decode_key(part.key(row), key);
        Value value{};
        row_encoding<Key, Value>::decode_value(part.value(row), value);
        const bool once = found.emplace(key, value).second;
        if (!once || group != key_group_of(hash_of(key), groups))
          BOOST_FAIL("a run has a key twice or in a wrong group");
      }
    return found;
  }

  void check(const row_table<Key, Value>& table) const {
    BOOST_REQUIRE(table.size() == expected_.size());
    for (const auto& [key, value] : expected_) {
      const Value* found = table.find(key);
      if (found == nullptr || !(*found == value))
        BOOST_FAIL("a row is lost or wrong");
    }
  }

  std::mt19937_64 random_;
  row_table<Key, Value> table_;
  rows expected_;
  rows dirty_;
  std::vector<epoch> epochs_;
  std::deque<std::pair<epoch, rows>> sealed_;
  std::vector<rows> runs_;
};

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

template <class Key, class Value>
void random_history(int steps, std::uint64_t keys, std::size_t writes_max) {
  const std::uint64_t chosen = seed();
  BOOST_TEST_MESSAGE("WEIR_SEED=" << chosen);
  BOOST_TEST_CONTEXT("WEIR_SEED=" << chosen) {
    history<Key, Value> run(chosen);
    for (int lives = 0; run.most_sealed < 2 && lives < 100; ++lives)
      run.live(steps, keys, writes_max);
    BOOST_TEST(run.most_sealed > 1U); // seals did overlap
    run.restores();
  }
}

using small_table = weir::row_table<std::uint64_t, std::uint64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(row_table)

BOOST_AUTO_TEST_CASE(few_keys_written_again_and_again_agree_with_a_map) {
  random_history<std::uint64_t, std::uint64_t>(300, 50, 40);
}

BOOST_AUTO_TEST_CASE(splits_while_seals_are_pending_agree_with_a_map) {
  random_history<std::uint64_t, std::uint64_t>(120, 60'000, 2'500);
}

BOOST_AUTO_TEST_CASE(segments_that_move_to_large_pages_agree_with_a_map) {
  const std::uint64_t chosen = seed();
  BOOST_TEST_CONTEXT("WEIR_SEED=" << chosen) {
    page_supplier pages;
    history<std::uint64_t, std::uint64_t> run(chosen, &pages);
    while (run.settled < 20) // when a large page is ready is up to the machine
      run.live(40, 400'000, 20'000);
    run.restores();
  }
}

BOOST_AUTO_TEST_CASE(wide_keys_agree_with_a_map) {
  random_history<wide_key, std::uint64_t>(100, 20'000, 1'500);
}

BOOST_AUTO_TEST_CASE(big_values_agree_with_a_map) {
  random_history<std::uint64_t, wide_value>(100, 2'000, 100);
}

BOOST_AUTO_TEST_CASE(keys_that_are_text_agree_with_a_map) {
  random_history<std::string, std::uint64_t>(120, 20'000, 1'500);
}

BOOST_AUTO_TEST_CASE(values_with_text_agree_with_a_map) {
  random_history<std::uint64_t, text_value>(120, 5'000, 600);
}

BOOST_AUTO_TEST_CASE(keys_and_values_with_text_agree_with_a_map) {
  random_history<text_key, text_value>(100, 3'000, 500);
}

BOOST_AUTO_TEST_CASE(a_key_that_was_never_written_is_not_found) {
  small_table table(groups);
  BOOST_TEST(table.find(1) == nullptr);
  table.write(1, hash_of(std::uint64_t{1})).value = 5;
  BOOST_TEST(*table.find(1) == 5U);
  BOOST_TEST(table.find(2) == nullptr);
  BOOST_TEST(table.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_new_row_begins_with_the_zero_value) {
  small_table table(groups);
  const auto row = table.write(9, hash_of(std::uint64_t{9}));
  BOOST_TEST(row.created);
  BOOST_TEST(row.value == 0U);
  BOOST_TEST(!table.write(9, hash_of(std::uint64_t{9})).created);
}

BOOST_AUTO_TEST_CASE(the_key_zero_is_a_key_like_any_other) {
  small_table table(groups);
  table.write(0, hash_of(std::uint64_t{0})).value = 3;
  BOOST_REQUIRE(table.find(0) != nullptr);
  BOOST_TEST(*table.find(0) == 3U);
}

BOOST_AUTO_TEST_CASE(a_seal_of_an_untouched_table_gives_an_empty_run) {
  small_table table(groups);
  table.seal();
  BOOST_TEST(!table.encode_some());
  const auto run = table.take_run();
  BOOST_REQUIRE(run.has_value());
  BOOST_TEST(run->rows->empty());
  BOOST_TEST(!table.take_run().has_value());
}

BOOST_AUTO_TEST_CASE(without_a_seal_there_is_nothing_to_encode) {
  small_table table(groups);
  table.write(1, hash_of(std::uint64_t{1}));
  BOOST_TEST(!table.encode_some());
  BOOST_TEST(!table.take_run().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_row_table
