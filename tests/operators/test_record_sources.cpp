#include "operators/io/read_csv.hpp"
#include "operators/io/read_json.hpp"
#include "serialization/error.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace weir::test::test_record_sources {

namespace {

namespace fs = std::filesystem;

struct order {
  std::uint64_t id;
  std::string customer;
  double amount;
  std::optional<std::string> note;

  bool operator==(const order&) const = default;
};
using orders = std::vector<order>;

struct record_files {
  record_files() {
    std::string name = (fs::temp_directory_path() / "weir-records-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
  }
  ~record_files() { fs::remove_all(directory); }

  std::string file(const std::string& name, const std::string& content) const {
    const fs::path path = directory / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  /// Reads to the end, a few records at a time.
  template <class Source>
  static orders rest_of(Source& source) {
    orders all;
    const auto keep = [&](const order& o) { all.push_back(o); };
    while (source.poll(keep, 3, {}).what == poll_result::next::more) {
    }
    return all;
  }
  template <class Spec>
  static orders read(const Spec& spec) {
    auto source = spec.open(0, 1);
    source.start({});
    return rest_of(source);
  }
  /// Reads the file as stretches of `bytes`, by one subtask.
  template <class Spec>
  static auto cut(const Spec& spec, const std::string& path, std::uint64_t bytes) {
    auto splits = detail::split_input(path, bytes);
    std::ranges::reverse(splits);
    const auto saved = detail::save_progress({splits, 0});
    auto source = spec.open(0, 1);
    source.start({&saved, false});
    return source;
  }

  template <class Action>
  static void fails(Action action, failure kind, const std::string& part) {
    BOOST_CHECK_EXCEPTION(action(), error, [&](const error& e) {
      const std::string what = e.what();
      BOOST_TEST(what.find(part) != what.npos, "'" << part << "' is not in: " << what);
      BOOST_TEST(what.find('\n') == what.npos);
      return e.kind() == kind;
    });
  }
  template <class Spec>
  static void fails_on(const Spec& spec, const std::string& part) {
    fails([&] { read(spec); }, failure::job_failed, part);
  }

  fs::path directory;
};

const std::string some_csv = "amount,unknown,customer,id\r\n"
                             "12.5,x,\"Smith, John\",1\r\n"
                             "9,,Eve,2\n"
                             "1e3,y,\"the \"\"boss\"\"\",3\n"
                             "-0.5,,,4";
const orders some_orders{{1, "Smith, John", 12.5, {}},
                         {2, "Eve", 9, {}},
                         {3, "the \"boss\"", 1000, {}},
                         {4, "", -0.5, {}}};
const std::string some_json =
    "{\"id\":1,\"customer\":\"Smith, John\",\"amount\":12.5}\r\n"
    "{\"customer\":\"Eve\", \"id\":2, \"amount\":9, \"x\":[1]}\n"
    "{\"id\":3,\"customer\":\"the \\\"boss\\\"\",\"amount\":1e3}\n"
    "{\"id\":4,\"customer\":\"\",\"amount\":-0.5,\"note\":null}";

} // namespace

BOOST_FIXTURE_TEST_SUITE(record_sources, record_files)

BOOST_AUTO_TEST_CASE(every_cut_of_a_file_gives_its_records_once) {
  const std::string csv = file("orders.csv", some_csv);
  const std::string json = file("orders.json", some_json);
  for (std::uint64_t bytes = 1; bytes <= some_json.size() + 1; ++bytes) {
    auto from_csv = cut(read_csv<order>(csv), csv, bytes);
    BOOST_TEST((rest_of(from_csv) == some_orders), "CSV cut by " << bytes);
    auto from_json = cut(read_json<order>(json), json, bytes);
    BOOST_TEST((rest_of(from_json) == some_orders), "JSON cut by " << bytes);
  }
}

BOOST_AUTO_TEST_CASE(a_source_goes_on_where_another_stood) {
  const read_csv<order> spec(file("orders.csv", some_csv));
  for (std::size_t taken = 0; taken <= 2 + some_orders.size(); ++taken) {
    orders all;
    auto first = spec.open(0, 1);
    first.start({});
    first.poll([&](const order& o) { all.push_back(o); }, taken, {});
    const auto saved = first.position();
    auto second = spec.open(0, 1);
    second.start({&saved, false});
    for (const order& o : rest_of(second))
      all.push_back(o);
    BOOST_TEST((all == some_orders), taken);
  }
}

BOOST_AUTO_TEST_CASE(each_file_of_a_directory_has_names_of_its_own) {
  file("a", "id,customer,amount\n1,a,1\n");
  file("b", "");
  file("c", "amount,note,customer,id\n2,\"\",b,2\n");
  file("d", "id,customer,amount\n");
  BOOST_TEST((read(read_csv<order>(directory)) ==
              orders{{1, "a", 1, {}}, {2, "b", 2, std::string()}}));
}

BOOST_AUTO_TEST_CASE(without_names_columns_stand_in_the_order_of_the_fields) {
  const std::string path = file("orders", "1;a,b;2;\n2;\"c;d\";3;n\n");
  BOOST_TEST((read(read_csv<order>(path).no_header().separator(';')) ==
              orders{{1, "a,b", 2, {}}, {2, "c;d", 3, "n"}}));
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_record_is_named_with_what_it_should_be) {
  const auto csv = [&](const std::string& lines) {
    return read_csv<order>(file("bad.csv", "id,customer,amount\n1,a,2\n" + lines));
  };
  const std::string place = "bad.csv', line 3, ";
  fails_on(csv("2,b,abc\n"), place + "byte 5: field 'amount': 'abc' is not a number; ");
  fails_on(csv("-2,b,1\n"), place + "byte 1: field 'id': '-2' is not between 0 and 1844");
  fails_on(csv("2,b\n"), place + "the line has 2 columns instead of 3; ");
  fails_on(csv("2,b,1,\n"), place + "the line has 4 columns instead of 3; ");
  fails_on(csv("2,\"b\nc\",1\n"),
           place + "byte 3: the quote of a column is never closed");
  fails_on(csv("2,b,1\n\n").separator(','), "line 4, the line has 1 columns");
  fails_on(csv("2,b," + std::string(99, 'x')),
           "'" + std::string(24, 'x') + "...' is not");
  const read_json<order> json(file("bad.json",
                                   "{\"id\":1,\"customer\":\"a\","
                                   "\"amount\":1}\n{\"id\":2,\"customer\":3}"));
  fails_on(json, "bad.json', line 2, byte 20: field 'customer': '3' is not text");
}

BOOST_AUTO_TEST_CASE(the_number_of_a_line_is_right_wherever_a_stretch_begins) {
  std::string content = "id,customer,amount\n";
  for (int i = 2; i < 40; ++i)
    content += i % 3 == 0 ? "1,a,1\r\n" : "1,abc,1\n";
  const std::string path = file("late", content + "1,b,?\n1,c,1\n");
  for (std::uint64_t bytes = 1; bytes < content.size(); bytes += 7) {
    auto source = cut(read_csv<order>(path), path, bytes);
    fails([&] { rest_of(source); }, failure::job_failed, "late', line 40, byte 5");
  }
}

BOOST_AUTO_TEST_CASE(malformed_lines_are_skipped_and_counted_when_that_is_asked_for) {
  const std::string path =
      file("some", "id,customer,amount\n?,a,1\n1,a,1\n\n2,b\n2,b,2\n3,\"\n");
  const auto spec = read_csv<order>(path).skip_malformed();
  for (std::size_t taken = 0; taken <= 8; ++taken) {
    auto first = spec.open(0, 1);
    first.start({});
    std::size_t records = 0;
    first.poll([&](const order&) { ++records; }, taken, {});
    const auto saved = first.position();
    auto second = spec.open(0, 1);
    second.start({&saved, false});
    BOOST_TEST(second.malformed() == first.malformed());
    BOOST_TEST(records + rest_of(second).size() == 2U);
    BOOST_TEST(second.malformed() == 4U, taken);
  }
  const auto json = read_json<order>(file("json", "{}\n[\n")).skip_malformed();
  BOOST_TEST(read(json).empty());
}

BOOST_AUTO_TEST_CASE(a_header_that_does_not_fit_fails_the_job_whatever_is_skipped) {
  const auto csv = [&](const std::string& header) {
    return read_csv<order>(file("names", header + "1,a,1\n")).skip_malformed();
  };
  fails_on(csv("id,customer\n"), "names', line 1, byte 1: field 'amount': no column");
  fails_on(csv("id,id,customer,amount\n"), "line 1, byte 4: field 'id': two columns");
  fails_on(csv("id,customer,amount\n").separator(';'), "no column has this name");
  fails_on(csv(""), ".no_header()");
}

BOOST_AUTO_TEST_CASE(input_that_is_not_there_or_empty) {
  fails([&] { read(read_csv<order>(directory / "none")); }, failure::usage, "none");
  fails([&] { read(read_json<order>(directory)); }, failure::usage, "has no files");
  BOOST_TEST(read(read_csv<order>(file("empty", ""))).empty());
  BOOST_TEST(read(read_json<order>(file("empty", ""))).empty());
}

BOOST_AUTO_TEST_CASE(what_is_part_of_the_format_separates_no_columns) {
  for (const char wrong : {'"', '\n', '\r'})
    fails([&] { read_csv<order>("x").separator(wrong); }, failure::usage,
          "cannot separate");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_record_sources
