// Records from files and to files. docs/connectors.md quotes the jobs.
#include "operators/weir.hpp"
#include "runtime/embed.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::testing::test_files {

namespace {

struct order {
  std::uint64_t id;
  std::string customer;
  double amount;
  std::optional<std::string> note;
};

struct bill {
  std::string customer;
  double amount;
};

bill bill_for(const order& o) {
  return {o.customer, o.amount};
}

struct files_fixture {
  /// Runs a job of two tasks; its option `input` is a file with `content`, and `output` a
  /// directory.
  void run_on(const std::string& content, void (*define)(job&)) const {
    write_text(place.path() / "input", content);
    run_options options{.parallelism = 2};
    options.job_options = {{"input", place.path() / "input"},
                           {"output", place.path() / "output"}};
    run(define, options);
  }

  std::vector<std::string> output() const {
    return sorted_lines(place.path() / "output");
  }

  temporary_directory place;
};

void csv_to_csv(weir::job& job) {
  job.source("orders", weir::read_csv<order>(job.option("input")))
      .map(bill_for)
      .sink("bills", weir::write_csv(job.option("output")));
}

void csv_of_another_kind(weir::job& job) {
  job.source("orders", weir::read_csv<order>(job.option("input"))
                           .no_header()
                           .separator(';')
                           .skip_malformed())
      .map(bill_for)
      .sink("bills", weir::write_csv(job.option("output")).separator('\t'));
}

void malformed_lines_aside(weir::job& job) {
  const auto orders = job.source("orders", weir::read_csv<order>(job.option("input")),
                                 weir::malformed_lines);
  orders.side(weir::malformed_lines)
      .sink("refused", weir::write_json(job.option("output")));
  orders.map(bill_for).sink("bills", weir::discard());
}

void json_to_json(weir::job& job) {
  job.source("orders", weir::read_json<order>(job.option("input")))
      .map(bill_for)
      .sink("bills", weir::write_json(job.option("output")));
}

void from_standard_input(weir::job& job) {
  job.source("orders", weir::read_csv<order>(weir::standard_input))
      .filter([](const order& o) { return o.amount >= 10; })
      .sink("large", weir::print());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(files, files_fixture)

BOOST_AUTO_TEST_CASE(csv_comes_in_by_the_names_of_its_columns_and_goes_out_with_names) {
  run_on("amount,customer,ignored,id\r\n"
         "12.5,\"Smith, John\",x,1\r\n"
         "10,\"the \"\"boss\"\"\",x,3\r\n",
         csv_to_csv);
  BOOST_TEST((output() ==
              std::vector<std::string>{"\"Smith, John\",12.5", "\"the \"\"boss\"\"\",10",
                                       "customer,amount", "customer,amount"}));
}

BOOST_AUTO_TEST_CASE(csv_has_another_separator_no_names_and_lines_that_are_no_records) {
  run_on("1;Ann;2.5;\n2;Bob;abc;\n3;Eve;4;a note\n", csv_of_another_kind);
  BOOST_TEST(
      (output() == std::vector<std::string>{"Ann\t2.5", "Eve\t4", "customer\tamount",
                                            "customer\tamount"}));
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_records_go_another_way) {
  run_on("id,customer,amount\n1,Ann,2\nx,Bob,3\n4,Eve,y\n", malformed_lines_aside);
  const std::string file = "{\"file\":\"" + (place.path() / "input").string() + "\",";
  BOOST_TEST((output() ==
              std::vector<std::string>{
                  file + "\"line\":3,\"text\":\"x,Bob,3\",\"reason\":\"byte 1: field "
                         "'id': 'x' is not a whole number\"}",
                  file + "\"line\":4,\"text\":\"4,Eve,y\",\"reason\":\"byte 7: field "
                         "'amount': 'y' is not a number\"}"}));
}

BOOST_AUTO_TEST_CASE(json_comes_in_and_goes_out_line_by_line) {
  run_on(
      "{\"id\": 1, \"customer\": \"Ann\", \"amount\": 2.5}\n"
      "{\"customer\":\"B\\u00e4r\",\"id\":2,\"amount\":1,\"note\":null,\"more\":[1]}\n",
      json_to_json);
  BOOST_TEST((output() ==
              std::vector<std::string>{"{\"customer\":\"Ann\",\"amount\":2.5}",
                                       "{\"customer\":\"B\xc3\xa4r\",\"amount\":1}"}));
}

BOOST_AUTO_TEST_CASE(standard_input_is_a_source_like_a_file) {
  job defined;
  from_standard_input(defined);
  BOOST_CHECK_NO_THROW(defined.graph().check());
  BOOST_TEST(defined.graph().chains().front().reads_once == "standard input");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_files
