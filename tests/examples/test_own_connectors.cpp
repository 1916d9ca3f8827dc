// A source and a sink as users write them, with everything that exactly once needs.
// docs/connectors.md quotes them.
#include "operators/weir.hpp"
#include "runtime/caf/simulation.hpp"
#include "runtime/embed.hpp"
#include "tests/support/files.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

namespace {

struct tick {
  std::uint32_t symbol;
  std::int32_t cents;
  std::uint64_t at;

  auto operator<=>(const tick&) const = default;
};

std::vector<std::byte> saved_number(std::uint64_t number) {
  std::vector<std::byte> bytes(sizeof number);
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

std::uint64_t number_in(const std::vector<std::byte>& saved) {
  std::uint64_t number = 0;
  std::memcpy(&number, saved.data(), std::min(saved.size(), sizeof number));
  return number;
}

/// Reads a file of ticks as they stand in memory; each subtask has its share of them.
class read_ticks {
public:
  static constexpr bool blocking = true; // it waits for a disk

  explicit read_ticks(std::string path) : path_(std::move(path)) {}

  class instance {
  public:
    using output = tick;

    instance(const std::string& path, std::uint64_t next, std::uint64_t end)
        : file_(path, std::ios::binary), next_(next), end_(end) {}

    void start(const weir::operator_start& from) {
      if (from.saved)
        next_ = number_in(*from.saved);
      file_.seekg(static_cast<std::streamoff>(next_ * sizeof(tick)));
    }

    template <class Emit>
    weir::poll_result poll(Emit&& emit, std::size_t records_max, weir::steady_time) {
      for (std::size_t i = 0; i < records_max && next_ < end_; ++i, ++next_) {
        tick read;
        if (!file_.read(reinterpret_cast<char*>(&read), sizeof read))
          throw std::runtime_error("the file of ticks is shorter than it was");
        emit(read);
      }
      using enum weir::poll_result::next;
      return {next_ < end_ ? more : ended, {}};
    }

    std::vector<std::byte> position() const { return saved_number(next_); }

  private:
    std::ifstream file_;
    std::uint64_t next_;
    std::uint64_t end_;
  };

  instance open(std::uint32_t subtask, std::uint32_t parallelism) const {
    const std::uint64_t ticks = std::filesystem::file_size(path_) / sizeof(tick);
    return {path_, ticks * subtask / parallelism, ticks * (subtask + 1) / parallelism};
  }

private:
  std::string path_;
};

/// Writes such files, one for each subtask.
class write_ticks {
public:
  static constexpr bool blocking = true;
  static constexpr bool stateful = true; // it saves how long its file is

  explicit write_ticks(std::string path) : path_(std::move(path)) {}

  class instance {
  public:
    explicit instance(std::string path) : path_(std::move(path)) {}

    /// What was written after the checkpoint goes: the records will come again.
    void start(const weir::operator_start& from) {
      const std::uint64_t length = from.saved ? number_in(*from.saved) : 0;
      file_.reset(std::fopen(path_.c_str(), from.saved ? "r+b" : "wb"), [](auto* file) {
        if (file)
          std::fclose(file);
      });
      check(file_ && ::ftruncate(fileno(file_.get()), static_cast<off_t>(length)) == 0 &&
            std::fseek(file_.get(), 0, SEEK_END) == 0);
    }
    void write(const tick& t) { check(std::fwrite(&t, sizeof t, 1, file_.get()) == 1); }
    void flush() { check(std::fflush(file_.get()) == 0); }

    /// At a barrier. The fsync runs beside the stream, before the checkpoint completes.
    std::optional<weir::operator_snapshot> snapshot() {
      flush();
      weir::operator_snapshot saved;
      saved.bytes = saved_number(static_cast<std::uint64_t>(std::ftell(file_.get())));
      saved.make_durable = [file = file_] { check(::fsync(fileno(file.get())) == 0); };
      return saved;
    }
    void finish() {
      flush();
      check(::fsync(fileno(file_.get())) == 0);
    }

  private:
    static void check(bool done) {
      if (!done)
        throw std::system_error(errno, std::generic_category(), "writing ticks");
    }

    std::string path_;
    std::shared_ptr<std::FILE> file_;
  };

  template <std::same_as<tick> T>
  instance open(std::uint32_t subtask, std::uint32_t) const {
    return instance(path_ + "." + std::to_string(subtask));
  }

private:
  std::string path_;
};

void cheap_ticks(weir::job& job) {
  job.source("ticks", read_ticks(job.option("input")))
      .filter([](const tick& t) { return t.cents < 1000; })
      .sink("cheap", write_ticks(job.option("output")));
}

struct ticks_fixture {
  ticks_fixture() {
    std::ofstream file(input, std::ios::binary);
    for (std::uint64_t i = 0; i < 5000; ++i) {
      const tick made{static_cast<std::uint32_t>(i % 7),
                      static_cast<std::int32_t>(i * 37 % 2000), i};
      file.write(reinterpret_cast<const char*>(&made), sizeof made);
      if (made.cents < 1000)
        expected.push_back(made);
    }
  }

  std::vector<tick> written(std::uint32_t parallelism) const {
    std::vector<tick> all;
    for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
      std::ifstream file(output + "." + std::to_string(subtask), std::ios::binary);
      for (tick read; file.read(reinterpret_cast<char*>(&read), sizeof read);)
        all.push_back(read);
    }
    std::ranges::sort(all, {}, &tick::at);
    return all;
  }

  weir::testing::temporary_directory place{weir::testing::fast_directory()};
  std::string input = place.path() / "ticks";
  std::string output = place.path() / "cheap";
  weir::job_options options{{"input", input}, {"output", output}};
  std::vector<tick> expected;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(own_connectors, ticks_fixture)

BOOST_AUTO_TEST_CASE(bring_every_record) {
  weir::run(cheap_ticks, {.parallelism = 2, .job_options = options});
  BOOST_TEST((written(2) == expected));
}

BOOST_AUTO_TEST_CASE(bring_every_record_once_whoever_dies) {
  std::uint32_t restores = 0;
  for (std::uint64_t seed = 1; seed < 9; ++seed) {
    weir::job job(options);
    cheap_ticks(job);
    weir::run_config config;
    config.parallelism = 2;
    config.checkpoint_interval = std::chrono::milliseconds(2);
    config.checkpoint_dir = place.path() / ("checkpoints" + std::to_string(seed));
    std::filesystem::create_directory(config.checkpoint_dir);
    config.source_rows_per_second = 100'000; // of simulated time: with checkpoints
    config.restart_attempts = 100;
    config.restart_delay = std::chrono::milliseconds(1);
    weir::simulation_options schedule;
    schedule.seed = seed;
    schedule.deaths_max = 3;
    schedule.death_within_steps = 300;
    const auto report = weir::simulate(job, config, schedule);
    BOOST_TEST(!report.problem, *report.problem);
    BOOST_TEST((written(2) == expected), "seed " << seed);
    restores += report.restores;
  }
  BOOST_TEST(restores > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
