// What cannot be restored is refused with exit code 3, before anything is changed.
#include "serialization/checksum.hpp"
#include "tests/end_to_end/workspace.hpp"

#include <boost/test/unit_test.hpp>

#include <span>

namespace weir::testing::test_restore_refusals {

namespace fs = std::filesystem;

namespace {

const int restore_refused = 3;

struct restore_fixture : killed_job {
  void refuses_from(const fs::path& from, const words& wanted) const {
    refuses(restore_refused, click_count({"-s", from.string()}), wanted);
  }

  /// Checks a refusal for every file of the checkpoint, after `damage` and before repair.
  template <class Damage>
  void refuses_each_file(Damage damage) const {
    for (const auto& file : files()) {
      const std::string whole = read_text(file);
      BOOST_TEST_CONTEXT(file.filename()) {
        damage(file, whole);
        refuses_from(newest(), {file.filename().string()});
      }
      write_text(file, whole);
    }
    succeeds(click_count({"-s", newest().string()}));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(restore_refusals, restore_fixture)

BOOST_AUTO_TEST_CASE(a_path_that_does_not_exist) {
  refuses_from("nowhere", {"nowhere", "does not exist", "check the path"});
  refuses_from(job_directory() / "chk-99",
               {"does not exist", newest().filename().string()});
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_no_checkpoint) {
  fs::create_directory(path() / "other");
  refuses_from("other", {"not a checkpoint directory", "chk-N"});
  refuses_from("output", {"not a checkpoint directory", "chk-N"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_was_not_completed) {
  fs::create_directory(job_directory() / "chk-99");
  refuses_from(job_directory() / "chk-99",
               {"has no _metadata", "not completed", "use '" + newest().string() + "'"});
}

BOOST_AUTO_TEST_CASE(a_job_directory_with_a_damaged_newest_checkpoint) {
  const std::string whole = read_text(newest() / "_metadata");
  const fs::path before = *(checkpoints_in(job_directory()).end() - 2);
  write_text(newest() / "_metadata", whole.substr(0, whole.size() / 2));
  refuses_from(job_directory(), {"_metadata", "use '" + before.string() + "'"});
  write_text(newest() / "_metadata", whole);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_directory_without_its_shared_files) {
  fs::create_directory(path() / "alone");
  fs::copy(newest(), path() / "alone" / newest().filename(), fs::copy_options::recursive);
  refuses_from(path() / "alone" / newest().filename(),
               {std::to_string(shared_names(newest()).size()) + " of its files",
                "missing", "shared/", ".sst", "weir checkpoint copy"});
}

BOOST_AUTO_TEST_CASE(a_newer_format) {
  const std::string whole = read_text(newest() / "_metadata");
  std::string newer = whole.substr(0, whole.size() - 16);
  newer[8] = 2; // the version; the checksum is that of the changed bytes
  const auto sum = weir::checksum_of(std::as_bytes(std::span(newer)));
  for (const std::uint64_t half : {sum.low, sum.high})
    for (int i = 0; i < 8; ++i)
      newer.push_back(static_cast<char>(half >> (8 * i)));
  write_text(newest() / "_metadata", newer);
  refuses_from(newest(), {"_metadata", "format version 2", "use the weir that wrote it"});
  write_text(newest() / "_metadata", whole);
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_in_any_file) {
  BOOST_TEST(files().size() > 8u);
  refuses_each_file([](const fs::path& file, std::string bytes) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_text(file, bytes);
  });
}

BOOST_AUTO_TEST_CASE(a_flipped_first_or_last_byte_of_metadata) {
  const std::string whole = read_text(newest() / "_metadata");
  for (const std::size_t at : {std::size_t{0}, std::size_t{8}, whole.size() - 1}) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_text(newest() / "_metadata", bytes);
    refuses_from(newest(), {"_metadata"});
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_file) {
  refuses_each_file([](const fs::path& file, const std::string& whole) {
    write_text(file, whole.substr(0, whole.size() - 1));
  });
}

BOOST_AUTO_TEST_CASE(an_empty_file) {
  refuses_each_file(
      [](const fs::path& file, const std::string&) { write_text(file, ""); });
}

BOOST_AUTO_TEST_CASE(a_deleted_file) {
  refuses_each_file([](const fs::path& file, const std::string&) { fs::remove(file); });
}

BOOST_AUTO_TEST_CASE(an_output_that_has_become_shorter) {
  const fs::path part = path() / "output" / "part-1";
  fs::resize_file(part, 10);
  const fs::path other = path() / "output" / "part-0";
  const std::string other_before = read_text(other);
  const auto refused = weir(click_count({"-s", newest().string()}));
  BOOST_TEST(refused.end.code == restore_refused);
  BOOST_TEST((refused.lines.back().find("put the file back") != std::string::npos));
  BOOST_TEST(fs::file_size(part) == 10u);
  BOOST_TEST((read_text(other) == other_before)); // one refusal leaves every file alone
}

BOOST_AUTO_TEST_CASE(an_output_that_another_run_has_written) {
  const fs::path part = path() / "output" / "part-0";
  const std::string foreign(fs::file_size(part), 'x');
  write_text(part, foreign);
  const auto refused = weir(click_count({"-s", newest().string()}));
  BOOST_TEST(refused.end.code == restore_refused);
  BOOST_TEST((refused.lines.back().find("another run") != std::string::npos));
  BOOST_TEST((read_text(part) == foreign));
}

BOOST_AUTO_TEST_CASE(an_operator_that_the_job_lacks) {
  refuses(restore_refused,
          {"run", "-p", "2", "-s", newest().string(), fixture("renamed_operator"), "--",
           "--output", "output"},
          {"'counts'", "give the operator its name back", "-n"});
}

BOOST_AUTO_TEST_CASE(a_state_of_another_type) {
  refuses(restore_refused,
          {"run", "-p", "2", "-s", newest().string(), fixture("other_types"), "--",
           "--output", "output"},
          {"'counts'", "u64", "u32", "change the types back"});
}

BOOST_AUTO_TEST_CASE(another_max_parallelism) {
  refuses(restore_refused,
          click_count({"-D", "pipeline.max-parallelism=64", "-s", newest().string()}),
          {"written at max parallelism 128", "set pipeline.max-parallelism to 128"});
}

BOOST_AUTO_TEST_CASE(more_tasks_than_the_state_can_be_divided_among) {
  refuses(restore_refused, click_count({"-p", "129", "-s", newest().string()}),
          {"at most 128 tasks"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_restore_refusals
