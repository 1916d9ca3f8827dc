// Checkpoints that somebody has made to get at files outside of them: every command
// refuses them with one line, and nothing outside is read into anything, changed or gone.
#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/checksum.hpp"
#include "serialization/error.hpp"
#include "state/locate_checkpoint.hpp"
#include "tests/end_to_end/workspace.hpp"
#include "tests/support/hostile_names.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>

namespace weir::testing::test_hostile_checkpoints {

namespace fs = std::filesystem;

namespace {

constexpr int refused = 3;

using bytes = std::vector<std::byte>;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

void write_bytes(const fs::path& path, const bytes& content) {
  write_text(path,
             std::string(reinterpret_cast<const char*>(content.data()), content.size()));
}

/// A file in an envelope that says `hostile` where `encode` puts the name that it is
/// given; its checksum is right.
template <class Encode>
bytes forged(Encode encode, const std::string& hostile) {
  bytes file = encode(std::string(hostile.size(), 'Q'));
  const bytes other = encode(std::string(hostile.size(), 'R'));
  const std::size_t summed = file.size() - 16;
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(summed);
  const auto found = std::mismatch(file.begin(), end, other.begin()).first;
  BOOST_REQUIRE(found != end);
  std::ranges::copy(bytes_of(hostile), found);
  const checksum sum = checksum_of(std::span(file).first(summed));
  std::memcpy(file.data() + summed, &sum.low, 8);
  std::memcpy(file.data() + summed + 8, &sum.high, 8);
  return file;
}

struct hostile_fixture : killed_job {
  hostile_fixture() {
    fs::create_directory(path() / "outside");
    write_text(canary, "precious");
    metadata = locate_checkpoint(newest()).metadata;
  }

  enum class place { keyed, shared, operator_state, in_flight, table };

  /// The newest checkpoint has that name there.
  void forge(place where, const std::string& name) {
    if (where == place::table)
      return forge_table(name);
    const auto encode = [&](const std::string& placeholder) {
      checkpoint_metadata changed = metadata;
      auto& subtask = first_counts(changed);
      if (where == place::keyed)
        subtask.keyed->file.name = placeholder;
      else if (where == place::shared)
        subtask.keyed->shared[0].name = placeholder;
      else if (where == place::operator_state)
        subtask.operator_state = file_handle{placeholder, 1, {}};
      else
        changed.in_flight.push_back({file_handle{placeholder, 1, {}}, {}});
      return encode_metadata(changed);
    };
    write_bytes(newest() / "_metadata", forged(encode, name));
  }

  /// In its `.keyed` file, whose checksum the metadata knows.
  void forge_table(const std::string& name) {
    checkpoint_metadata changed = metadata;
    file_handle& handle = first_counts(changed).keyed->file;
    const fs::path file = newest() / handle.name;
    keyed_file keyed =
        decode_keyed_file(read_checkpoint_file(newest(), handle), file.string());
    const auto encode = [&](const std::string& placeholder) {
      keyed.databases[0].tables[0].local = placeholder;
      return encode_keyed_file(keyed);
    };
    const bytes content = forged(encode, name);
    write_bytes(file, content);
    handle.size = content.size();
    handle.sum = checksum_of(content);
    write_bytes(newest() / "_metadata", encode_metadata(changed));
  }

  subtask_metadata& first_counts(checkpoint_metadata& of) const {
    return std::ranges::find(of.operators, "counts", &operator_metadata::name)
        ->subtasks[0];
  }

  void check_untouched() const {
    BOOST_TEST(read_text(canary) == "precious");
    BOOST_TEST(files_in(path() / "outside").size() == 1U);
  }

  fs::path canary = path() / "outside/canary";
  checkpoint_metadata metadata;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_checkpoints, hostile_fixture)

// Each command meets each place and some tens of the names; that all names are refused in
// all places is in tests/serialization.
BOOST_AUTO_TEST_CASE(no_name_leads_out_of_a_checkpoint) {
  const std::string from = newest().string();
  const std::string other = checkpoints_in(job_directory()).front().string();
  const std::vector<words> commands{
      {"checkpoint", "show", from},
      {"state", "get", from, "counts", "2"},
      {"checkpoint", "verify", from},
      {"checkpoint", "copy", from, "copies"},
      {"checkpoint", "diff", from, other},
      {"checkpoint", "diff", other, from},
      {"state", "dump", from},
      {"state", "get", from, "counts", "1"},
      {"state", "diff", other, from},
      click_count({"-s", from}),
  };
  const std::vector<place> places{place::keyed, place::shared, place::operator_state,
                                  place::in_flight};
  std::size_t tried = 0;
  for (const std::string& name : hostile_names(canary.string())) {
    if (name.empty() || name.size() > 128) // those are in tests/serialization
      continue;
    forge(places[tried % places.size()], name);
    refuses(refused, commands[tried / places.size() % commands.size()],
            {"not a plain file name"});
    ++tried;
  }
  BOOST_TEST(tried >= 200U);
  check_untouched();
}

// `verify` compares bytes only, and says that they are what the job wrote.
BOOST_AUTO_TEST_CASE(no_name_of_a_table_leads_out_of_a_database) {
  const std::string from = newest().string();
  const std::string other = checkpoints_in(job_directory()).front().string();
  const std::vector<words> commands{
      {"state", "dump", from},
      {"state", "diff", from, other},
      click_count({"-s", from}),
  };
  const std::string keyed_before =
      read_text(newest() / first_counts(metadata).keyed->file.name);
  std::size_t tried = 0;
  for (const std::string& name : hostile_names(canary.string())) {
    if (name.empty() || name.size() > 128)
      continue;
    if (tried++ % 5 != 0)
      continue;
    forge(place::table, name);
    const finished_process done = weir(commands[tried / 5 % commands.size()]);
    BOOST_TEST(done.end.code != 0);
    BOOST_TEST_REQUIRE(!done.lines.empty());
    BOOST_TEST(done.lines.back().find("not a plain file name") != std::string::npos,
               done.lines.back());
    write_text(newest() / first_counts(metadata).keyed->file.name, keyed_before);
  }
  check_untouched();
}

BOOST_AUTO_TEST_CASE(rm_and_gc_take_nothing_but_what_is_there) {
  const auto kept = checkpoints_in(job_directory()).front();
  forge(place::shared, "../../../outside/canary");
  const auto shared = files_in(job_directory() / "shared");
  succeeds({"checkpoint", "gc", "--delete", job_directory().string()});
  BOOST_TEST((files_in(job_directory() / "shared") == shared));
  succeeds({"checkpoint", "rm", newest().string()});
  BOOST_TEST(!fs::exists(newest()));
  succeeds({"checkpoint", "verify", kept.string()});
  check_untouched();
}

BOOST_AUTO_TEST_CASE(a_file_that_is_a_symbolic_link_is_refused) {
  const std::string from = newest().string();
  const fs::path keyed = newest() / "counts-0.keyed";
  const fs::path shared = job_directory() / "shared" / shared_names(newest()).front();
  for (const fs::path& file : {keyed, shared}) {
    const fs::path moved = path() / "outside" / file.filename();
    fs::rename(file, moved);
    fs::create_symlink(moved, file);
    for (const words& command : {words{"checkpoint", "verify", from},
                                 words{"checkpoint", "copy", from, "copies"},
                                 words{"state", "dump", from}, click_count({"-s", from})})
      refuses(refused, command, {file.filename().string(), "symbolic link"});
    fs::rename(moved, file);
  }
  succeeds({"checkpoint", "verify", from});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_hostile_checkpoints
