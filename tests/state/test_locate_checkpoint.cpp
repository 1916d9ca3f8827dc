#include "state/checkpoint_directory.hpp"
#include "tests/state/disk_fixture.hpp"
#include "tests/state/sample_checkpoint.hpp"

#include <boost/test/unit_test.hpp>

namespace weir::test::test_locate_checkpoint {

namespace {

struct located_fixture : scratch_directory {
  located_fixture() : job(path(), "job") {
    complete_checkpoint(job, 7, "seven");
    complete_checkpoint(job, 12, "twelve");
  }

  fs::path chk(std::uint64_t id) const { return job.checkpoint_path({id}); }

  // The restore is refused with all `parts` in the message, and nothing has changed.
  void refused(const fs::path& from, std::initializer_list<std::string_view> parts) {
    const auto before = tree(path());
    check_error([&] { verify_checkpoint(locate_checkpoint(from)); },
                failure::restore_refused, parts);
    BOOST_TEST((tree(path()) == before));
  }

  checkpoint_directory job;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(locate_checkpoint_, located_fixture)

BOOST_AUTO_TEST_CASE(every_way_to_write_the_path_is_understood) {
  const std::string directory = chk(7).string();
  for (const auto& text :
       {directory, directory + "/", directory + "//", directory + "/_metadata",
        "file://" + directory, "file:" + directory, "file://" + directory + "/_metadata",
        "file:" + directory + "/_metadata", directory + "/../chk-7",
        fs::relative(directory).string()}) {
    const auto located = locate_checkpoint(text);
    BOOST_TEST(located.directory == chk(7), text);
    BOOST_TEST(located.metadata.id.value == 7U);
    BOOST_CHECK_NO_THROW(verify_checkpoint(located));
  }
}

BOOST_AUTO_TEST_CASE(a_path_that_does_not_exist_is_refused_with_what_there_is) {
  refused(chk(8), {chk(8).string(), "does not exist", chk(12).string(), "chk-12, chk-7"});
  refused(path() / "no/where", {"does not exist", "check the path"});
  refused("", {"does not exist"});
  refused("/proc/weir/chk-1", {"does not exist"});
  refused(chk(7) / "_metadata" / "x", {"does not exist"});
}

BOOST_AUTO_TEST_CASE(a_job_directory_stands_for_its_newest_complete_checkpoint) {
  job.begin({13});
  for (const auto& text :
       {job.path().string(), job.path().string() + "/", "file://" + job.path().string()})
    BOOST_TEST(locate_checkpoint(text).directory == chk(12), text);
}

BOOST_AUTO_TEST_CASE(
    a_job_directory_whose_newest_is_damaged_is_refused_with_an_intact_one) {
  flip_byte(chk(12) / "counts-0.keyed", 2);
  refused(job.path(), {"counts-0.keyed", "use '" + chk(7).string() + "'"});
  flip_byte(chk(12) / "_metadata", 60);
  refused(job.path(), {"_metadata", "use '" + chk(7).string() + "'"});
}

BOOST_AUTO_TEST_CASE(a_directory_of_several_jobs_is_refused_with_their_names) {
  checkpoint_directory other(path(), "other");
  complete_checkpoint(other, 1, "one");
  refused(path(), {"directories of jobs", "job, other"});
}

BOOST_AUTO_TEST_CASE(what_is_named_instead_is_intact) {
  complete_checkpoint(job, 13, "thirteen");
  flip_byte(job.shared_path() / shared_name("thirteen"), 2);
  flip_byte(chk(12) / "counts-0.operator", 2);
  refused(chk(13), {"damaged", "use '" + chk(7).string() + "'", "chk-12, chk-7"});
  flip_byte(chk(7) / "counts-0.operator", 2);
  refused(chk(13), {"no other checkpoint", "is intact"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_without_its_shared_files_names_them) {
  fs::create_directory(path() / "alone");
  fs::copy(chk(7), path() / "alone/chk-7", fs::copy_options::recursive);
  refused(path() / "alone/chk-7",
          {"1 of its files is missing in '" + (path() / "alone").string() + "'",
           "shared/" + shared_name("seven"), "weir checkpoint copy"});
  fs::remove(path() / "alone/chk-7/counts-0.keyed");
  refused(path() / "alone/chk-7",
          {"2 of its files are missing", "chk-7/counts-0.keyed, shared/"});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_was_not_completed_is_refused) {
  job.begin({13});
  refused(chk(13), {"not completed", chk(12).string()});
  fs::remove(chk(7) / "_metadata");
  fs::remove(chk(12) / "_metadata");
  refused(chk(13), {"not completed", "no complete checkpoint"});
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_as_what_it_is) {
  make("empty");
  refused(path() / "empty", {"not a checkpoint directory"});
  refused(job.shared_path(), {"not a checkpoint directory"});
  refused(chk(7) / "counts-0.keyed", {"neither"});
  refused("/dev/null", {"neither"});
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_in_any_file_is_found_and_named) {
  for (const fs::path& file :
       {chk(7) / "_metadata", chk(7) / "counts-0.keyed", chk(7) / "counts-0.operator",
        job.shared_path() / shared_name("seven")}) {
    for (std::size_t at = 0; at < fs::file_size(file); at += 13) {
      flip_byte(file, at);
      BOOST_CHECK_THROW(verify_checkpoint(locate_checkpoint(chk(7))), error);
      flip_byte(file, at);
    }
    flip_byte(file, 2);
    refused(chk(7), {file.string(), "use '" + chk(12).string() + "'"});
    flip_byte(file, 2);
  }
  BOOST_CHECK_NO_THROW(verify_checkpoint(locate_checkpoint(chk(7))));
}

BOOST_AUTO_TEST_CASE(the_message_has_expected_and_actual_checksum) {
  const fs::path file = chk(7) / "counts-0.keyed";
  const std::string good = checksum_of(bytes_of(content(file))).hex();
  flip_byte(file, 0);
  refused(chk(7), {file.string(), good, checksum_of(bytes_of(content(file))).hex()});
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  for (const fs::path& file :
       {chk(7) / "counts-0.keyed", job.shared_path() / shared_name("seven")}) {
    fs::remove(file);
    refused(chk(7), {job.path().string(), "missing", file.filename().string()});
    write(file, file.extension() == ".sst" ? "seven" : "keyed rows");
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_named_with_both_sizes) {
  for (const fs::path& file :
       {chk(7) / "counts-0.operator", job.shared_path() / shared_name("seven")}) {
    const std::string whole = content(file);
    write(file, whole.substr(0, 3));
    refused(chk(7), {file.string(), std::to_string(whole.size()) + " bytes", "3 bytes"});
    write(file, whole);
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_metadata_is_named) {
  write(chk(7) / "_metadata", content(chk(7) / "_metadata").substr(0, 50));
  refused(chk(7), {(chk(7) / "_metadata").string(), "damaged"});
  write(chk(7) / "_metadata", "");
  refused(chk(7), {"cut short"});
}

BOOST_AUTO_TEST_CASE(the_metadata_of_another_checkpoint_is_refused) {
  write(chk(7) / "_metadata", content(chk(12) / "_metadata"));
  refused(chk(7), {(chk(7) / "_metadata").string(), "is the one of chk-12",
                   "put that of chk-7 back", "use '" + chk(12).string() + "'"});
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_job_directory_restores_anywhere) {
  fs::copy(job.path(), path() / "copy", fs::copy_options::recursive);
  const auto located = locate_checkpoint(path() / "copy" / "chk-7");
  BOOST_TEST(located.shared == path() / "copy" / "shared");
  BOOST_CHECK_NO_THROW(verify_checkpoint(located));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_locate_checkpoint
