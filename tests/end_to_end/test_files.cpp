// Records from files to files, by the real binary, and what it says about input and
// output that cannot be.
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace weir::testing::test_files {

namespace {

const int failed = 1;
const int usage = 2;

struct files_fixture : workspace {
  words csv_to_csv(const words& flags = {}) const {
    return words{"run"} + flags + words{WEIR_JOBS "/libcsv_to_csv.so",
                                        "--",
                                        "--input",
                                        "input",
                                        "--output",
                                        "output"};
  }
  /// One file named `input`.
  void input(const std::string& text) const { write_text(path() / "input", text); }
  /// What fails when it reads: unlike a refusal it may have begun to write.
  void fails(const words& wanted) const {
    const finished_process ended = weir(csv_to_csv());
    BOOST_TEST(ended.end.code == failed);
    for (const auto& part : wanted)
      BOOST_TEST((ended.lines.back().starts_with("error: ") &&
                  ended.lines.back().find(part) != std::string::npos),
                 "'" << part << "' is not in: " << ended.lines.back());
    std::filesystem::remove_all(path() / "output");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(files, files_fixture)

BOOST_AUTO_TEST_CASE(csv_comes_in_by_names_and_goes_out_with_names) {
  std::filesystem::create_directory(path() / "input");
  write_text(path() / "input" / "monday.csv", "amount,customer,region,id\r\n"
                                              "12.5,\"Smith, John\",x,1\r\n"
                                              "9,Eve,x,2\r\n");
  write_text(path() / "input" / "tuesday.csv",
             "id,customer,amount,discount\n3,\"the \"\"boss\"\"\",10,2.5\n4,Bob,11,\n");
  succeeds(csv_to_csv({"-p", "2"}));
  BOOST_TEST(read_text(path() / "output" / "part-0") ==
             "customer,to_pay\n\"Smith, John\",12.5\n");
  BOOST_TEST(read_text(path() / "output" / "part-1") ==
             "customer,to_pay\n\"the \"\"boss\"\"\",7.5\nBob,11\n");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_record_fails_the_job_with_its_place) {
  input("id,customer,amount\n1,a,20\n2,b,abc\n3,c,4\n");
  fails({"operator 'orders'",
         "the input 'input', line 3, byte 5: ", "field 'amount': 'abc' is not a number"});
  input("id,customer,amount\n1,a\n");
  fails({"line 2, the line has 2 columns instead of 3"});
  input("id,customer\n1,a\n");
  fails({"line 1", "field 'amount': no column has this name"});
}

BOOST_AUTO_TEST_CASE(input_that_is_not_there) {
  refuses(usage, csv_to_csv(), {"cannot read the input 'input'"});
  std::filesystem::create_directory(path() / "input");
  refuses(usage, csv_to_csv(), {"'input'", "the directory has no files"});
}

BOOST_AUTO_TEST_CASE(empty_input_is_no_records) {
  input("");
  succeeds(csv_to_csv());
  BOOST_TEST(read_text(path() / "output" / "part-0") == "customer,to_pay\n");
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_full_is_named_with_its_file) {
  std::string many = "id,customer,amount\n";
  for (int i = 0; i < 20'000; ++i)
    many += "1,some customer,100\n";
  input(many);
  std::string command = "trap '' XFSZ; ulimit -f 100; exec " WEIR_BINARY;
  for (const auto& word : csv_to_csv())
    command += " " + word;
  const finished_process ended = program({"/bin/sh", "-c", command});
  BOOST_TEST(ended.end.code == failed);
  for (const std::string wanted : {"'orders'", "writing 'output/part-0': File too large"})
    BOOST_TEST(ended.lines.back().find(wanted) != std::string::npos, ended.lines.back());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_files
