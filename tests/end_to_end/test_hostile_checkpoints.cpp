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

/// A file in an envelope that says `hostile` where it said `placeholder`, which is as
/// long and stands in it once; its checksum is right.
bytes forged(bytes file, const std::string& placeholder, const std::string& hostile) {
  const auto wanted = bytes_of(placeholder);
  const auto found = std::search(file.begin(), file.end(), wanted.begin(), wanted.end());
  BOOST_REQUIRE(found != file.end());
  std::ranges::copy(bytes_of(hostile), found);
  const std::size_t summed = file.size() - 16;
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
    counts = std::ranges::find(metadata.operators, "counts", &operator_metadata::name);
  }

  enum class place { keyed, shared, operator_state, in_flight, table };

  /// The newest checkpoint has that name there.
  void forge(place where, const std::string& name) {
    const std::string placeholder(name.size(), 'Q');
    checkpoint_metadata changed = metadata;
    auto& subtask =
        changed.operators[static_cast<std::size_t>(counts - metadata.operators.begin())]
            .subtasks[0];
    switch (where) {
    case place::keyed:
      subtask.keyed->file.name = placeholder;
      break;
    case place::shared:
      subtask.keyed->shared[0].name = placeholder;
      break;
    case place::operator_state:
      subtask.operator_state = file_handle{placeholder, 1, {}};
      break;
    case place::in_flight:
      changed.in_flight.push_back({file_handle{placeholder, 1, {}}, {}});
      break;
    case place::table:
      forge_table(subtask, placeholder, name);
      write_bytes(newest() / "_metadata", encode_metadata(changed));
      return;
    }
    write_bytes(newest() / "_metadata",
                forged(encode_metadata(changed), placeholder, name));
  }

  /// Its `.keyed` file, whose checksum the metadata knows.
  void forge_table(subtask_metadata& subtask, const std::string& placeholder,
                   const std::string& name) const {
    const fs::path file = newest() / subtask.keyed->file.name;
    keyed_file keyed = decode_keyed_file(
        read_checkpoint_file(newest(), subtask.keyed->file), file.string());
    keyed.databases[0].tables[0].local = placeholder;
    const bytes content = forged(encode_keyed_file(keyed), placeholder, name);
    write_bytes(file, content);
    subtask.keyed->file.size = content.size();
    subtask.keyed->file.sum = checksum_of(content);
  }

  void check_untouched() const {
    BOOST_TEST(read_text(canary) == "precious");
    BOOST_TEST(files_in(path() / "outside").size() == 1U);
  }

  fs::path canary = path() / "outside/canary";
  checkpoint_metadata metadata;
  std::vector<operator_metadata>::iterator counts;
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
      read_text(newest() / counts->subtasks[0].keyed->file.name);
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
    write_text(newest() / counts->subtasks[0].keyed->file.name, keyed_before);
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
