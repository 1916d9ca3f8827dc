#include "state/storage/local_files.hpp"
#include "tests/state/disk_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/stat.h>

namespace weir::test::test_local_files {

namespace {

// Another file system than /tmp's, where there is one.
std::optional<fs::path> elsewhere(const fs::path& here) {
  struct stat a {};
  struct stat b {};
  if (::stat(here.c_str(), &a) != 0 || ::stat("/dev/shm", &b) != 0 ||
      a.st_dev == b.st_dev)
    return std::nullopt;
  return "/dev/shm";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_files, scratch_directory)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const std::string large(3'000'000, 'w');
  for (const std::string& text : {std::string(), std::string("weir"), large}) {
    write_file_durably(path() / "f", bytes_of(text));
    BOOST_TEST((content(path() / "f") == text));
    BOOST_TEST(try_read_file(path() / "f")->size() == text.size());
    const auto measured = measure_file(path() / "f", failure::job_failed);
    BOOST_TEST(measured.size == text.size());
    BOOST_TEST((measured.sum == checksum_of(bytes_of(text))));
  }
}

BOOST_AUTO_TEST_CASE(a_small_file_takes_no_more_memory_than_it_has_bytes) {
  write(path() / "f", "weir");
  BOOST_TEST(read_file(path() / "f", failure::job_failed).capacity() <= 5U);
  BOOST_TEST(try_read_file(path() / "f")->capacity() <= 5U);
}

BOOST_AUTO_TEST_CASE(a_file_that_has_more_than_its_size_says_is_read_to_its_end) {
  const fs::path growing = "/proc/self/status"; // its size is 0
  BOOST_TEST_REQUIRE(fs::file_size(growing) == 0U);
  BOOST_TEST(content(growing).find("\nvoluntary_ctxt_switches:") != std::string::npos);
  BOOST_TEST(try_read_file(growing)->size() > 100U);
}

BOOST_AUTO_TEST_CASE(symbolic_links_are_refused) {
  write(path() / "f", "weir");
  fs::create_symlink("f", path() / "link");
  const fs::path link = path() / "link";
  int error_number = 0;
  BOOST_TEST(!try_read_file(link).has_value());
  BOOST_TEST(!try_measure_file(link, error_number).has_value());
  const auto refused = [](auto read) {
    check_error(read, failure::restore_refused,
                {"cannot read", "symbolic links", "; put the file itself there"});
  };
  refused([&] { read_file(link, failure::restore_refused); });
  refused([&] { read_file_prefix(link, 2, failure::restore_refused); });
  refused([&] { measure_file(link, failure::restore_refused); });
  refused([&] { file_reader(link, failure::restore_refused); });
}

BOOST_AUTO_TEST_CASE(overwriting_leaves_nothing_of_a_longer_file) {
  write_file_durably(path() / "f", bytes_of("longer"));
  write_file_durably(path() / "f", bytes_of("short"));
  BOOST_TEST(content(path() / "f") == "short");
}

BOOST_AUTO_TEST_CASE(a_prefix_of_a_growing_file_is_read) {
  write(path() / "f", "abcdef");
  BOOST_TEST(read_file_prefix(path() / "f", 3, failure::job_failed).size() == 3U);
  check_error([&] { read_file_prefix(path() / "f", 7, failure::job_failed); },
              failure::job_failed, {"6 bytes of 7"});
}

BOOST_AUTO_TEST_CASE(a_file_is_written_a_piece_at_a_time_and_read_at_any_place) {
  write(path() / "f", std::string(100, 'x'));
  file_writer writer(path() / "f");
  for (const std::string_view piece : {"str", "", "eams"})
    writer.append(bytes_of(piece));
  writer.make_durable();
  BOOST_TEST(content(path() / "f") == "streams");
  const file_reader reader(path() / "f", failure::restore_refused);
  BOOST_TEST(reader.size() == 7U);
  std::vector<std::byte> found(3);
  reader.read_at(2, found);
  BOOST_TEST(
      (found == std::vector<std::byte>{std::byte{'r'}, std::byte{'e'}, std::byte{'a'}}));
  check_error([&] { reader.read_at(5, found); }, failure::restore_refused,
              {"cannot read", "ends at byte 7"});
  check_error([&] { file_reader(path() / "absent", failure::restore_refused); },
              failure::restore_refused, {"cannot read", "No such file"});
}

BOOST_AUTO_TEST_CASE(errors_name_path_reason_and_remedy) {
  const std::string absent = (path() / "absent").string();
  check_error([&] { read_file(absent, failure::restore_refused); },
              failure::restore_refused,
              {"cannot read", absent, "No such file", "; check"});
  check_error([&] { write_file_durably(path() / "no" / "f", {}); }, failure::job_failed,
              {"cannot create", "No such file"});
  check_error([&] { fsync_directory(absent); }, failure::job_failed, {absent});
  BOOST_TEST(!try_read_file(absent).has_value());
  BOOST_TEST(!try_read_file(path()).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named) {
  check_error([] { write_file_durably("/dev/full", bytes_of("x")); }, failure::job_failed,
              {"/dev/full", "No space left", "free some space"});
  check_error([] { file_writer("/dev/full").append(bytes_of("x")); }, failure::job_failed,
              {"/dev/full", "No space left", "free some space"});
}

BOOST_AUTO_TEST_CASE(rename_replaces_the_whole_file) {
  write(path() / "target", "old");
  write_file_durably(path() / "temporary", bytes_of("new"));
  rename_durably(path() / "temporary", path() / "target");
  BOOST_TEST(content(path() / "target") == "new");
  BOOST_TEST(!fs::exists(path() / "temporary"));
}

BOOST_AUTO_TEST_CASE(a_link_is_a_second_name_and_an_existing_target_is_left_alone) {
  write(path() / "f", "weir");
  BOOST_TEST((link_or_copy(path() / "f", path() / "g", failure::job_failed) ==
              link_outcome::linked));
  BOOST_TEST(fs::hard_link_count(path() / "g") == 2U);
  write(path() / "h", "other");
  BOOST_TEST((link_or_copy(path() / "f", path() / "h", failure::job_failed) ==
              link_outcome::existed));
  BOOST_TEST(content(path() / "h") == "other");
  check_error(
      [&] { link_or_copy(path() / "no", path() / "i", failure::restore_refused); },
      failure::restore_refused, {"cannot link", "No such file"});
}

BOOST_AUTO_TEST_CASE(across_file_systems_the_content_is_copied) {
  const auto other = elsewhere(path());
  if (!other) {
    BOOST_TEST_MESSAGE("one file system only: not tested");
    return;
  }
  std::string name = (*other / "weir-test-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
  write(path() / "f", std::string(2'500'000, 'c'));
  BOOST_TEST((link_or_copy(path() / "f", fs::path(name) / "g", failure::job_failed) ==
              link_outcome::copied));
  BOOST_TEST((content(fs::path(name) / "g") == content(path() / "f")));
  BOOST_TEST(tree(name).size() == 1U); // no temporary file
  fs::remove_all(name);
}

BOOST_AUTO_TEST_CASE(a_file_descriptor_is_closed_once_and_moves) {
  file_descriptor a = open_file(path(), O_RDONLY, failure::job_failed, "open");
  const int number = a.get();
  file_descriptor b = std::move(a);
  BOOST_TEST(b.get() == number);
  a = std::move(b);
  BOOST_TEST((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
  a = file_descriptor();
  BOOST_TEST(::fcntl(number, F_GETFD) == -1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_local_files
