#include "tests/crash/crash_round.hpp"

#include <csignal>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t life_us_max = 800'000;
constexpr std::uint64_t early_us_max = 60'000;  // start of the process, restore
constexpr std::uint64_t trigger_us_max = 8'000; // behind a line of the log
constexpr std::uint64_t stuck_us = 120'000'000;

} // namespace

crash_round::crash_round(crash_programs programs, fs::path directory,
                         random_stream random)
    : programs_(std::move(programs)), directory_(std::move(directory)),
      random_(random), input_{}, lineage_(directory_ / "checkpoints") {
  input_.parallelism = static_cast<std::uint32_t>(1 + drawn(3));
  input_.keys = 50 + drawn(5000);
  input_.seed = random_.next();
  records_per_second_ = 60'000;
  input_.records = 100'000 + drawn(60'000);
  transactional_ = drawn(2) == 0;
  rescales_ = drawn(3) == 0;
  input_.ordered = !rescales_;
  parallelism_ = input_.parallelism;
  draw_barriers();
}

/// Aligned, unaligned, or the one until it has taken too long.
void crash_round::draw_barriers() {
  barriers_.clear();
  const std::uint64_t dice = drawn(3);
  if (dice > 0)
    barriers_ = {"-D", "execution.checkpointing.unaligned.enabled=true"};
  if (dice > 1)
    barriers_.insert(barriers_.end(),
                     {"-D", "execution.checkpointing.aligned-checkpoint-timeout=" +
                                std::to_string(1 + drawn(10)) + "ms"});
}

std::vector<std::string> crash_round::command() const {
  std::vector<std::string> arguments{programs_.weir.string(), "run", "-p",
                                     std::to_string(parallelism_)};
  arguments.insert(arguments.end(), barriers_.begin(), barriers_.end());
  if (lineage_.from())
    arguments.insert(arguments.end(), {"-s", lineage_.from()->string()});
  const auto option = [&](const char* name, std::uint64_t value) {
    arguments.insert(arguments.end(), {name, std::to_string(value)});
  };
  arguments.insert(
      arguments.end(),
      {"-D", "execution.checkpointing.interval=100ms", "-D",
       "execution.checkpointing.dir=" + (directory_ / "checkpoints").string(),
       programs_.job.string(), "--", "--output", (directory_ / "output").string()});
  option("--records", input_.records);
  option("--keys", input_.keys);
  option("--seed", input_.seed);
  option("--per-second", records_per_second_);
  option("--transactional", transactional_);
  return arguments;
}

child_process::clock::time_point crash_round::in(std::uint64_t microseconds) const {
  return child_process::clock::now() + std::chrono::microseconds(microseconds);
}

crash_round::moment crash_round::draw_moment() {
  const std::uint64_t dice = drawn(100);
  if (dice < 15)
    return moment::early;
  if (dice < 25)
    return moment::restored;
  return dice < 45 ? moment::checkpointed : moment::any;
}

bool crash_round::is_trigger(moment when) const {
  const std::string& line = log_.back();
  switch (when) {
  case moment::restored:
    return line.starts_with("restored from ") || line.find(" started, ") != line.npos;
  case moment::checkpointed:
    return line.starts_with("checkpoint ");
  default:
    return false;
  }
}

// Called with every line of a life, while the job goes on.
void crash_round::check_line(const std::string& line, life& seen, bool& verified) {
  constexpr std::string_view started = "checkpoints in ";
  constexpr std::string_view completed = "checkpoint ";
  log_.push_back(line);
  if (transactional_)
    published_.look(directory_ / "output");
  if (line.starts_with("restored from ")) {
    seen.restored = true;
    if (line != "restored from " + lineage_.from_name())
      throw violation("resumed with " + lineage_.from_name() + ", but " + line);
  } else if (line.starts_with("error: ") || line.starts_with("failed: ")) {
    throw violation(line);
  } else if (line.starts_with(completed) && !verified) {
    verified = true;
    const auto job = log_.front().find(started);
    const auto number = line.substr(completed.size(),
                                    line.find(' ', completed.size()) - completed.size());
    if (job != std::string::npos)
      lineage::verify(fs::path(log_.front().substr(job + started.size())) /
                      ("chk-" + number));
  }
}

crash_round::life crash_round::live(moment when) {
  log_.clear();
  life seen;
  bool verified = false;
  bool armed = when == moment::any || when == moment::early;
  const std::uint64_t delay = drawn(when == moment::any     ? life_us_max
                                    : when == moment::early ? early_us_max
                                                            : trigger_us_max);
  auto deadline = in(armed ? delay : stuck_us);
  child_process job(command(), directory_);
  auto event = job.next(deadline);
  for (; event == child_process::event::line; event = job.next(deadline)) {
    check_line(job.line(), seen, verified);
    if (!armed && is_trigger(when)) {
      armed = true;
      deadline = in(delay);
    }
  }
  if (event == child_process::event::deadline && !armed)
    throw violation("the job neither finished nor wrote the awaited line in 120 s");
  if (event == child_process::event::deadline)
    job.kill();
  const process_end end = job.wait();
  seen.finished = end.signal == 0;
  const bool as_expected =
      seen.finished ? end.code == 0
                    : event == child_process::event::deadline && end.signal == SIGKILL;
  if (!as_expected)
    throw violation("the job ended with code " + std::to_string(end.code) + ", signal " +
                    std::to_string(end.signal) +
                    (log_.empty() ? "" : "; its last line: " + log_.back()));
  return seen;
}

void crash_round::prepare_next(crash_tally& tally, const life& killed) {
  ++tally.kills;
  tally.in_restore += lineage_.from() && !killed.restored;
  const bool older = lineage_.killed(drawn(10) == 0);
  tally.older += older;
  if (transactional_) {
    published_.look(directory_ / "output");
    if (older)
      published_.forget();
  }
  draw_barriers();
  tally.unfinished += lineage_.unfinished_seen();
  if (lineage_.from()) {
    const std::uint32_t before = parallelism_;
    if (rescales_)
      parallelism_ = static_cast<std::uint32_t>(1 + drawn(4));
    tally.rescaled += parallelism_ != before;
    return;
  }
  ++tally.afresh;
  published_.forget();
  fs::remove_all(directory_ / "output");
}

void crash_round::run(std::uint64_t kills_max, crash_tally& tally) {
  fs::create_directories(directory_);
  ++tally.rounds;
  for (std::uint64_t kills = 0;; ++kills) {
    const life lived = live(kills < kills_max ? draw_moment() : moment::never);
    if (lived.finished)
      break;
    prepare_next(tally, lived);
  }
  if (transactional_) {
    published_.look(directory_ / "output");
    tally.published += published_.files();
  }
  tally.found += judge(directory_ / "output", input_);
}

} // namespace weir::testing
