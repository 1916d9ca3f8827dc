// States that expire, and deadlines in both times, beside an oracle whose clock is the
// same: whatever is written, read, sealed, encoded, swept and restored in between.
#include "tests/state/expiring_sample.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <deque>
#include <random>

namespace weir::test::test_expiring_rows {

namespace {

void make(std::uint64_t& key, std::uint64_t from) {
  key = from;
}
void make(std::string& key, std::uint64_t from) {
  key = std::string(from % 40, 'x') + std::to_string(from);
}

template <class Key>
class expiring_history {
public:
  using rows = std::map<Key, expiring_model>;

  explicit expiring_history(std::uint64_t seed) : random_(seed) { pass_time(1'000); }

  void live(int steps, std::uint64_t keys) {
    for (int step = 0; step < steps; ++step) {
      const auto choice = random_() % 12;
      if (choice < 5)
        process(random_() % 200, keys);
      else if (choice < 7)
        pass_time(static_cast<std::int64_t>(random_() % (random_() % 8 == 0 ? 500 : 40)));
      else if (choice < 8 && sealed_.size() < 4)
        seal();
      else if (choice < 10)
        encode(random_() % 6);
      else if (choice < 11)
        task_.bound.rows().sweep(random_() % 100);
      else
        filter();
    }
    seal();
    while (!sealed_.empty())
      encode(1);
    check(task_, expected_);
  }

  /// What all runs came to can be read back, later, too.
  void restores() {
    for (const std::int64_t later : {0, 60, 100'000}) {
      now_ += micros(later);
      forget();
      expiring_table<Key> restored;
      restored.bound.tell_time(now_);
      encoded_rows stored(std::nullopt);
      for (const auto& [key, value] : stored_) {
        std::byte* const out = stored.append({key.size(), value.size()});
        std::memcpy(out, key.data(), key.size());
        std::memcpy(out + key.size(), value.data(), value.size());
      }
      keyed_state& state = restored.bound;
      for (std::size_t at = 0; at < stored.rows();)
        at = state.restore(stored, at, 7);
      check(restored, expected_);
      tell_all(restored);
    }
  }

  std::size_t most_sealed = 0;
  std::size_t removed = 0;
  std::size_t filtered = 0;
  std::size_t fired = 0;
  std::size_t left_by_sweep = 0;

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

  void forget() { forget(expected_); }
  void forget(rows& of) const {
    for (auto& [key, model] : of)
      model.pass(now_);
    std::erase_if(of, [](const auto& each) { return each.second.seen().empty(); });
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
            expiring_model& now = expected_[key];
            if (random_() % 2 == 0) // what is read stays longer
              compare(now);
            for (auto changes = random_() % 4; changes > 0; --changes)
              change(*task_.function, now, now_, event_now_, random_);
            compare(now);
            row.leave();
            if (now.seen().empty())
              expected_.erase(key);
            return random_() % 32 != 0; // now and then it wants no more
          });
  }

  void compare(expiring_model& known) const {
    known.pass(now_);
    known.read(now_);
    if (!(task_.function->read() == known.seen()))
      BOOST_FAIL("a state is not what was written");
  }

  /// Every deadline until then is told once, the earlier ones first, and is gone.
  void pass_time(std::int64_t by) {
    now_ += micros(by);
    event_now_ += micros(by / 2);
    task_.bound.tell_time(now_);
    forget();
    if (random_() % 4 == 0)
      return; // told later, and together
    tell<event_time>(event_now_);
    tell<processing_time>(now_);
  }

  template <class Time>
  void tell(Time until) {
    std::multiset<std::tuple<Time, Key, bool>> due;
    for (auto& [key, states] : expected_) {
      const auto& one = alone<Time>(states);
      if (one && *one <= until)
        due.emplace(*one, key, true);
      for (const Time each : many<Time>(states))
        if (each <= until)
          due.emplace(each, key, false);
    }
    auto& row = task_.bound.row();
    Time before = Time::min();
    while (const auto told = row.enter_due(until)) {
      const Key key = row.key();
      const Time deadline = deadline_of<Time>(*told);
      const bool is_one =
          told->is_of(task_.function->one) || told->is_of(task_.function->alarm);
      BOOST_REQUIRE(deadline >= before);
      BOOST_REQUIRE(due.erase({deadline, key, is_one}) == 1);
      before = deadline;
      ++fired;
      drawn_.insert(key);
      expiring_model& now = expected_[key];
      if (is_one)
        alone<Time>(now).reset();
      else
        now.alarms.erase(processing_time(deadline.time_since_epoch()));
      compare(now);
      if (now.seen().empty())
        expected_.erase(key);
      row.leave();
    }
    BOOST_REQUIRE(due.empty());
  }

  template <class Time>
  static auto& alone(expiring_model& of) {
    if constexpr (kind_of_time<Time> == time_kind::event)
      return of.deadline;
    else
      return of.alarm;
  }
  template <class Time>
  static std::set<Time> many(const expiring_model& of) {
    if constexpr (kind_of_time<Time> == time_kind::event)
      return {};
    else
      return of.alarms;
  }
  template <class Time>
  static Time deadline_of(const fired_timer& told) {
    if constexpr (kind_of_time<Time> == time_kind::event)
      return told.deadline();
    else
      return told.processing_deadline();
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
      if (run->rows->whole())
        stored_.clear();
      store(*run->rows, sealed_.front().drawn);
      forget(sealed_.front().then);
      compare_stored(sealed_.front().then);
      sealed_.pop_front();
    }
  }

  void store(const encoded_run& run, const std::set<Key>& drawn) {
    std::set<Key> keys;
    for (const encoded_rows& part : run.parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        Key key{};
        row_keys<Key>::decode_key(part.key(row), key);
        if (!keys.insert(key).second)
          BOOST_FAIL("a run has a key twice");
        if (!drawn.contains(key))
          BOOST_FAIL("a run has a key that nobody wrote");
        if (!part.removed(row)) {
          stored_[text_of(part.key(row))] = text_of(part.value(row));
        } else {
          ++removed;
          stored_.erase(text_of(part.key(row)));
        }
      }
  }

  /// As the database may do at any time with what says of itself that it has expired.
  void filter() {
    filtered += std::erase_if(stored_, [this](const auto& each) {
      const auto until = row_expiry(bytes_of(each.second));
      return until && *until <= now_;
    });
  }

  void compare_stored(const rows& then) const {
    expiring_table<Key> table;
    table.bound.tell_time(now_);
    std::size_t found = 0;
    for (const auto& [key_bytes, value] : stored_) {
      Key key{};
      row_keys<Key>::decode_key(bytes_of(key_bytes), key);
      table.bound.rows().restore(bytes_of(key_bytes), bytes_of(value));
      table.bound.row().enter(key, hash_of(key));
      const seen_states now = table.function->read();
      table.bound.row().leave();
      const auto known = then.find(key);
      if (!(now == (known == then.end() ? seen_states{} : known->second.seen())))
        BOOST_FAIL("a run has not what was there when it was sealed");
      found += now.empty() ? 0 : 1;
    }
    BOOST_REQUIRE(found == then.size());
  }

  /// All that has expired leaves, and all else is there.
  void check(expiring_table<Key>& table, rows expected) {
    const std::size_t before = table.bound.rows().size();
    BOOST_REQUIRE(before >= expected.size());
    table.sweep_all();
    BOOST_REQUIRE(table.bound.rows().size() == expected.size());
    left_by_sweep += before - expected.size();
    for (auto& [key, states] : expected) {
      states.read(now_);
      table.bound.row().enter(key, hash_of(key));
      if (!(table.function->read() == states.seen()))
        BOOST_FAIL("a row is lost or wrong");
      table.bound.row().leave();
    }
  }

  /// Nothing is left of the deadlines when all have come.
  void tell_all(expiring_table<Key>& table) const {
    std::size_t deadlines = 0;
    for (const auto& [key, states] : expected_)
      deadlines +=
          states.alarms.size() + (states.alarm ? 1 : 0) + (states.deadline ? 1 : 0);
    auto& row = table.bound.row();
    for (; row.enter_due(event_time::max()); row.leave())
      --deadlines;
    for (; row.enter_due(processing_time::max()); row.leave())
      --deadlines;
    BOOST_REQUIRE(deadlines == 0);
  }

  std::mt19937_64 random_;
  expiring_table<Key> task_;
  rows expected_;
  processing_time now_{};
  event_time event_now_{};
  std::set<Key> drawn_;
  std::deque<sealed_epoch> sealed_;
  std::map<std::string, std::string> stored_; // what the runs so far came to
};

std::uint64_t expiry_seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

template <class Key>
void live_expiring_histories() {
  const std::uint64_t first = expiry_seed();
  std::size_t removed = 0;
  std::size_t filtered = 0;
  std::size_t fired = 0;
  std::size_t most_sealed = 0;
  std::size_t left_by_sweep = 0;
  for (std::uint64_t i = 0; i < 8 || (most_sealed < 3 && i < 100); ++i)
    BOOST_TEST_CONTEXT("WEIR_SEED=" << first + i) {
      expiring_history<Key> one(first + i);
      one.live(80, i % 2 == 0 ? 40 : 2'000);
      one.restores();
      removed += one.removed;
      filtered += one.filtered;
      fired += one.fired;
      most_sealed = std::max(most_sealed, one.most_sealed);
      left_by_sweep += one.left_by_sweep;
    }
  BOOST_TEST(removed > 0);
  BOOST_TEST(filtered > 0);
  BOOST_TEST(fired > 0);
  BOOST_TEST(most_sealed >= 3);
  BOOST_TEST(left_by_sweep > 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(expiring_rows)

BOOST_AUTO_TEST_CASE(every_history_of_numbers_is_as_its_clock_says) {
  live_expiring_histories<std::uint64_t>();
}

BOOST_AUTO_TEST_CASE(every_history_of_strings_is_as_its_clock_says) {
  live_expiring_histories<std::string>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_expiring_rows
