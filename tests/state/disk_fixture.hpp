// A directory that goes away with the test, and a few verbs for files in it.
#pragma once

#include "serialization/error.hpp"
#include "state/storage/local_files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace weir::test {

namespace fs = std::filesystem;

class scratch_directory {
public:
  /// In memory where the machine has such a directory: for tests of many small files.
  static fs::path fast_place() {
    return fs::is_directory("/dev/shm") ? fs::path("/dev/shm")
                                        : fs::temp_directory_path();
  }

  explicit scratch_directory(const fs::path& place = fs::temp_directory_path()) {
    std::string name = (place / "weir-test-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code left;
    fs::remove_all(path_, left);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;

  const fs::path& path() const { return path_; }
  /// A fresh subdirectory.
  fs::path make(const std::string& name) const {
    BOOST_REQUIRE(fs::create_directories(path_ / name));
    return path_ / name;
  }

private:
  fs::path path_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

inline std::string content(const fs::path& path) {
  const auto bytes = read_file(path, failure::job_failed);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline void flip_byte(const fs::path& path, std::size_t at) {
  std::string text = content(path);
  text.at(at) = static_cast<char>(text.at(at) ^ 0x10);
  write(path, text);
}

/// Every path below `root` with what the file contains.
inline std::map<std::string, std::string> tree(const fs::path& root) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    result[fs::relative(entry.path(), root).string()] =
        entry.is_regular_file() ? content(entry.path()) : "(directory)";
  return result;
}

/// The error is of `kind`, one line, and contains every part.
template <class Action>
void check_error(Action action, failure kind,
                 std::initializer_list<std::string_view> parts) {
  BOOST_CHECK_EXCEPTION(action(), error, [&](const error& e) {
    const std::string what = e.what();
    BOOST_TEST_MESSAGE(what);
    BOOST_TEST((e.kind() == kind));
    BOOST_TEST(what.find('\n') == what.npos);
    for (const auto part : parts)
      BOOST_TEST(what.find(part) != what.npos, "'" << part << "' in: " << what);
    return true;
  });
}

} // namespace weir::test
