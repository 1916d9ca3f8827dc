#include "runtime/task_driver.hpp"
#include "serialization/error.hpp"
#include "tests/runtime/sample_job.hpp"
#include "tests/support/batches.hpp"
#include "tests/support/recording_port.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace weir::test::test_task_driver {

namespace {

using words = std::vector<std::string>;

/// One task of the sample job at parallelism 2, driven by hand.
struct driver_fixture {
  static constexpr std::chrono::milliseconds watermark_interval{200};
  std::chrono::milliseconds buffer_timeout{2};
  steady_time now{};

  driver_fixture() { define_sample(sample, 10'000); }

  void drive(chain_index which, bool restored = false) {
    plan = plan_execution(sample.graph(), 2, 128);
    const auto& planned = plan.tasks[which * 2];
    driver.emplace(planned, sample.graph().chains()[which], plan,
                   task_settings{buffer_timeout, watermark_interval}, watch, port);
    driver->start({}, {.restored = restored});
  }
  void arrive(in_channel from, std::uint64_t first, std::size_t count) {
    driver->arrived(from, batch_from(first, count));
  }
  void barrier(in_channel from, std::uint64_t id) {
    driver->arrived(from, weir::barrier{{id}});
  }
  void barriers(std::uint64_t id) {
    barrier(0, id);
    barrier(1, id);
  }
  void ends() {
    driver->arrived(0, end_of_channel());
    driver->arrived(1, end_of_channel());
  }
  task_driver::outcome slice(std::uint32_t blocks = 1000) {
    return driver->run_slice({blocks, slice_budget::clock::time_point::max()}, now);
  }
  void run() {
    while (slice().more) {
    }
  }
  /// Gives back every batch that was sent.
  void read_everything() {
    auto sent = std::exchange(port.sent, {});
    for (auto& parcel : sent)
      driver->credit(parcel.to, std::move(parcel.data));
  }
  /// All inputs end, and everything sent has been read.
  void finish() {
    ends();
    run();
    read_everything();
    run();
    BOOST_REQUIRE(count_of("finished") == 1U);
    port.take();
  }
  void asked(const words& expected) {
    BOOST_TEST(port.take() == expected, boost::test_tools::per_element());
  }
  std::size_t count_of(const std::string& word) const {
    return static_cast<std::size_t>(std::count(port.log.begin(), port.log.end(), word));
  }
  /// The rows of upload `i`: count by key.
  std::map<std::uint64_t, std::uint64_t> rows(std::size_t i) const {
    std::map<std::uint64_t, std::uint64_t> found;
    for (const encoded_rows& part : port.uploads.at(i).run->parts())
      for (std::size_t row = 0; row < part.rows(); ++row) {
        std::uint64_t key = 0;
        ordered_key<std::uint64_t>::decode_into(key, part.key(row).data() + 2);
        const auto value = codec<std::uint64_t>::decode(part.value(row).data());
        BOOST_TEST(found.emplace(key, value).second);
      }
    return found;
  }
  /// Restored rows of `count` keys from `first` on.
  static encoded_rows rows_of(std::uint64_t first, std::size_t count,
                              std::uint64_t value) {
    using table = keyed_table<std::uint64_t, std::uint64_t>;
    encoded_rows rows = table(128).empty_rows();
    for (std::uint64_t key = first; key < first + count; ++key) {
      std::byte* row = rows.append();
      ordered_key<key_group>::encode(key_group_of(hash_of(key), 128), row);
      ordered_key<std::uint64_t>::encode(key, row + sizeof(key_group));
      codec<std::uint64_t>::encode(value, row + rows.shape()->key);
    }
    return rows;
  }

  job sample;
  weir::execution_plan plan;
  std::uint64_t records_in() const { return watch.counters[task_count::records_in]; }

  recording_port port;
  task_watch watch;
  std::optional<weir::task_driver> driver;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(task_driver, driver_fixture)

BOOST_AUTO_TEST_CASE(a_barrier_leaves_after_the_batches_before_it) {
  drive(1);
  arrive(0, 1, 10);
  barriers(7);
  slice();
  asked({"credit 0", "batch 0", "batch 1", "barrier 7 to 0", "barrier 7 to 1"});
}

BOOST_AUTO_TEST_CASE(the_upload_follows_when_the_sealed_rows_are_encoded) {
  drive(1);
  arrive(0, 1, 10);
  barriers(7);
  BOOST_TEST(slice().more);
  BOOST_TEST(port.uploads.empty());
  slice();
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST((port.uploads[0].checkpoint == checkpoint_id{7}));
  BOOST_TEST(rows(0).size() == 10U);
}

BOOST_AUTO_TEST_CASE(what_a_task_reads_and_sends_is_counted_and_so_is_what_waits) {
  drive(1);
  arrive(0, 1, 600);
  arrive(1, 1, 20);
  slice(1); // a block of the first batch
  BOOST_TEST(records_in() == block_records);
  BOOST_TEST(watch.counters[task_count::bytes_in] == 0U); // by the batch
  BOOST_TEST(watch.batches_queued() == 1U);
  barriers(7);
  run();
  BOOST_TEST(records_in() == 620U);
  BOOST_TEST(watch.counters[task_count::bytes_in] == 620 * sizeof(std::uint64_t));
  BOOST_TEST(watch.counters[task_count::records_out] == 620U);
  BOOST_TEST(watch.counters[task_count::bytes_out] == 620 * sizeof(std::uint64_t));
  BOOST_TEST(watch.batches_queued() == 0U);

  arrive(0, 1, 5);
  run();
  BOOST_TEST(records_in() == 625U);
  watch.go_back(checkpoint_id{7});
  BOOST_TEST(records_in() == 620U);
}

BOOST_AUTO_TEST_CASE(a_barrier_on_one_channel_makes_only_that_channel_wait) {
  drive(1);
  barrier(0, 7);
  arrive(0, 1, 10);
  arrive(1, 1, 20);
  run();
  BOOST_TEST(records_in() == 20U);
  barrier(1, 7);
  run();
  BOOST_TEST(records_in() == 30U);
  BOOST_TEST(rows(0).at(1) == 1U);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_abandoned_before_its_barrier_leaves_no_trace) {
  drive(1);
  driver->abandon({7});
  barriers(7);
  run();
  asked({});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_abandoned_while_pending_lets_the_channel_go) {
  drive(1);
  barrier(0, 7);
  arrive(0, 1, 10);
  run();
  BOOST_TEST(records_in() == 0U);
  driver->abandon({7});
  run();
  BOOST_TEST(records_in() == 10U);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_abandoned_after_its_barrier_still_uploads_its_rows) {
  drive(1);
  arrive(0, 1, 10);
  barriers(7);
  slice();
  driver->abandon({7});
  slice();
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST(!port.uploads[0].checkpoint.has_value());
  BOOST_TEST(port.uploads[0].operators.empty());
  BOOST_TEST(rows(0).size() == 10U);
}

BOOST_AUTO_TEST_CASE(overlapping_snapshots_upload_in_order_with_their_own_rows) {
  drive(1);
  for (std::uint64_t first = 0; first < 15'000; first += 1000)
    arrive(0, first, 1000);
  barriers(7);
  arrive(0, 0, 1000);
  barriers(8);
  while (port.uploads.size() < 2) {
    slice();
    read_everything();
  }
  BOOST_TEST((port.uploads[0].checkpoint == checkpoint_id{7}));
  BOOST_TEST((port.uploads[1].checkpoint == checkpoint_id{8}));
  BOOST_TEST((rows(0).size() == 15'000 && rows(0).at(5) == 1));
  BOOST_TEST((rows(1).size() == 1000 && rows(1).at(5) == 2));
}

BOOST_AUTO_TEST_CASE(a_source_forwards_an_injected_barrier_and_saves_its_position) {
  drive(0);
  slice(1);
  port.take();
  driver->inject({{7}}, {});
  asked({"batch 0", "batch 1", "barrier 7 to 0", "barrier 7 to 1", "upload"});
  BOOST_REQUIRE(port.uploads.size() == 1U);
  BOOST_TEST(port.uploads[0].run == nullptr);
  BOOST_TEST(port.uploads[0].operators.at(0).operator_name == "numbers");
}

BOOST_AUTO_TEST_CASE(a_source_that_has_ended_answers_without_a_barrier) {
  drive(0);
  run();
  port.take();
  driver->inject({{7}}, {});
  asked({"upload"});
  BOOST_TEST((port.uploads[0].checkpoint == checkpoint_id{7}));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_is_injected_twice_is_taken_once) {
  drive(0);
  driver->inject({{7}}, {});
  driver->inject({{7}}, {});
  BOOST_TEST(port.uploads.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_task_with_live_inputs_takes_no_injected_checkpoint) {
  drive(1);
  BOOST_CHECK_THROW(driver->inject({{7}}, {}), error);
}

BOOST_AUTO_TEST_CASE(a_finished_task_answers_injected_checkpoints_without_a_barrier) {
  drive(1);
  arrive(0, 1, 3);
  finish();
  driver->inject({{7}}, {});
  run();
  asked({"upload"});
  BOOST_TEST((port.uploads[0].checkpoint == checkpoint_id{7}));
  BOOST_TEST((rows(0) == std::map<std::uint64_t, std::uint64_t>{{1, 1}, {2, 1}, {3, 1}}));
}

BOOST_AUTO_TEST_CASE(a_barrier_that_came_before_the_end_is_not_answered_again) {
  drive(1);
  barriers(7);
  finish();
  driver->inject({{7}}, {});
  run();
  asked({});
}

BOOST_AUTO_TEST_CASE(a_slice_of_one_block_stops_in_the_middle_of_a_batch) {
  drive(1);
  arrive(0, 1, 1000);
  for (const std::size_t records : {256U, 512U, 768U}) {
    BOOST_TEST(slice(1).more);
    BOOST_TEST(records_in() == records);
    BOOST_TEST(count_of("credit 0") == 0U);
  }
  slice(1);
  BOOST_TEST(records_in() == 1000U);
  BOOST_TEST(count_of("credit 0") == 1U);
}

BOOST_AUTO_TEST_CASE(a_task_without_credit_stops_and_goes_on_when_it_has_some) {
  drive(1);
  for (int i = 0; i < 40; ++i)
    driver->arrived(0, batch_of(std::vector<std::uint64_t>(1024, 5)));
  run();
  BOOST_TEST(port.sent.size() == channel_credits);
  BOOST_TEST(records_in() < 40U * 1024);
  while (records_in() < 40U * 1024) {
    read_everything();
    run();
  }
}

BOOST_AUTO_TEST_CASE(with_a_reader_that_waits_nothing_stays_in_an_open_batch) {
  drive(1);
  arrive(0, 1, 10);
  BOOST_TEST(!slice().wake_at.has_value());
  asked({"credit 0", "batch 0", "batch 1"});
}

BOOST_AUTO_TEST_CASE(behind_a_batch_on_its_way_an_open_one_waits_for_the_flush) {
  drive(1);
  arrive(0, 1, 10);
  slice();
  port.take();
  arrive(0, 11, 10);
  const auto due = now + buffer_timeout;
  BOOST_TEST((slice().wake_at == due));
  asked({"credit 0"});
  now = due - std::chrono::nanoseconds(1);
  BOOST_TEST((slice().wake_at == due));
  asked({});
  now = due;
  BOOST_TEST(!slice().wake_at.has_value());
  asked({"batch 0", "batch 1"});
}

BOOST_AUTO_TEST_CASE(with_a_timeout_of_0_nothing_waits_longer_than_a_slice) {
  buffer_timeout = {};
  drive(1);
  for (int i = 0; i < 2; ++i) {
    arrive(0, 1, 10);
    BOOST_TEST(!slice().wake_at.has_value());
    asked({"credit 0", "batch 0", "batch 1"});
  }
}

BOOST_AUTO_TEST_CASE(a_busy_task_flushes_between_two_slices) {
  drive(1);
  arrive(0, 1, 10);
  slice();
  port.take();
  arrive(0, 11, 600);
  BOOST_TEST(slice(1).more);
  asked({});
  now += buffer_timeout;
  BOOST_TEST(slice(1).more);
  asked({"batch 0", "batch 1"});
}

BOOST_AUTO_TEST_CASE(after_the_end_of_data_a_task_finishes_once) {
  drive(1);
  arrive(0, 1, 3);
  ends();
  run();
  run();
  BOOST_TEST(count_of("finished") == 1U);
  BOOST_TEST(count_of("end 0") == 1U);
  BOOST_TEST(count_of("end 1") == 1U);
  BOOST_TEST(port.log.back() == "finished");
}

BOOST_AUTO_TEST_CASE(a_task_is_not_finished_before_its_outbox_has_drained) {
  drive(1);
  for (std::uint32_t i = 0; i < channel_credits; ++i)
    driver->arrived(0, batch_of(std::vector<std::uint64_t>(1024, 5)));
  driver->arrived(0, batch_of({5}));
  ends();
  run();
  BOOST_TEST(count_of("finished") == 0U);
  read_everything();
  run();
  BOOST_TEST(count_of("finished") == 1U);
}

BOOST_AUTO_TEST_CASE(restored_rows_come_before_any_input) {
  drive(1, true);
  asked({"rows"});
  arrive(0, 100, 1);
  BOOST_TEST(!slice().more);
  driver->restored_rows(rows_of(100, 5000, 41));
  BOOST_TEST(slice().more); // more rows than one slice loads
  BOOST_TEST(!slice().more);
  asked({"rows"});
  driver->restored_rows(rows_of(0, 0, 0));
  barriers(7);
  run();
  BOOST_TEST((rows(0) == std::map<std::uint64_t, std::uint64_t>{{100, 42}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_task_driver
