// The oracle finds what it is there to find: a small output, right and then spoilt.
#define BOOST_TEST_MODULE crash_oracle
#include "tests/crash/crash_records.hpp"
#include "tests/crash/oracle.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace weir::testing::test_oracle {

namespace fs = std::filesystem;

namespace {

struct oracle_fixture {
  oracle_fixture() {
    std::map<std::uint64_t, std::uint64_t> of_key;
    std::map<std::uint64_t, std::uint64_t> of_bucket;
    for (std::uint64_t number = 0; number < input.records; ++number) {
      weir::random_stream random(input.seed, number);
      const crash_record record = make_crash_record(input.keys, number, random);
      if (!is_kept(record))
        continue;
      const std::uint64_t count = ++of_key[record.key];
      counts.push_back(text({record.key, count}));
      arrivals.push_back(
          text({record.key, number, count, ++of_bucket[bucket_of(record.key)]}));
    }
  }

  static std::string text(std::initializer_list<std::uint64_t> fields) {
    std::string line;
    for (const std::uint64_t field : fields) {
      line += std::to_string(field);
      line += ',';
    }
    line.pop_back();
    return line;
  }

  findings judged() const {
    const temporary_directory place;
    write(place.path() / "counts", counts);
    write(place.path() / "arrivals", arrivals);
    return judge(place.path(), input);
  }

  static void write(const fs::path& directory, const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines)
      all += line + '\n';
    fs::create_directory(directory);
    write_text(directory / "part-0", all);
  }

  crash_input input{100, 2, 5, 1};
  std::vector<std::string> counts;
  std::vector<std::string> arrivals;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(oracle, oracle_fixture)

BOOST_AUTO_TEST_CASE(a_right_output_has_no_findings) {
  BOOST_TEST(judged().none());
}

BOOST_AUTO_TEST_CASE(a_missing_line_is_lost) {
  counts.erase(counts.begin() + 40);
  BOOST_TEST(judged().lost == 1u);
  arrivals.pop_back();
  BOOST_TEST(judged().lost > 1u);
}

BOOST_AUTO_TEST_CASE(a_repeated_line_is_duplicated) {
  counts.push_back(counts.back());
  BOOST_TEST(judged().duplicated == 1u);
  arrivals.push_back(arrivals.front());
  BOOST_TEST(judged().duplicated == 2u);
}

BOOST_AUTO_TEST_CASE(a_lost_and_a_repeated_record_do_not_cancel_out) {
  arrivals[30] = arrivals[29];
  const findings found = judged();
  BOOST_TEST(found.lost > 0u);
  BOOST_TEST(found.duplicated > 0u);
}

BOOST_AUTO_TEST_CASE(a_count_that_goes_back_is_reordered) {
  std::reverse(counts.begin(), counts.end());
  const findings found = judged();
  BOOST_TEST(found.reordered > 0u);
  BOOST_TEST(found.lost == 0u);
  std::reverse(counts.begin(), counts.end());
  std::swap(arrivals.front(), arrivals.back());
  BOOST_TEST(judged().reordered > 0u);
}

BOOST_AUTO_TEST_CASE(a_broken_line_is_an_error) {
  counts.push_back("1,");
  BOOST_CHECK_THROW(judged(), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_oracle
