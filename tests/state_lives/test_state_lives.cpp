// The whole life of keyed state, on every backend, beside an ordered map: states of all
// kinds are written and cleared, deadlines come, epochs are sealed while older ones are
// still being encoded, checkpoints complete or are abandoned, and subtasks are restored
// in other numbers than they were. Where a backend can be asked for rows, they go away
// and are looked up again, and what is restored is loaded in the midst of it. WEIR_SEED
// replays one life; WEIR_LIVES_PERCENT says how many of the 10,000 are lived.
#include "state/open_backend.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/random_changes.hpp"

#include <cstdlib>
#include <deque>

namespace weir::test::test_state_lives {

namespace {

using rows = std::map<std::uint64_t, model>;

struct pending_run {
  std::optional<std::uint64_t> checkpoint; // none: a spill, or it was abandoned
};

struct live_task {
  std::unique_ptr<bound_table<std::uint64_t>> table;
  std::unique_ptr<backend> disk;
  std::shared_ptr<row_reader> reader = disk->reader();
  std::deque<pending_run> sealed = {};
  std::unique_ptr<row_cursor> loading = {};

  keyed_state& state() const { return table->bound; }
};

struct taken_checkpoint {
  fs::path directory;
  rows expected;
  event_time now;
  std::vector<std::optional<keyed_handle>> handles; // by subtask
};

class state_life {
public:
  state_life(backend_kind kind, std::uint64_t seed, const scratch_directory& scratch,
             std::string name)
      : settings_{.kind = kind, .compress = seed % 2 == 0}, random_(seed),
        scratch_(scratch), name_(std::move(name)), shared_(make("shared")) {
    start(1 + random_() % 3);
  }
  ~state_life() {
    tasks_.clear();
    fs::remove_all(scratch_.path() / name_);
  }

  void live(int steps) {
    for (int i = 0; i < steps; ++i)
      step();
    if (!complete_.empty())
      restore();
    check();
  }

  std::size_t restores = 0;
  std::size_t abandoned = 0;
  std::size_t fired = 0;
  std::size_t looked_up = 0;

private:
  void step() {
    const auto choice = random_() % 22;
    if (choice < 8)
      process(random_() % 20);
    else if (choice < 10)
      pass_time();
    else if (choice < 12)
      begin_checkpoint();
    else if (choice < 13)
      spill(one_task());
    else if (choice < 18)
      encode(one_task(), random_() % 80);
    else if (choice < 19)
      abandon();
    else if (choice < 21)
      load_some(one_task());
    else if (!complete_.empty())
      restore();
  }

  fs::path make(const std::string& directory) {
    const fs::path path = scratch_.path() / name_ / directory;
    fs::create_directories(path);
    return path;
  }
  fs::path next_directory(const std::string& kind) {
    return make(kind + std::to_string(directories_++));
  }
  live_task& one_task() { return tasks_[random_() % tasks_.size()]; }
  std::uint32_t parallelism() const { return static_cast<std::uint32_t>(tasks_.size()); }
  live_task& owner_of(std::uint64_t key) {
    return tasks_[subtask_of(key_group_of(hash_of(key), bound_groups), parallelism(),
                             bound_groups)];
  }

  void start(std::size_t tasks) {
    for (std::size_t i = 0; i < tasks; ++i)
      add_task(open_backend(settings_, next_directory("db-")));
  }
  live_task& add_task(std::unique_ptr<backend> disk) {
    live_task& added = tasks_.emplace_back(
        live_task{std::make_unique<bound_table<std::uint64_t>>(), std::move(disk)});
    if (added.reader) // room for none, for some or for all rows
      added.state().residence().keep_within(
          {.table = random_() % 3 == 0 ? 0 : 1 + random_() % 2 * 80'000,
           .runs = 1 << 20});
    return added;
  }

  void process(std::uint64_t records) {
    std::vector<std::uint64_t> keys(records);
    for (std::uint64_t& key : keys)
      key = random_() % 40;
    look_for(keys);
    for (const std::uint64_t key : keys) {
      bound_table<std::uint64_t>& table = *owner_of(key).table;
      table.bound.row().enter(key, hash_of(key));
      model now = table.function->read();
      const auto known = expected_.find(key);
      BOOST_REQUIRE((now == (known == expected_.end() ? model{} : known->second)));
      for (auto changes = random_() % 4; changes > 0; --changes)
        change_randomly(*table.function, now, now_, random_);
      BOOST_REQUIRE((table.function->read() == now));
      table.bound.row().leave();
      if (now.empty())
        expected_.erase(key);
      else
        expected_[key] = std::move(now);
    }
  }

  /// Those of each task in a window of its own.
  void look_for(const std::vector<std::uint64_t>& keys) {
    for (live_task& task : tasks_) {
      if (!task.state().begin_window())
        continue;
      std::vector<std::uint64_t> own;
      for (const std::uint64_t key : keys)
        if (&owner_of(key) == &task)
          own.push_back(key);
      encoded_rows missing{row_shape()};
      task.table->bound.rows().look_for_each(
          own.size(), [&](std::size_t i) { return own[i]; },
          [&](std::size_t i) { return hash_of(own[i]); }, missing);
      if (missing.empty())
        continue;
      encoded_rows found = task.state().empty_rows();
      BOOST_REQUIRE(task.reader->read(missing, found));
      task.state().arrived(found);
      looked_up += found.rows();
    }
  }

  void pass_time() {
    for (live_task& task : tasks_)
      while (task.loading)
        load_some(task); // deadlines are looked for in memory
    now_ += event_time::duration(random_() % 60);
    for (live_task& task : tasks_) {
      auto& row = task.table->bound.row();
      while (const auto told = row.enter_due(now_)) {
        model& now = expected_[row.key()];
        if (told->is_of(task.table->function->one)) {
          BOOST_REQUIRE((now.deadline == told->deadline()));
          now.deadline.reset();
        } else {
          BOOST_REQUIRE(now.deadlines.erase(told->deadline()) == 1);
        }
        if (now.empty())
          expected_.erase(row.key());
        row.leave();
        ++fired;
      }
    }
    for (const auto& [key, states] : expected_) {
      BOOST_REQUIRE((!states.deadline || *states.deadline > now_));
      BOOST_REQUIRE((states.deadlines.empty() || *states.deadlines.begin() > now_));
    }
  }

  void begin_checkpoint() {
    if (pending_)
      return;
    pending_ = ++last_checkpoint_;
    begun_ = {next_directory("chk-"), expected_, now_, {}};
    begun_.handles.resize(tasks_.size());
    for (live_task& task : tasks_) {
      task.table->bound.rows().seal();
      task.sealed.push_back({pending_});
    }
  }

  void spill(live_task& task) {
    if (task.sealed.size() >= 4)
      return;
    task.table->bound.rows().seal();
    task.sealed.push_back({});
  }

  void encode(live_task& task, std::uint64_t steps) {
    auto& table = task.table->bound.rows();
    for (std::uint64_t i = 0; i < steps; ++i)
      table.encode_some();
    while (auto run = table.take_run()) {
      const pending_run sealed = task.sealed.front();
      task.sealed.pop_front();
      task.disk->ingest(*run->rows);
      task.state().residence().ingested(run->of);
      if (!sealed.checkpoint || sealed.checkpoint != pending_)
        continue;
      const auto subtask = static_cast<std::size_t>(&task - tasks_.data());
      begun_.handles[subtask] = task.disk->snapshot(
          begun_.directory, shared_, "life-" + std::to_string(subtask) + ".keyed");
      if (std::ranges::all_of(begun_.handles,
                              [](auto& each) { return each.has_value(); }))
        complete();
    }
  }

  void complete() {
    pending_.reset();
    complete_.push_back(std::move(begun_));
    if (complete_.size() > 3)
      complete_.erase(complete_.begin());
  }

  void abandon() {
    if (!pending_)
      return;
    pending_.reset(); // its runs are ingested all the same
    ++abandoned;
  }

  void restore() {
    const taken_checkpoint& from = complete_[random_() % complete_.size()];
    const auto was = static_cast<std::uint32_t>(from.handles.size());
    const auto tasks = static_cast<std::uint32_t>(1 + random_() % 4);
    tasks_.clear();
    pending_.reset();
    for (std::uint32_t i = 0; i < tasks; ++i) {
      keyed_origin origin{from.directory, shared_, {}};
      const auto own = key_groups_of(i, tasks, bound_groups);
      for (std::uint32_t j = 0; j < was; ++j) {
        const auto theirs = key_groups_of(j, was, bound_groups);
        const key_group_range both{std::max(own.first, theirs.first),
                                   std::min(own.last, theirs.last)};
        if (both.first <= both.last)
          origin.sources.push_back({*from.handles[j], both});
      }
      live_task& restored =
          add_task(open_backend(settings_, next_directory("db-"), origin));
      restored.loading = restored.disk->scan();
      restored.state().residence().begin_loading();
      while (restored.loading && (!restored.reader || random_() % 4 != 0))
        load_some(restored);
    }
    expected_ = from.expected;
    now_ = from.now;
    ++restores;
    check();
  }

  void load_some(live_task& task) {
    task.state().let_go_some();
    if (!task.loading)
      return;
    encoded_rows read = task.state().empty_rows();
    const bool more = task.loading->read(read, 16);
    for (std::size_t at = 0; at < read.rows();)
      at = task.state().restore(read, at, 5);
    if (more)
      return;
    task.loading.reset();
    task.state().residence().end_loading(/*all=*/true);
  }

  void check() {
    std::vector<std::uint64_t> keys;
    for (const auto& [key, states] : expected_)
      keys.push_back(key);
    look_for(keys);
    std::size_t found = 0;
    for (live_task& task : tasks_)
      found += task.table->bound.rows().size();
    BOOST_REQUIRE(found >= expected_.size()); // removed ones wait to be written down
    for (const auto& [key, states] : expected_) {
      bound_table<std::uint64_t>& table = *owner_of(key).table;
      table.bound.row().enter(key, hash_of(key));
      BOOST_REQUIRE((table.function->read() == states));
      table.bound.row().leave();
    }
  }

  backend_settings settings_;
  std::mt19937_64 random_;
  const scratch_directory& scratch_;
  std::string name_;
  fs::path shared_;
  std::vector<live_task> tasks_;
  rows expected_;
  event_time now_{};
  std::optional<std::uint64_t> pending_;
  std::uint64_t last_checkpoint_ = 0;
  taken_checkpoint begun_;
  std::vector<taken_checkpoint> complete_;
  std::uint64_t directories_ = 0;
};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

struct lives_fixture : scratch_directory {
  lives_fixture() : scratch_directory(fast_place()) {}

  void live_all(backend_kind kind, std::uint64_t lives) {
    const bool replay = std::getenv("WEIR_SEED") != nullptr;
    const std::uint64_t first = number_from("WEIR_SEED", std::random_device{}());
    const std::uint64_t count =
        replay ? 1 : lives * number_from("WEIR_LIVES_PERCENT", 100) / 100;
    std::size_t restores = 0;
    std::size_t abandoned = 0;
    std::size_t fired = 0;
    std::size_t looked_up = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed)
      BOOST_TEST_CONTEXT("WEIR_SEED=" << seed) {
        state_life one(kind, seed, *this, to_string(kind) + std::to_string(seed));
        one.live(40);
        restores += one.restores;
        abandoned += one.abandoned;
        fired += one.fired;
        looked_up += one.looked_up;
      }
    if (replay)
      return;
    BOOST_TEST(restores > count / 2); // 1.3 of a life, about: 50 may have 45
    BOOST_TEST(abandoned > count / 8);
    BOOST_TEST(fired > count);
    if (kind == backend_kind::rocksdb)
      BOOST_TEST(looked_up > count);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_lives, lives_fixture)

BOOST_AUTO_TEST_CASE(in_memory) {
  live_all(backend_kind::memory, 9'000);
}

BOOST_AUTO_TEST_CASE(in_files) {
  live_all(backend_kind::filesystem, 500);
}

BOOST_AUTO_TEST_CASE(in_rocksdb) {
  live_all(backend_kind::rocksdb, 500);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_state_lives
