#include "tests/support/hostile_names.hpp"

#include <algorithm>
#include <iterator>

namespace weir::testing {

namespace {

using names = std::vector<std::string>;

void climbing(names& all, const std::string& target) {
  std::string up;
  for (int depth = 1; depth <= 12; ++depth) {
    up += "../";
    all.push_back(up + target);
    all.push_back("./" + up + target);
    all.push_back("chk-1/" + up + target);
    all.push_back("shared/../" + up + target);
  }
  for (const char* step :
       {"..",       ".",      "../",     "./",        "..//",  ".//",   "../.",
        "./..",     "...",    "....",    ".../",      "../..", "..\\",  "..\\..\\",
        ".. /",     "..;/",   "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e%252f",
        "..%c0%af", "..%00/", "..\t/",   "..\n",      ". ./"}) {
    all.emplace_back(step);
    all.push_back(step + target);
  }
}

void absolute(names& all, const std::string& outside) {
  for (const char* prefix :
       {"", "/", "//", "/./", "/../", "file://", "file:", "\\", "\\\\", "C:", "C:\\",
        "\\\\?\\", "~/", "$HOME", "`", "|", "&"})
    all.push_back(prefix + outside);
  for (const char* path : {"/", "//", "/etc/passwd", "/dev/null", "/dev/zero",
                           "/proc/self/fd/0", "/proc/self/cwd/x", "/tmp", "~", "~root"})
    all.emplace_back(path);
}

void with_bytes(names& all, const std::string& target) {
  using namespace std::string_literals;
  for (const std::string& bytes : {"\0"s,
                                   "a\0"s,
                                   "\0a"s,
                                   "a\0b"s,
                                   "a.sst\0.keyed"s,
                                   "\n"s,
                                   "\r"s,
                                   "\t"s,
                                   "\x1b[2J"s,
                                   "\x7f"s,
                                   "\xff"s,
                                   "\x80"s,
                                   "\xc0\xae\xc0\xae/"s,
                                   "\xc0\xaf"s,
                                   "\xe0\x80\xaf"s,
                                   "\xf0\x80\x80\xaf"s,
                                   "\xe2\x80\xae"s,
                                   "\xe2\x80\x8b"s,
                                   "\xef\xbb\xbf"s,
                                   "\xe2\x81\x84"s,
                                   "\xe2\x88\x95"s,
                                   "\xef\xbc\x8f"s,
                                   "\xef\xbc\x8e\xef\xbc\x8e/"s,
                                   "\xe2\x80\xa5/"s,
                                   "\xe2\x80\xa6/"s,
                                   "\xc2\xa0"s,
                                   "\xcc\x80"s,
                                   "\xed\xa0\x80"s,
                                   "\xf4\x90\x80\x80"s,
                                   "\xc3\xa4"s,
                                   "a\xcc\x88"s,
                                   " "s,
                                   "  "s,
                                   "*"s,
                                   "?"s,
                                   "[a]"s,
                                   "a b"s,
                                   "a:b"s,
                                   "a;b"s,
                                   "a|b"s,
                                   "a&b"s,
                                   "a'b"s,
                                   "a\"b"s,
                                   "a`b"s,
                                   "$(b)"s,
                                   "${b}"s,
                                   "a,b"s,
                                   "a=b"s,
                                   "a+b"s,
                                   "a@b"s,
                                   "a#b"s,
                                   "a~b"s,
                                   "a!b"s,
                                   "a^b"s,
                                   "{a}"s,
                                   "<a>"s,
                                   "(a)"s}) {
    all.push_back(bytes);
    all.push_back(bytes + target);
  }
}

void long_ones(names& all) {
  for (const std::size_t size : {129, 255, 256, 257, 1024, 4095, 4096, 4097, 70'000})
    all.emplace_back(size, 'a');
  for (const std::size_t size : {40, 128, 1000})
    all.emplace_back(size, '.');
  std::string up;
  for (int depth = 0; depth < 42; ++depth)
    up += "../";
  all.push_back(up + "x");
  all.push_back(up + up + "x");
  all.emplace_back(100, 'a');
  all.back().append("/../x");
}

/// What hidden or temporary files are called, and parts of a job directory.
void reserved(names& all) {
  for (const char* name : {"",
                           ".",
                           "..",
                           ".hidden",
                           "._metadata_temp",
                           "._owner_temp",
                           "./_metadata",
                           "../_owner",
                           "../work/lock",
                           "../chk-1/_metadata",
                           "../shared",
                           "../shared/",
                           "shared/x",
                           "x/",
                           "x/.",
                           "x/..",
                           "/x",
                           "x//y",
                           "x/y",
                           "x\\y",
                           "\\x"})
    all.emplace_back(name);
}

} // namespace

std::vector<std::string> hostile_names(const std::string& outside) {
  const std::string target = outside.substr(outside.rfind('/') + 1);
  names all;
  climbing(all, target);
  absolute(all, outside);
  with_bytes(all, "/" + target);
  long_ones(all);
  reserved(all);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

} // namespace weir::testing
