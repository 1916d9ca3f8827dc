#include "serialization/error.hpp"
#include "state/bound_states.hpp"
#include "state/row_migration.hpp"
#include "tests/serialization/record_bytes.hpp"
#include "tests/serialization/schema_changes.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_row_migration {

namespace {

namespace before {
struct page {
  std::string url;
  std::uint16_t visits = 0;
  bool gone = false;
};
struct states {
  explicit states(state_binder& bind)
      : count(bind.value<std::uint32_t>("count")), pages(bind.list<page>("pages")),
        seen(bind.map<std::string, page>("seen")),
        most(bind.reducing<std::uint32_t>("most", std::plus<>{})), one(bind.timer("one")),
        many(bind.timers("many")) {}

  value_state<std::uint32_t> count;
  list_state<page> pages;
  map_state<std::string, page> seen;
  reducing_state<std::uint32_t, std::plus<>> most;
  timer one;
  timers many;
};
} // namespace before

namespace after {
struct page {
  std::string url;
  std::uint32_t visits = 0;
  std::string title = "untitled";

  friend bool operator==(const page&, const page&) = default;
};
struct states { // in another order, and with one that is new
  explicit states(state_binder& bind)
      : many(bind.timers("many")), added(bind.value<std::string>("added")),
        seen(bind.map<std::string, page>("seen")), pages(bind.list<page>("pages")),
        count(bind.value<std::uint64_t>("count")),
        most(bind.reducing<std::uint64_t>("most", std::plus<>{})),
        one(bind.timer("one")) {}

  timers many;
  value_state<std::string> added;
  map_state<std::string, page> seen;
  list_state<page> pages;
  value_state<std::uint64_t> count;
  reducing_state<std::uint64_t, std::plus<>> most;
  timer one;
};
} // namespace after

/// The states of a function and one row of them.
template <class States>
struct function {
  state_layout layout;
  struct : current_row {
    void look_at(time_kind, time_count, slot_place) override {}
    void open_row() override {}
    void stand_on(state_row& row) { row_ = &row, open_ = true; }
  } row;
  task_states of_task;
  std::optional<States> states;
  std::vector<std::max_align_t> memory;

  function() {
    state_binder binder(layout, row, "u64", {}, of_task);
    states.emplace(binder);
    memory.resize(layout.row_bytes() / sizeof(std::max_align_t) + 1);
    row.stand_on(*new (memory.data()) state_row);
  }
  ~function() { layout.clear(*reinterpret_cast<state_row*>(memory.data())); }

  std::vector<std::byte> written() {
    const state_row& of = *row.find();
    std::vector<std::byte> bytes(layout.size(of));
    layout.encode(of, bytes.data());
    return bytes;
  }
  void restore(const std::vector<std::byte>& bytes) { layout.decode(bytes, row.open()); }
};

std::vector<state_description> descriptions(const std::vector<declared_state>& states) {
  std::vector<state_description> all;
  for (const declared_state& state : states)
    all.push_back(state.description);
  return all;
}

operator_metadata saved(std::vector<state_description> states, bool by_name) {
  operator_metadata made{"visits", 1, 128, std::move(states), {}};
  made.states_by_name = by_name;
  return made;
}

/// As checkpoints were that know no schemas.
operator_metadata old_saved(std::vector<state_description> states) {
  for (state_description& state : states)
    state.schema.clear();
  return saved(std::move(states), false);
}

declared_state state_of(std::string_view schema, std::string kind = "value",
                        std::string key = "u64", std::string name = "state") {
  auto type = parse_schema(schema);
  return declare({std::move(name), std::move(kind), std::move(key), description(type)},
                 type);
}

std::string only_mismatch(const row_migration& migration) {
  BOOST_REQUIRE(migration.mismatches().size() == 1U);
  BOOST_TEST((!migration.possible() && !migration.identity()));
  return migration.mismatches()[0];
}

std::string mismatch_between(const declared_state& written,
                             const declared_state& declared) {
  const declared_state all[] = {declared};
  return only_mismatch(row_migration(saved({written.description}, false), all, false));
}

std::vector<std::byte> bytes_of(std::vector<std::uint8_t> values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

/// Two states, "a" and "b", of u8 and string; declared the other way round, and "a"
/// wider.
row_migration two_states() {
  const declared_state declared[] = {state_of("string", "value", "u64", "b"),
                                     state_of("u16", "value", "u64", "a")};
  return {saved({state_of("u8", "value", "u64", "a").description,
                 state_of("string", "value", "u64", "b").description},
                true),
          declared, true};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_migration_)

BOOST_AUTO_TEST_CASE(a_row_of_one_value_is_converted_as_its_type_is) {
  const declared_state declared[] = {
      keyed_table<std::uint64_t, after::page>::declare("state")};
  const auto written = keyed_table<std::uint64_t, before::page>::declare("state");
  BOOST_TEST(written.description.schema == "{url:string,visits:u16,gone:bool}");
  const row_migration migration(saved({written.description}, false), declared, false);
  BOOST_REQUIRE(migration.possible());
  BOOST_TEST(!migration.identity());
  BOOST_TEST((migration.convert(record_bytes(before::page{"/", 7, true})) ==
              record_bytes(after::page{"/", 7, "untitled"})));
}

BOOST_AUTO_TEST_CASE(states_by_name_are_found_by_their_names) {
  function<before::states> old;
  const event_time then{std::chrono::milliseconds(5)};
  old.states->count.set(7);
  old.states->pages.add({"/a", 65535, true});
  old.states->pages.add({"/b", 1, false});
  old.states->seen.put("ann", {"/c", 2, true});
  old.states->one.set(then);
  old.states->many.add(then);
  old.states->many.add(event_time::max());

  function<after::states> now;
  const row_migration migration(saved(descriptions(old.layout.declared()), true),
                                now.layout.declared(), true);
  BOOST_REQUIRE_MESSAGE(migration.possible(), migration.mismatches().front());
  BOOST_TEST(!migration.identity());
  now.restore(migration.convert(old.written()));
  BOOST_TEST(*now.states->count.find() == 7U);
  const auto& pages = now.states->pages;
  BOOST_TEST(
      (std::vector<after::page>(pages.begin(), pages.end()) ==
       std::vector<after::page>{{"/a", 65535, "untitled"}, {"/b", 1, "untitled"}}));
  BOOST_TEST((*now.states->seen.find("ann") == after::page{"/c", 2, "untitled"}));
  BOOST_TEST(!now.states->most.find());
  BOOST_TEST(!now.states->added.find());
  BOOST_TEST((now.states->one.deadline() == then));
  BOOST_TEST(now.states->many.size() == 2U);
}

BOOST_AUTO_TEST_CASE(
    states_that_are_new_and_behind_all_others_leave_the_rows_as_they_are) {
  auto declared = function<before::states>().layout.declared();
  const operator_metadata written = saved(descriptions(declared), true);
  BOOST_TEST(row_migration(written, declared, true).identity());
  declared.push_back(state_of("u64", "value", "u64", "new"));
  const row_migration migration(written, declared, true);
  BOOST_TEST(migration.identity());
  BOOST_TEST((migration.convert(bytes_of({1, 2, 3})) == bytes_of({1, 2, 3})));
  std::swap(declared.front(), declared.back());
  BOOST_TEST(!row_migration(written, declared, true).identity());
}

BOOST_AUTO_TEST_CASE(checkpoints_without_schemas_are_read_by_kind_and_value_type) {
  const auto states = function<before::states>().layout.declared();
  BOOST_TEST(row_migration(old_saved(descriptions(states)), states, true).identity());
  const auto now = function<after::states>().layout.declared();
  BOOST_TEST(contains(
      only_mismatch(row_migration(old_saved({states[1].description}), now, true)),
      "u64 -> {string,u16,bool}, the job declares list u64 -> "
      "list<{url:string,visits:u32,title:string}> (field 'title' of the "
      "elements: bool became string); change that back"));
}

BOOST_AUTO_TEST_CASE(a_state_that_does_not_fit_is_named_with_both_types) {
  BOOST_TEST(mismatch_between(state_of("{id:u64,amount:f64}"),
                              state_of("{id:u64,amount:string}")) ==
             "state 'state' of operator 'visits' was written as value u64 -> "
             "{id:u64,amount:f64}, the job declares value u64 -> {id:u64,amount:string} "
             "(field 'amount': f64 became string); change that back; fields may be added "
             "behind all others and removed, and integers widened");
  BOOST_TEST(mismatch_between(state_of("u8", "value", "u32"), state_of("u8")) ==
             "state 'state' of operator 'visits' was written as value u32 -> u8, the job "
             "declares value u64 -> u8; change the types back");
  BOOST_TEST(
      contains(mismatch_between(state_of("u8", "reducing"), state_of("u8")),
               "written as reducing u64 -> u8, the job declares value u64 -> u8;"));
  BOOST_TEST(
      contains(mismatch_between(state_of("u8", "value", "u64", "gone"), state_of("u8")),
               "operator 'visits' has no state 'gone' in the job (value u64 -> u8)"));
  declared_state damaged = state_of("u8");
  damaged.description.schema = "u9";
  BOOST_TEST(contains(mismatch_between(damaged, state_of("u8")),
                      "(\"u9\" is no type: at character 1, a type should stand there); "
                      "the checkpoint is damaged"));
}

BOOST_AUTO_TEST_CASE(operators_that_do_not_fit_are_refused) {
  const declared_state declared[] = {state_of("u8")};
  const state_description& one = declared[0].description;
  BOOST_TEST(only_mismatch(row_migration(saved({}, false), declared, false)) ==
             "operator 'visits' had no keyed state when the checkpoint was taken");
  BOOST_TEST(only_mismatch(row_migration(saved({one}, true), declared, false)) ==
             "operator 'visits' was written with states by name and the job declares one "
             "struct as state; change it back");
  BOOST_TEST(contains(only_mismatch(row_migration(saved({one}, false), declared, true)),
                      "written with one struct as state and the job declares states by"));
  BOOST_TEST(only_mismatch(row_migration(saved({one, one}, true), declared, true)) ==
             "operator 'visits' lists state 'state' twice");
  const std::vector<state_description> many(1000, one);
  BOOST_TEST(row_migration(saved(many, true), declared, true).mismatches().size() ==
             999U);
  BOOST_TEST(row_migration(saved({}, false), {}, false).identity());
}

BOOST_AUTO_TEST_CASE(a_row_of_states_is_converted_byte_by_byte) {
  const row_migration migration = two_states();
  BOOST_TEST((migration.convert(bytes_of({1, 0, 3, 1, 9, 5, 1, 0, 0, 0, 'x'})) ==
              bytes_of({1, 0, 3, 5, 1, 0, 0, 0, 'x', 2, 9, 0})));
  BOOST_TEST(
      (migration.convert(bytes_of({1, 0, 1, 1, 9})) == bytes_of({1, 0, 2, 2, 9, 0})));
  std::vector<std::byte> out = bytes_of({42});
  migration.append(bytes_of({1, 0, 0}), out);
  BOOST_TEST((out == bytes_of({42, 1, 0, 0})));
}

BOOST_AUTO_TEST_CASE(the_time_when_a_row_expires_is_kept) {
  const row_migration migration = two_states();
  BOOST_TEST((migration.convert(bytes_of({1, 1, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 9})) ==
              bytes_of({1, 1, 8, 7, 6, 5, 4, 3, 2, 1, 2, 2, 9, 0})));
}

BOOST_AUTO_TEST_CASE(a_value_that_grows_has_a_longer_length) {
  const declared_state declared[] = {state_of("list<u64>")};
  const row_migration migration(saved({state_of("list<u8>").description}, true), declared,
                                true);
  const auto row = [](std::size_t bytes, auto values) {
    std::vector<std::byte> made = bytes_of({1, 0, 1});
    for (; bytes >= 0x80; bytes >>= 7)
      made.push_back(static_cast<std::byte>(bytes | 0x80));
    made.push_back(static_cast<std::byte>(bytes));
    const auto list = record_bytes(values);
    made.insert(made.end(), list.begin(), list.end());
    return made;
  };
  BOOST_TEST((migration.convert(row(104, std::vector<std::uint8_t>(100, 7))) ==
              row(804, std::vector<std::uint64_t>(100, 7))));
}

BOOST_AUTO_TEST_CASE(rows_that_are_none_are_refused) {
  const row_migration migration = two_states();
  const auto refusal = [&](std::vector<std::uint8_t> row) {
    try {
      migration.convert(bytes_of(std::move(row)));
      return std::string();
    } catch (const error& refused) {
      BOOST_TEST((refused.kind() == failure::restore_refused));
      return std::string(refused.what());
    }
  };
  BOOST_TEST(contains(refusal({2, 0, 0}), "written in another way"));
  BOOST_TEST(contains(refusal({1, 2, 0}), "written in another way"));
  BOOST_TEST(contains(refusal({1, 0, 4}), "more states than its operator"));
  BOOST_TEST(contains(refusal({1, 0, 1, 2, 9, 9}), "longer than its type"));
  BOOST_TEST(contains(refusal({1, 0, 1, 1, 9, 9}), "more values than states"));
  const std::vector<std::uint8_t> whole = {1, 0, 3, 1, 9, 5, 1, 0, 0, 0, 'x'};
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!refusal({whole.data(), whole.data() + size}).empty());
  std::vector<std::uint8_t> no_end(20, 0xff);
  no_end[0] = 1, no_end[1] = 0;
  BOOST_TEST(contains(refusal(no_end), "has no end"));
}

BOOST_AUTO_TEST_CASE(damaged_rows_are_converted_or_refused) {
  function<before::states> old;
  old.states->count.set(7);
  old.states->pages.add({"/a", 65535, true});
  old.states->pages.add({"/b", 1, false});
  old.states->seen.put("ann", {"/c", 2, true});
  const row_migration migration(saved(descriptions(old.layout.declared()), true),
                                function<after::states>().layout.declared(), true);
  const auto row = old.written();
  with_seed([&](random_records& random) {
    for (int i = 0; i < 5'000; ++i) {
      auto damaged = row;
      for (auto flips = 1 + random.below(3); flips > 0; --flips)
        damaged[random.below(row.size())] = static_cast<std::byte>(random.below(256));
      damaged.resize(damaged.size() - random.below(3));
      is_refused([&] { migration.convert(damaged); });
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_row_migration
