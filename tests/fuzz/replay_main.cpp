// Runs a fuzz target without a fuzzer: on every file below the directories that it is
// given, and on some mutations of each, drawn from WEIR_SEED (1).
#include "operators/random.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;
using weir::random_stream;
using input = std::vector<std::uint8_t>;

constexpr int mutations = 100; // of each file
input running;                 // for whom the process ends
std::string kept_as;           // then

/// What ends a process is an abort, sanitizers included (ASAN_OPTIONS).
void keep_input(int) {
  std::signal(SIGABRT, SIG_DFL);
  if (std::FILE* const file = std::fopen(kept_as.c_str(), "wb")) {
    std::fwrite(running.data(), 1, running.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "the input is kept as %s\n", kept_as.c_str());
  }
}

void run() {
  // In a block of its own size, so that what reads beyond its end is noticed.
  const input exact(running.begin(), running.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

input read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_below(const fs::path& place) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(place))
    files.push_back(place);
  else if (fs::is_directory(place))
    for (const auto& entry : fs::directory_iterator(place))
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

void mutate(input& bytes, random_stream& draw) {
  if (bytes.empty())
    bytes.push_back(0);
  const auto at = static_cast<std::ptrdiff_t>(draw.below(bytes.size()));
  const auto length = std::min<std::ptrdiff_t>(
      1 + static_cast<std::ptrdiff_t>(draw.below(16)), std::ssize(bytes) - at);
  const auto from = bytes.begin() + at;
  const input piece(from, from + length);
  switch (draw.below(5)) {
  case 0:
    *from = static_cast<std::uint8_t>(draw.next());
    break;
  case 1:
    *from = static_cast<std::uint8_t>(*from ^ (1U << draw.below(8)));
    break;
  case 2:
    bytes.erase(from, from + length);
    break;
  case 3:
    bytes.insert(from, piece.begin(), piece.end());
    break;
  default:
    std::ranges::copy(piece, bytes.begin() + static_cast<std::ptrdiff_t>(draw.below(
                                                 bytes.size() - piece.size() + 1)));
  }
}

void run_with_mutations(const fs::path& path, std::uint64_t seed) {
  // Flushed, so that it stands before what the end of the process says.
  std::printf("%s: as it is, and mutated %d times, WEIR_SEED=%llu\n", path.c_str(),
              mutations, static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  const input original = read(path);
  running = original;
  run();
  for (std::uint64_t i = 0; i < mutations; ++i) {
    random_stream draw(seed, i);
    running = original;
    for (std::uint64_t left = 1 + draw.below(4); left > 0; --left)
      mutate(running, draw);
    run();
  }
}

} // namespace

int main(int argc, char** argv) {
  kept_as = fs::path(argv[0]).filename().string() + ".input";
  std::signal(SIGABRT, keep_input);
  const char* const given = std::getenv("WEIR_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i)
    for (const fs::path& path : files_below(argv[i])) {
      run_with_mutations(path, seed);
      ++files;
    }
  if (files == 0)
    std::fprintf(stderr, "there is nothing to replay\n");
  return files == 0 ? 2 : 0;
}
