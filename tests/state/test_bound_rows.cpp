#include "tests/state/random_changes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <deque>
#include <random>

namespace weir::test::test_bound_rows {

namespace {

void make(std::uint64_t& key, std::uint64_t from) {
  key = from;
}
void make(std::string& key, std::uint64_t from) {
  key = std::string(from % 40, 'x') + std::to_string(from);
}

/// A table beside an oracle that copies all at every seal.
template <class Key>
class history {
public:
  using rows = std::map<Key, model>;

  explicit history(std::uint64_t seed) : random_(seed) {}

  void live(int steps, std::uint64_t keys) {
    for (int step = 0; step < steps; ++step) {
      const auto choice = random_() % 10;
      if (choice < 6)
        process(random_() % 200, keys);
      else if (choice < 7)
        pass_time(event_time::duration(random_() % 40));
      else if (choice < 8 && sealed_.size() < 4)
        seal();
      else
        encode(random_() % 6);
    }
    seal();
    while (!sealed_.empty())
      encode(1);
    check(task_);
    BOOST_REQUIRE(task_.bound.rows().size() == expected_.size());
  }

  /// What all runs came to is what was there at the last seal, and can be read back.
  void restores() {
    bound_table<Key> restored;
    encoded_rows stored(std::nullopt);
    for (const auto& [key, value] : stored_) {
      std::byte* const out = stored.append({key.size(), value.size()});
      std::memcpy(out, key.data(), key.size());
      std::memcpy(out + key.size(), value.data(), value.size());
    }
    keyed_state& state = restored.bound;
    for (std::size_t at = 0; at < stored.rows();)
      at = state.restore(stored, at, 7);
    check(restored);
    restored.bound.rows().seal(); // and what was restored is not dirty
    while (restored.bound.rows().encode_some()) {
    }
    BOOST_REQUIRE(restored.bound.rows().take_run()->rows->empty());
    std::size_t deadlines = 0;
    for (const auto& [key, states] : expected_)
      deadlines += states.deadlines.size() + (states.deadline ? 1 : 0);
    for (; restored.bound.row().enter_due(event_time::max());
         restored.bound.row().leave())
      --deadlines;
    BOOST_REQUIRE(deadlines == 0);
  }

  std::size_t most_sealed = 0;
  std::size_t removed = 0;
  std::size_t fired = 0;

private:
  struct sealed_epoch {
    epoch of;
    rows then;
    std::set<Key> drawn; // since the seal before
  };

  static std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
  }
  static std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  void process(std::size_t count, std::uint64_t keys) {
    std::vector<Key> drawn(count);
    for (Key& key : drawn)
      make(key, random_() % keys);
    drawn_.insert(drawn.begin(), drawn.end());
    auto& row = task_.bound.row();
    const auto key_at = [&](std::size_t i) -> const Key& { return drawn[i]; };
    const auto hash_at = [&](std::size_t i) { return hash_of(drawn[i]); };
    for (std::size_t at = 0; at < count;)
      at = task_.bound.rows().find_each(
          at, std::min(count, at + 64), count, key_at, hash_at,
          [&](std::size_t, const Key& key, std::uint64_t hash, auto place) {
            row.enter(key, hash, place);
            model now = task_.function->read();
            if (const auto known = expected_.find(key);
                !(now == (known == expected_.end() ? model{} : known->second)))
              BOOST_FAIL("a state is not what was written");
            for (auto changes = random_() % 4; changes > 0; --changes)
              change_randomly(*task_.function, now, now_, random_);
            if (!(task_.function->read() == now))
              BOOST_FAIL("a state is not what has just been written");
            row.leave();
            if (now.empty())
              expected_.erase(key);
            else
              expected_[key] = std::move(now);
            return random_() % 32 != 0; // now and then it wants no more
          });
  }

  /// Every deadline until then is told once, the earlier ones first, and is gone.
  void pass_time(event_time::duration by) {
    now_ += by;
    std::multiset<std::tuple<event_time, Key, bool>> due;
    for (auto& [key, states] : expected_) {
      if (states.deadline && *states.deadline <= now_)
        due.emplace(*states.deadline, key, true);
      for (const event_time each : states.deadlines)
        if (each <= now_)
          due.emplace(each, key, false);
    }
    auto& row = task_.bound.row();
    event_time before = event_time::min();
    while (const auto told = row.enter_due(now_)) {
      const Key key = row.key();
      const bool is_one = told->is_of(task_.function->one);
      BOOST_REQUIRE(told->deadline() >= before);
      BOOST_REQUIRE(due.erase({told->deadline(), key, is_one}) == 1);
      before = told->deadline();
      ++fired;
      drawn_.insert(key);
      model& now = expected_[key];
      if (is_one)
        now.deadline.reset();
      else
        now.deadlines.erase(told->deadline());
      BOOST_REQUIRE((task_.function->read() == now));
      if (now.empty())
        expected_.erase(key);
      row.leave();
    }
    BOOST_REQUIRE(due.empty());
  }

  void seal() {
    sealed_.push_back({task_.bound.rows().seal(), expected_, std::exchange(drawn_, {})});
    most_sealed = std::max(most_sealed, sealed_.size());
  }

  void encode(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i)
      task_.bound.rows().encode_some();
    while (auto run = task_.bound.rows().take_run()) {
      BOOST_REQUIRE(!sealed_.empty());
      BOOST_REQUIRE(run->of == sealed_.front().of);
      store(*run->rows, sealed_.front().drawn);
      BOOST_REQUIRE((decoded(stored_) == sealed_.front().then));
      sealed_.pop_front();
    }
  }

  void store(const encoded_run& run, const std::set<Key>& drawn) {
    std::set<Key> keys;
    for (const encoded_rows& part : run.parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        Key key{};
        key_group group = 0;
        ordered_key<key_group>::decode_into(group, part.key(row).data());
        row_keys<Key>::decode_key(part.key(row), key);
        if (!keys.insert(key).second || group != key_group_of(hash_of(key), bound_groups))
          BOOST_FAIL("a run has a key twice or in a wrong group");
        if (!drawn.contains(key))
          BOOST_FAIL("a run has a key that nobody wrote");
        if (!part.removed(row)) {
          stored_[text_of(part.key(row))] = text_of(part.value(row));
        } else {
          ++removed;
          if (stored_.erase(text_of(part.key(row))) == 0)
            BOOST_FAIL("a run removes a key that no run has");
        }
      }
  }

  static rows decoded(const std::map<std::string, std::string>& stored) {
    bound_table<Key> table;
    rows found;
    for (const auto& [key_bytes, value] : stored) {
      Key key{};
      row_keys<Key>::decode_key(bytes_of(key_bytes), key);
      table.bound.rows().restore(bytes_of(key_bytes), bytes_of(value));
      table.bound.row().enter(key, hash_of(key));
      found[key] = table.function->read();
      table.bound.row().leave();
    }
    return found;
  }

  void check(bound_table<Key>& table) const {
    BOOST_REQUIRE(table.bound.rows().size() == expected_.size());
    for (const auto& [key, states] : expected_) {
      table.bound.row().enter(key, hash_of(key));
      if (!(table.function->read() == states))
        BOOST_FAIL("a row is lost or wrong");
      table.bound.row().leave();
    }
  }

  std::mt19937_64 random_;
  bound_table<Key> task_;
  rows expected_;
  event_time now_{};
  std::set<Key> drawn_;
  std::deque<sealed_epoch> sealed_;
  std::map<std::string, std::string> stored_; // what the runs so far came to
};

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

template <class Key>
void live_histories() {
  const std::uint64_t first = seed();
  std::size_t removed = 0;
  std::size_t fired = 0;
  std::size_t most_sealed = 0;
  for (std::uint64_t i = 0; i < 12 || (most_sealed < 3 && i < 100); ++i)
    BOOST_TEST_CONTEXT("WEIR_SEED=" << first + i) {
      history<Key> one(first + i);
      one.live(60, i % 2 == 0 ? 40 : 4'000);
      one.restores();
      removed += one.removed;
      fired += one.fired;
      most_sealed = std::max(most_sealed, one.most_sealed);
    }
  BOOST_TEST(removed > 0);
  BOOST_TEST(fired > 0);
  BOOST_TEST(most_sealed >= 3);
}

} // namespace

BOOST_AUTO_TEST_SUITE(bound_rows)

BOOST_AUTO_TEST_CASE(every_history_of_numbers_is_in_its_runs) {
  live_histories<std::uint64_t>();
}

BOOST_AUTO_TEST_CASE(every_history_of_strings_is_in_its_runs) {
  live_histories<std::string>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_bound_rows
