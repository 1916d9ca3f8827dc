// What a task does for rows that are not in memory: it looks for them before their
// records are processed, and goes on when they have come.
#include "runtime/task_driver.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <numeric>

namespace weir::test::test_driver_rows {

namespace {

using words = std::vector<std::string>;
using counts = std::map<std::uint64_t, std::uint64_t>;

/// The counting task of the sample job, driven by hand, and a backend of counts.
struct rows_fixture {
  rows_fixture() { define_sample(sample, 10'000); }

  void drive(const rows_start& rows) {
    plan = plan_execution(sample.graph(), 2, 128);
    driver.emplace(plan.tasks[2], sample.graph().chains()[1], plan,
                   task_settings{std::chrono::hours(1), std::chrono::hours(1)}, watch,
                   port);
    driver->start({}, rows);
  }
  void arrive(const std::vector<std::uint64_t>& keys) {
    driver->arrived(0, batch_of(keys));
  }
  void barriers(std::uint64_t id) {
    driver->arrived(0, barrier{{id}});
    driver->arrived(1, barrier{{id}});
  }
  void run() {
    while (driver->run_slice({1000, slice_budget::clock::time_point::max()}, {}).more) {
      auto sent = std::exchange(port.sent, {});
      for (auto& parcel : sent)
        driver->credit(parcel.to, std::move(parcel.data));
    }
  }
  std::size_t count_of(const std::string& word) const {
    return static_cast<std::size_t>(std::ranges::count(port.log, word));
  }

  static encoded_rows encoded(const counts& rows) {
    keyed_table<std::uint64_t, std::uint64_t> table(128);
    for (const auto& [key, count] : rows)
      table.rows().write(key, hash_of(key)).value = count;
    table.seal();
    while (table.encode_some())
      continue;
    encoded_rows all = table.empty_rows();
    const auto run = table.take_run();
    for (const encoded_rows& part : run->rows->parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        std::byte* const out = all.append();
        std::memcpy(out, part.key(row).data(), part.key(row).size());
        std::memcpy(out + part.key(row).size(), part.value(row).data(),
                    part.value(row).size());
      }
    return all;
  }
  static counts decoded(const encoded_run& run) {
    counts found;
    for (const encoded_rows& part : run.parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        std::uint64_t key = 0, value = 0;
        ordered_key<std::uint64_t>::decode_into(key,
                                                part.key(row).data() + sizeof(key_group));
        codec<std::uint64_t>::decode_into(value, part.value(row).data());
        found[key] = value;
      }
    return found;
  }

  job sample;
  execution_plan plan;
  recording_port port;
  task_watch watch;
  std::optional<task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(driver_rows, rows_fixture)

BOOST_AUTO_TEST_CASE(records_wait_for_rows_that_are_still_in_the_backend) {
  drive({.restored = true, .readable = true});
  arrive({7, 8, 7});
  arrive({9});
  run();
  BOOST_TEST(count_of("look up 4") == 1U); // both batches at once
  BOOST_TEST(count_of("credit 0") == 0U);
  driver->looked_up(encoded({{7, 100}}));
  run();
  BOOST_TEST(count_of("credit 0") == 2U);
  barriers(1);
  run();
  BOOST_TEST((decoded(*port.uploads.at(0).run) == counts{{7, 102}, {8, 1}, {9, 1}}));
}

BOOST_AUTO_TEST_CASE(a_barrier_waits_for_the_records_before_it) {
  drive({.restored = true, .readable = true});
  arrive({7});
  barriers(1);
  run();
  BOOST_TEST(port.uploads.empty());
  driver->looked_up(encoded({}));
  run();
  BOOST_TEST((decoded(*port.uploads.at(0).run) == counts{{7, 1}}));
}

BOOST_AUTO_TEST_CASE(what_is_loaded_meanwhile_is_older_than_what_is_here) {
  drive({.restored = true, .readable = true});
  BOOST_TEST(port.take() == words{"rows"}, boost::test_tools::per_element());
  arrive({7});
  run();
  driver->looked_up(encoded({{7, 100}}));
  run();
  driver->restored_rows(encoded({{7, 100}, {8, 50}}));
  run();
  driver->restored_rows(encoded({}));
  BOOST_TEST(count_of("rows") == 1U);
  arrive({7, 8}); // and now all rows are here
  run();
  BOOST_TEST(count_of("look up 1") == 1U);
  barriers(1);
  run();
  BOOST_TEST((decoded(*port.uploads.at(0).run) == counts{{7, 102}, {8, 51}}));
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_fit_are_not_loaded) {
  drive({.restored = true, .readable = true, .room = {.table = 1, .runs = 1 << 20}});
  driver->restored_rows(encoded({{7, 100}}));
  run();
  BOOST_TEST(count_of("no more rows") == 1U);
  driver->restored_rows(encoded({{8, 100}})); // which was under way
  arrive({7});
  run();
  BOOST_TEST(count_of("look up 1") == 1U);
}

BOOST_AUTO_TEST_CASE(input_waits_for_rows_to_be_ingested_that_can_go_then) {
  drive({.readable = true, .room = {.table = 1, .runs = 64}});
  const auto write_some = [&](std::uint64_t first) {
    std::vector<std::uint64_t> keys(100);
    std::iota(keys.begin(), keys.end(), first);
    arrive(keys);
    run();
    if (count_of("look up 100") > 0) {
      driver->looked_up(encoded({}));
      run();
    }
    port.take();
  };
  write_some(0);
  BOOST_TEST(port.uploads.size() == 0U);
  write_some(100); // after a seal
  write_some(200); // after another one
  BOOST_TEST(port.uploads.size() == 2U);
  BOOST_TEST((!port.uploads[0].checkpoint && !port.uploads[1].checkpoint));
  arrive({300});
  run();
  BOOST_TEST(port.take() == words{}, boost::test_tools::per_element());
  driver->ingested(port.uploads[0].sealed);
  run();
  BOOST_TEST(count_of("look up 1") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_driver_rows
