#include "operators/io/collect.hpp"
#include "operators/io/collection.hpp"
#include "operators/io/generate.hpp"
#include "operators/job.hpp"
#include "operators/split.hpp"
#include "serialization/text.hpp"
#include "tests/support/looping_outbox.hpp"

#include <boost/test/unit_test.hpp>

#if defined(__SANITIZE_ADDRESS__)
extern "C" int __asan_address_is_poisoned(void const volatile* address);
#endif

namespace weir::test::test_text_batches {

namespace {

struct visit {
  text user;
  std::vector<text> pages;
  std::uint64_t number;
};
using visits = batch<visit>;

std::string long_name(std::uint64_t i) {
  return "a name that does not fit inside " + std::to_string(i);
}

const visit& at(const batch_ref& ref, std::size_t i) {
  return static_cast<const visits&>(*ref).values()[i];
}

/// A batch of `count` visits, whose source is gone.
batch_ref written(batch_writer<visits>& writer, batch_ref empty, std::size_t count) {
  writer.open(std::move(empty));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = long_name(i);
    writer.push({text(name), {text("short"), text(name)}, i}, no_time(), 0);
  }
  return writer.close();
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_batches)

BOOST_AUTO_TEST_CASE(a_batch_owns_the_texts_of_its_records) {
  batch_writer<visits> writer;
  batch_ref batch;
  for (int round = 0; round < 3; ++round) {
    batch = written(writer, std::move(batch), 500);
    for (std::size_t i = 0; i < 500; ++i) {
      BOOST_REQUIRE((at(batch, i).user == long_name(i)));
      BOOST_REQUIRE((at(batch, i).pages[1] == long_name(i)));
      BOOST_REQUIRE((at(batch, i).pages[0] == "short"));
    }
    batch->clear();
  }
}

BOOST_AUTO_TEST_CASE(a_record_passes_from_batch_to_batch) {
  batch_writer<visits> writer;
  const batch_ref first = written(writer, {}, 3);
  batch_writer<visits> next;
  next.open({});
  next.push(at(first, 2), no_time(), 0);
  first->clear();
  const batch_ref second = next.close();
  BOOST_TEST((at(second, 0).user == long_name(2)));
}

BOOST_AUTO_TEST_CASE(a_batch_without_text_has_no_room_for_it) {
  BOOST_TEST(sizeof(batch<std::uint64_t>) < sizeof(batch<text>));
  BOOST_TEST(sizeof(batch<std::string>) == sizeof(batch<std::uint64_t>));
}

#if defined(__SANITIZE_ADDRESS__)
BOOST_AUTO_TEST_CASE(a_text_kept_beyond_its_batch_is_poisoned) {
  batch_writer<visits> writer;
  const batch_ref batch = written(writer, {}, 3);
  const text kept = at(batch, 1).user;
  BOOST_TEST(!__asan_address_is_poisoned(kept.data()));
  batch->clear();
  BOOST_TEST(__asan_address_is_poisoned(kept.data()));
}
#endif

BOOST_AUTO_TEST_CASE(what_is_collected_owns_its_texts) {
  const auto got = std::make_shared<collected<visit>>();
  {
    job target;
    const auto make = [](std::uint64_t i, random_stream&, text_arena& texts) {
      return visit{texts.copy(long_name(i)), {}, i};
    };
    target.source("visits", generate(1000, make)).sink("out", collect(got));
    const auto task = target.graph().chains()[0].make_task({});
    slice_budget budget(100, slice_budget::clock::time_point::max());
    task->start({});
    task->poll(budget, {});
  }
  BOOST_REQUIRE(got->all().size() == 1000U);
  for (const visit& each : got->all())
    BOOST_REQUIRE((each.user == long_name(each.number)));
}

BOOST_AUTO_TEST_CASE(words_of_a_line_that_dies_are_counted) {
  const auto got = std::make_shared<collected<counted<text>>>();
  job target;
  target
      .source("lines",
              collection(std::vector<std::string>{"short and extraordinarily-long",
                                                  "extraordinarily-long and so on"}))
      .flat_map<text>([](const std::string& line, auto& words) {
        std::string dies = line;
        for (const std::string_view word : split(dies))
          words.emit(text(word));
        dies.assign(dies.size(), '!');
      })
      .key_by(std::identity{})
      .count("words")
      .sink("out", collect(got));
  looping_outbox between;
  run_two_tasks(target, between);
  std::vector<std::string> lines;
  for (const auto& each : got->all())
    append_text(lines.emplace_back(), each);
  BOOST_TEST((lines == std::vector<std::string>{
                           "short,1", "and,1", "extraordinarily-long,1",
                           "extraordinarily-long,2", "and,2", "so,1", "on,1"}));
}

BOOST_AUTO_TEST_CASE(what_a_fold_keeps_outlives_the_batches) {
  const auto got = std::make_shared<collected<visit>>();
  job target;
  const auto make = [](std::uint64_t i, random_stream&, text_arena& texts) {
    return visit{texts.copy(long_name(i % 7)), {texts.copy(long_name(i))}, i};
  };
  target.source("visits", generate(10'000, make))
      .key_by(&visit::user)
      .reduce("last",
              [](const visit& so_far, const visit& next) { // the pages of the last two
                return visit{
                    so_far.user, {so_far.pages.back(), next.pages.back()}, next.number};
              })
      .sink("out", collect(got));
  looping_outbox between;
  run_two_tasks(target, between);
  BOOST_REQUIRE(got->all().size() == 10'000U);
  for (const visit& each : got->all()) {
    BOOST_REQUIRE((each.user == long_name(each.number % 7)));
    BOOST_REQUIRE((each.pages.back() == long_name(each.number)));
    BOOST_REQUIRE((each.number < 7 || each.pages.front() == long_name(each.number - 7)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_text_batches
