// Tables that may not keep all of their rows, beside an ordered map: rows go away and are
// looked up again, while epochs are sealed and ingested, rows are removed, and what was
// there before a restart is loaded in the midst of it all. WEIR_SEED replays one life.
#include "tests/state/random_changes.hpp"

#include <cstdlib>
#include <deque>

namespace weir::test::test_resident_rows {

namespace {

/// States of all kinds, rows on the heap.
class bound_subject {
public:
  using expected = model;

  keyed_state& state() { return table_.bound; }
  auto& rows() { return table_.bound.rows(); }
  /// As a record of the key does.
  void change(std::uint64_t key, expected& now, std::mt19937_64& random) {
    auto& row = table_.bound.row();
    row.enter(key, hash_of(key));
    BOOST_REQUIRE((table_.function->read() == now));
    for (auto changes = random() % 4; changes > 0; --changes)
      change_randomly(*table_.function, now, event_time(), random);
    BOOST_REQUIRE((table_.function->read() == now));
    row.leave();
  }
  static bool none(const expected& now) { return now.empty(); }

private:
  bound_table<std::uint64_t> table_;
};

/// Numbers, in place.
class plain_subject {
public:
  using expected = std::uint64_t;

  keyed_state& state() { return table_; }
  auto& rows() { return table_.rows(); }
  void change(std::uint64_t key, expected& now, std::mt19937_64& random) {
    const auto row = table_.rows().write(key, hash_of(key));
    BOOST_REQUIRE(row.value == now);
    row.value = now += random() % 3;
  }
  static bool none(const expected&) { return false; }

private:
  keyed_table<std::uint64_t, std::uint64_t> table_{bound_groups};
};

template <class Subject>
class residence_life {
  using bytes = std::string;
  using expected = std::map<std::uint64_t, typename Subject::expected>;

public:
  /// So many records stand in a window, at most.
  residence_life(std::uint64_t seed, std::uint64_t keys, std::size_t window,
                 table_room room)
      : random_(seed), keys_(keys), window_(window), room_(room) {
    begin();
  }

  void live(int steps) {
    for (int i = 0; i < steps; ++i)
      step();
    while (!sealed_.empty())
      encode(100);
    while (!runs_.empty())
      ingest();
    for (const auto& [key, now] : expected_)
      process({key});
  }

  std::size_t looked_up = 0;
  std::size_t found = 0;
  std::size_t restarts = 0;

private:
  struct run {
    epoch of;
    std::unique_ptr<encoded_run> rows;
  };

  void step() {
    switch (random_() % 12) {
    case 0:
    case 1:
      if (sealed_.size() < 3)
        seal();
      break;
    case 2:
    case 3:
      encode(random_() % 10);
      break;
    case 4:
    case 5:
      if (!runs_.empty())
        ingest();
      break;
    case 6:
      load_some();
      break;
    case 7:
      subject_->state().let_go_some();
      break;
    case 8:
      if (random_() % 8 == 0)
        restart();
      break;
    default: {
      std::vector<std::uint64_t> records(random_() % window_);
      for (auto& key : records)
        key = random_() % keys_;
      process(records);
    }
    }
  }

  void begin() {
    subject_ = std::make_unique<Subject>();
    subject_->state().residence().keep_within(room_);
  }

  /// All that was not ingested is lost.
  void restart() {
    begin();
    sealed_.clear();
    then_.clear();
    runs_.clear();
    expected_ = ingested_;
    loaded_.reset();
    if (!stored_.empty()) {
      subject_->state().residence().begin_loading();
      scan_ = stored_;
      loaded_ = scan_.begin();
    }
    ++restarts;
  }

  void load_some() {
    if (!loaded_)
      return;
    keyed_state& state = subject_->state();
    encoded_rows rows = state.empty_rows();
    for (auto left = random_() % 20; left > 0 && *loaded_ != scan_.end(); --left)
      append(*(*loaded_)++, rows);
    state.restore(rows, 0, rows.rows());
    const bool all = *loaded_ == scan_.end();
    if (!all && random_() % 8 != 0)
      return;
    state.residence().end_loading(all);
    loaded_.reset();
  }

  /// Records of these keys come.
  void process(const std::vector<std::uint64_t>& records) {
    if (subject_->state().begin_window())
      look_for(records);
    for (const std::uint64_t key : records) {
      auto& now = expected_[key];
      subject_->change(key, now, random_);
      if (Subject::none(now))
        expected_.erase(key);
      if (random_() % window_ == 0) // a slice ends
        disturb();
    }
  }

  void look_for(const std::vector<std::uint64_t>& records) {
    encoded_rows missing{row_shape()};
    subject_->rows().look_for_each(
        records.size(), [&](std::size_t i) { return records[i]; },
        [&](std::size_t i) { return hash_of(records[i]); }, missing);
    if (missing.empty())
      return;
    keyed_state& state = subject_->state();
    state.residence().set_asked(true);
    encoded_rows answer = state.empty_rows();
    const bool early = random_() % 2 == 0;
    if (early)
      read(missing, answer);
    while (random_() % 3 == 0)
      disturb();
    if (!early)
      read(missing, answer);
    state.arrived(answer);
    state.residence().set_asked(false);
    looked_up += missing.rows();
    found += answer.rows();
  }

  /// What may happen in the midst of a window.
  void disturb() {
    switch (random_() % 5) {
    case 0:
      encode(random_() % 10);
      break;
    case 1:
      if (!runs_.empty())
        ingest();
      break;
    case 2:
      load_some();
      break;
    case 3:
      if (sealed_.size() < 3)
        seal();
      break;
    default:
      subject_->state().let_go_some();
    }
  }

  void read(const encoded_rows& missing, encoded_rows& answer) const {
    std::set<bytes> wanted;
    for (std::size_t i = 0; i < missing.rows(); ++i)
      wanted.insert(text_of(missing.key(i)));
    for (const bytes& key : wanted)
      if (const auto row = stored_.find(key); row != stored_.end())
        append(*row, answer);
  }

  void seal() {
    const epoch of = subject_->state().seal();
    sealed_.emplace_back(of, expected_);
  }

  void encode(std::uint64_t steps) {
    keyed_state& state = subject_->state();
    for (; steps > 0 && state.encode_some(); --steps)
      continue;
    while (auto taken = state.take_run())
      runs_.push_back({taken->of, std::move(taken->rows)});
    while (!sealed_.empty() && !runs_.empty() &&
           sealed_.front().first <= runs_.back().of) {
      then_.push_back(std::move(sealed_.front().second));
      sealed_.pop_front();
    }
  }

  void ingest() {
    const run next = std::move(runs_.front());
    runs_.pop_front();
    if (next.rows->whole())
      stored_.clear();
    for (const encoded_rows& part : next.rows->parts())
      for (std::size_t row = 0; row < part.rows(); ++row)
        if (part.removed(row))
          stored_.erase(text_of(part.key(row)));
        else
          stored_[text_of(part.key(row))] = text_of(part.value(row));
    ingested_ = std::move(then_.front());
    then_.pop_front();
    BOOST_REQUIRE(stored_.size() == ingested_.size());
    subject_->state().residence().ingested(next.of);
  }

  static bytes text_of(std::span<const std::byte> from) {
    return {reinterpret_cast<const char*>(from.data()), from.size()};
  }
  static void append(const std::pair<const bytes, bytes>& row, encoded_rows& to) {
    std::byte* const out = to.append({row.first.size(), row.second.size()});
    std::memcpy(out, row.first.data(), row.first.size());
    std::memcpy(out + row.first.size(), row.second.data(), row.second.size());
  }

  std::mt19937_64 random_;
  std::uint64_t keys_;
  std::size_t window_;
  table_room room_;
  std::unique_ptr<Subject> subject_;
  expected expected_;
  std::deque<std::pair<epoch, expected>> sealed_; // and not encoded
  std::deque<expected> then_;                     // of the runs
  std::deque<run> runs_;                          // and not ingested
  expected ingested_;
  std::map<bytes, bytes> stored_; // the backend
  std::map<bytes, bytes> scan_;   // what it had at the restart
  std::optional<std::map<bytes, bytes>::iterator> loaded_;
};

/// Calls `live(seed)` for a number of seeds, or for the one that is to be replayed.
template <class Live>
void live_all(std::uint64_t lives, Live live) {
  const char* const given = std::getenv("WEIR_SEED");
  const std::uint64_t first =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  for (std::uint64_t seed = first; seed < first + (given != nullptr ? 1 : lives); ++seed)
    BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
      live(seed);
    }
}

constexpr std::size_t segment_bytes = std::size_t{33} << 10;

} // namespace

BOOST_AUTO_TEST_SUITE(resident_rows)

BOOST_AUTO_TEST_CASE(states_of_all_kinds_go_away_and_come_back) {
  std::size_t looked_up = 0, found = 0, restarts = 0;
  live_all(250, [&](std::uint64_t seed) {
    // From none at all to most of them.
    const table_room room{.table = 1 + seed % 3 * 2 * segment_bytes, .runs = 1 << 20};
    residence_life<bound_subject> one(seed, 10 + seed % 50, 12, room);
    one.live(120);
    looked_up += one.looked_up;
    found += one.found;
    restarts += one.restarts;
  });
  BOOST_TEST(found > 1000);
  BOOST_TEST(looked_up > found);
  BOOST_TEST(restarts > 50);
}

BOOST_AUTO_TEST_CASE(numbers_go_away_and_come_back) {
  std::size_t found = 0;
  live_all(6, [&](std::uint64_t seed) {
    const table_room room{.table = (2 + seed % 3) * segment_bytes, .runs = 1 << 20};
    residence_life<plain_subject> one(seed, 6000, 600, room);
    one.live(200);
    found += one.found;
  });
  BOOST_TEST(found > 1000);
}

BOOST_AUTO_TEST_CASE(a_table_keeps_within_its_room) {
  keyed_table<std::uint64_t, std::uint64_t> table(bound_groups);
  keyed_state& state = table;
  const table_room room{.table = 8 * segment_bytes, .runs = 1 << 16};
  state.residence().keep_within(room);
  std::size_t seals = 0;
  for (std::uint64_t first = 0; first < 100'000; first += 500) {
    state.begin_window();
    encoded_rows missing{row_shape()};
    table.rows().look_for_each(
        500, [&](std::size_t i) { return first + i; },
        [&](std::size_t i) { return hash_of(first + i); }, missing);
    state.arrived(state.empty_rows());
    for (std::uint64_t key = first; key < first + 500; ++key)
      table.rows().write(key, hash_of(key)).value = key;
    if (!state.wants_seal())
      continue;
    const epoch sealed = state.seal();
    while (state.encode_some())
      continue;
    state.take_run();
    state.residence().ingested(sealed);
    ++seals;
  }
  BOOST_TEST(seals > 10);
  BOOST_TEST(table.rows().bytes() <= room.table);
  BOOST_TEST(table.rows().size() > 4000);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_resident_rows
