// The matrix of damages: whatever becomes of a file of a checkpoint, it is found before a
// job begins with it. What is done to bits is drawn from a seed.
#include "operators/random.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "serialization/error.hpp"
#include "tests/corruption/kept_checkpoints.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/seeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <span>

namespace weir::testing::test_corruption {

namespace {

namespace fs = std::filesystem;

constexpr int flips_per_file = 64;
constexpr std::size_t block_bytes = 4096;

const checkpointed_run checkpointed_runs[] = {
    {.name = "rocksdb"},
    {.name = "rocksdb, records in flight", .unaligned = true},
    {.name = "rocksdb, small files in _metadata", .inline_max = 1 << 20},
    {.name = "filesystem", .backend = backend_kind::filesystem},
    {.name = "memory", .backend = backend_kind::memory},
    {.name = "savepoint", .savepoint = true},
};

/// A restore reads the metadata and verifies all files, and only then starts tasks.
bool is_refused(const fs::path& checkpoint) {
  try {
    verify_checkpoint(locate_checkpoint(checkpoint));
    return false;
  } catch (const error& refused) {
    return refused.kind() == failure::restore_refused;
  }
}

/// Puts a file back as it was, whatever has been done to it.
class damaged {
public:
  explicit damaged(const fs::path& file) : file_(file), sound_(read_text(file)) {}
  ~damaged() { write_text(file_, sound_); }
  damaged(const damaged&) = delete;
  damaged& operator=(const damaged&) = delete;

  const std::string& sound() const { return sound_; }
  void becomes(const std::string& text) { write_text(file_, text); }
  void flip(std::uint64_t bit) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(static_cast<char>(sound_[bit / 8] ^ (1 << bit % 8)));
  }
  void flip_back(std::uint64_t bit) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(bit / 8));
    file.put(sound_[bit / 8]);
  }
  void remove() { fs::remove(file_); }

private:
  fs::path file_;
  std::string sound_;
};

/// How often each kind of damage was tried.
using tally = std::map<std::string, std::uint64_t>;

class matrix {
public:
  matrix(const kept_checkpoints& kept, std::uint64_t seed)
      : kept_(kept), random_(seed, 0) {}

  tally try_all() {
    BOOST_TEST_REQUIRE(!is_refused(kept_.newer()));
    for (const fs::path& file : kept_.files()) {
      flip_some(file);
      cut(file);
      remove(file);
      make_stale(file);
    }
    flip_every_bit_of_metadata();
    swap_all();
    BOOST_TEST(!is_refused(kept_.newer())); // all is as it was
    return std::move(tried_);
  }

private:
  void expect_refusal(const char* damage, const fs::path& file, std::uint64_t where) {
    ++tried_[damage];
    if (!is_refused(kept_.newer()))
      BOOST_ERROR(damage << " of " << file << " at " << where << " is not noticed");
  }

  void flip_some(const fs::path& file) {
    damaged copy(file);
    for (int i = 0; i < flips_per_file && !copy.sound().empty(); ++i) {
      const std::uint64_t bit = random_.below(copy.sound().size() * 8);
      copy.flip(bit);
      expect_refusal("flipped bits", file, bit);
      copy.flip_back(bit);
    }
  }

  void flip_every_bit_of_metadata() {
    std::string bytes = read_text(kept_.newer() / "_metadata");
    for (std::uint64_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto flip = [&] {
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
      };
      flip();
      expect_undecodable("flipped bits of metadata", bytes, bit);
      flip();
    }
    for (std::size_t length = 0; length < bytes.size(); ++length)
      expect_undecodable("cuts of metadata", bytes.substr(0, length), length);
  }

  /// The same bytes as a file would be read and refused; there are too many of them.
  void expect_undecodable(const char* damage, const std::string& bytes,
                          std::uint64_t where) {
    ++tried_[damage];
    std::string refusal;
    if (try_decode_metadata(std::as_bytes(std::span(bytes)), refusal))
      BOOST_ERROR(damage << " at " << where << " are not noticed");
  }

  /// At every block, next to both ends, and one byte longer.
  void cut(const fs::path& file) {
    damaged copy(file);
    const std::size_t size = copy.sound().size();
    std::set<std::size_t> lengths{1, size / 2, size - 1};
    for (std::size_t length = 0; length < size; length += block_bytes)
      lengths.insert(length);
    lengths.erase(size);
    for (const std::size_t length : lengths) {
      copy.becomes(copy.sound().substr(0, length));
      expect_refusal("cuts", file, length);
    }
    copy.becomes(copy.sound() + '\0');
    expect_refusal("longer files", file, size + 1);
  }

  void remove(const fs::path& file) {
    damaged copy(file);
    copy.remove();
    expect_refusal("missing files", file, 0);
  }

  /// The file of the same name from the checkpoint before.
  void make_stale(const fs::path& file) {
    const fs::path before = kept_.older() / file.filename();
    if (kept_.older().empty() || !fs::exists(before))
      return;
    damaged copy(file);
    const std::string stale = read_text(before);
    if (stale == copy.sound())
      return;
    copy.becomes(stale);
    expect_refusal("stale files", file, 0);
  }

  void swap_all() {
    const std::vector<fs::path> files = kept_.files();
    for (std::size_t i = 0; i < files.size(); ++i)
      for (std::size_t j = i + 1; j < files.size(); ++j) {
        damaged one(files[i]), other(files[j]);
        if (one.sound() == other.sound())
          continue;
        one.becomes(other.sound());
        other.becomes(one.sound());
        expect_refusal("swapped files", files[i], j);
      }
  }

  const kept_checkpoints& kept_;
  random_stream random_;
  tally tried_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(corruption)

BOOST_AUTO_TEST_CASE(no_damage_of_a_checkpoint_goes_unnoticed) {
  tally all;
  for (const checkpointed_run& how : checkpointed_runs) {
    const kept_checkpoints kept(how);
    test::for_each_seed(1, [&](std::uint64_t seed) {
      std::cout << how.name << ", " << kept.files().size() << " files:" << std::flush;
      const tally tried = matrix(kept, seed).try_all();
      BOOST_TEST(tried.at("flipped bits of metadata") > 0U);
      BOOST_TEST((how.savepoint || tried.contains("stale files")));
      for (const auto& [damage, times] : tried)
        std::cout << ' ' << times << ' ' << damage << ';', all[damage] += times;
      std::cout << " all noticed" << std::endl;
    });
  }
  std::string text;
  for (const auto& [damage, times] : all)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", times, damage);
  print_figures("damaged files", text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::testing::test_corruption
