#include "tests/crash/crash_round.hpp"

#include <csignal>
#include <utility>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t life_us_max = 800'000;
constexpr std::uint64_t early_us_max = 60'000;  // start of the process, restore
constexpr std::uint64_t trigger_us_max = 8'000; // behind a line of the log
constexpr std::uint64_t stuck_us = 120'000'000;
/// Who has not come to a point by then will not do so.
constexpr std::uint64_t doomed_checkpoints_max = 25;

} // namespace

crash_round::crash_round(crash_programs programs, fs::path directory,
                         random_stream random)
    : programs_(std::move(programs)), directory_(std::move(directory)),
      random_(random), input_{},
      lineage_(directory_ / "checkpoints", directory_ / "savepoints") {
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
  data_apart_ = drawn(4) == 0;
}

crash_round::crash_round(crash_programs programs, fs::path directory,
                         random_stream random, const crash_scene& scene)
    : crash_round(std::move(programs), std::move(directory), random) {
  scene_ = scene;
  // Two of everything at least, so that a point is come to a second time.
  input_.parallelism = parallelism_ = 2;
  input_.records = (scene.to_the_end ? 10'000 : 40'000) + drawn(10'000);
  records_per_second_ = scene.to_the_end ? 0 : 10'000;
  transactional_ = scene.transactional;
  rescales_ = scene.rescales;
  data_apart_ = scene.data_apart;
  input_.ordered = !rescales_;
  retained_ = 1 + drawn(2);
  draw_barriers();
}

crash_round::crash_round(crash_programs programs, lossy_disk& disk, random_stream random)
    : crash_round(std::move(programs), disk.path() / "round", random) {
  disk_ = &disk;
  transactional_ = true;
}

/// Aligned, unaligned, or the one until it has taken too long.
void crash_round::draw_barriers() {
  barriers_.clear();
  const std::uint64_t dice = scene_.aligned ? 0 : scene_.overtaking ? 1 : drawn(3);
  hurry_ms_ = 1 + drawn(10);
  if (dice > 0)
    barriers_ = {"-D", "execution.checkpointing.unaligned.enabled=true"};
  if (dice > 1)
    barriers_.insert(barriers_.end(),
                     {"-D", "execution.checkpointing.aligned-checkpoint-timeout=" +
                                std::to_string(1 + drawn(10)) + "ms"});
}

std::vector<std::string> crash_round::command() const {
  std::vector<std::string> arguments;
  const auto add = [&](const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  if (!doom_.empty())
    add({"/usr/bin/env", "WEIR_CRASH_AT=" + doom_});
  add({programs_.weir.string(), "run", "-p", std::to_string(parallelism_)});
  add(barriers_);
  add(scene_.options);
  if (lineage_.from())
    add({"-s", lineage_.from()->string()});
  if (lineage_.from() && scene_.claims)
    add({"--claim-mode", "claim"});
  if (retained_ > 0)
    add({"-D", "execution.checkpointing.num-retained=" + std::to_string(retained_)});
  const bool evolved = scene_.evolves && lineage_.from();
  const auto option = [&](const char* name, std::uint64_t value) {
    arguments.insert(arguments.end(), {name, std::to_string(value)});
  };
  add({"-D",
       retained_ > 0 ? "execution.checkpointing.interval=20ms"
                     : "execution.checkpointing.interval=100ms",
       "-D", "execution.checkpointing.dir=" + (directory_ / "checkpoints").string()});
  if (data_apart_)
    add({"-D", "execution.checkpointing.data-dir=" + (directory_ / "data").string()});
  if (plays_scene())
    add(scene_.doomed_options);
  if (plays_scene() && scene_.hurries)
    add({"-D", "execution.checkpointing.timeout=" + std::to_string(hurry_ms_)});
  add({(evolved ? programs_.evolved_job : programs_.job).string(), "--", "--output",
       (directory_ / "output").string()});
  option("--records", input_.records);
  option("--keys", input_.keys);
  option("--seed", input_.seed);
  option("--per-second", retained_ > 0 && doom_.empty() ? 0 : records_per_second_);
  option("--transactional", transactional_);
  if (plays_scene())
    add(scene_.doomed_arguments);
  return arguments;
}

child_process::clock::time_point crash_round::in(std::uint64_t microseconds) const {
  return child_process::clock::now() + std::chrono::microseconds(microseconds);
}

crash_round::moment crash_round::draw_moment() {
  const std::uint64_t dice = drawn(100);
  if (disk_ && dice < 80) // what was written before the first one is nobody's
    return moment::checkpointed;
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
void crash_round::check_line(const std::string& line, life& seen) {
  constexpr std::string_view completed = "checkpoint ";
  log_.push_back(line);
  taken_back_ = taken_back_ && !line.starts_with(completed);
  look_at_output();
  if (line.starts_with("restored from ")) {
    if (!scene_.fails && line != "restored from " + lineage_.from_name())
      throw violation("resumed with " + lineage_.from_name() + ", but " + line);
    seen.restored = true;
  } else if (line.starts_with("error: ") ||
             (line.starts_with("failed: ") && !scene_.fails)) {
    throw violation(line);
  } else if (line.find(" stopped with savepoint ") != line.npos) {
    seen.stopped = true;
  } else if (line.starts_with(completed)) {
    checkpoint_completed(std::stoull(line.substr(completed.size())), seen);
  }
}

void crash_round::checkpoint_completed(std::uint64_t id, life& seen) const {
  constexpr std::string_view started = "checkpoints in ";
  seen.newest = id;
  if (++seen.checkpoints > 1 || retained_ > 0)
    return; // or it might be subsumed meanwhile
  const auto job = log_.front().find(started);
  if (job == std::string::npos)
    return;
  const fs::path taken =
      fs::path(log_.front().substr(job + started.size())) / ("chk-" + std::to_string(id));
  try {
    lineage::verify(taken);
  } catch (const std::exception&) {
    if (fs::exists(taken / "_metadata")) // else newer ones have subsumed it meanwhile
      throw;
  }
}

crash_round::life crash_round::live(moment when) {
  log_.clear();
  life seen;
  job_orders orders(plays_scene() ? scene_.doomed_orders : std::vector<std::string>{},
                    directory_ / "savepoints");
  bool armed = when == moment::any || when == moment::early;
  const std::uint64_t delay = drawn(when == moment::any     ? life_us_max
                                    : when == moment::early ? early_us_max
                                                            : trigger_us_max);
  auto deadline = in(armed ? delay : stuck_us);
  child_process job(command(), directory_);
  auto event = job.next(deadline);
  for (; event == child_process::event::line; event = job.next(deadline)) {
    check_line(job.line(), seen);
    orders.heard(job.line());
    if (!armed)
      deadline = in(stuck_us); // it is alive
    if (!armed && is_trigger(when)) {
      armed = true;
      deadline = in(delay);
    }
    if (!doom_.empty() && seen.checkpoints == doomed_checkpoints_max) {
      seen.missed = true;
      job.kill();
    }
  }
  if (event == child_process::event::deadline && !armed)
    throw violation("the job neither finished nor wrote the awaited line in 120 s" +
                    circumstances());
  if (event == child_process::event::deadline)
    kill(job);
  const process_end end = job.wait();
  if (disk_ && event == child_process::event::deadline)
    disk_->mount_again();
  seen.finished = end.signal == 0 && end.code == 0 && !seen.stopped;
  seen.missed = !doom_.empty() && (seen.missed || end.signal == 0);
  if (!as_it_should_end(end, event == child_process::event::deadline))
    throw violation("the job ended with code " + std::to_string(end.code) + ", signal " +
                    std::to_string(end.signal) + circumstances());
  return seen;
}

void crash_round::kill(child_process& job) {
  if (disk_)
    disk_->cut_power();
  job.kill();
}

/// What has been told of is there still, or what is newer; unless the job had come to its
/// end, and has removed it.
void crash_round::check_announced(const life& killed) const {
  const std::uint64_t newest = lineage_.newest();
  if (killed.newest > newest && !judge(directory_ / "output", input_).none())
    throw violation("chk-" + std::to_string(killed.newest) +
                    " was complete before the power was cut, and then chk-" +
                    std::to_string(newest) + " was the newest" + circumstances());
}

std::string crash_round::circumstances() const {
  std::string text = log_.empty() ? "" : "; its last line: " + log_.back();
  if (!doom_.empty())
    text += "; it was to die at " + doom_ + ", in the rounds '" + scene_.name + "'";
  return text;
}

bool crash_round::as_it_should_end(const process_end& end, bool killed) const {
  if (disk_ && killed && end.signal == 0)
    return true; // without a disk it can do nothing
  return end.signal == 0 ? end.code == 0
                         : (killed || !doom_.empty()) && end.signal == SIGKILL;
}

void crash_round::prepare_next(crash_tally& tally, const life& killed) {
  tally.kills += !killed.stopped;
  if (disk_) {
    ++tally.cuts;
    check_announced(killed);
    taken_back_ = true; // until a checkpoint has published it again
  }
  tally.in_restore += lineage_.from() && !killed.restored;
  const std::uint64_t older_one_in = scene_.doomed_orders.empty() ? 10 : 3;
  const bool older =
      lineage_.killed(drawn(older_one_in) == 0 && !scene_.claims, killed.newest);
  tally.older += older;
  look_at_output();
  if (older) {
    published_.forget();
    taken_back_ = true;
  }
  draw_barriers();
  tally.unfinished += lineage_.unfinished_seen();
  if (lineage_.from())
    return choose_parallelism(tally);
  ++tally.afresh;
  published_.forget();
  fs::remove_all(directory_ / "output");
}

void crash_round::choose_parallelism(crash_tally& tally) {
  const std::uint32_t before = parallelism_;
  if (rescales_ && retained_ == 0)
    parallelism_ = static_cast<std::uint32_t>(1 + drawn(4));
  else if (rescales_) // some take over parts of two
    parallelism_ = drawn(2) == 0 ? 1 : 3;
  tally.rescaled += parallelism_ != before;
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
  end_round(tally);
}

std::vector<crash_order> crash_round::run_points(const std::vector<crash_order>& orders,
                                                 crash_tally& tally) {
  fs::create_directories(directory_);
  ++tally.rounds;
  std::vector<crash_order> missed;
  life lived;
  for (crash_order each : orders) {
    if (!lived.finished) {
      prepares_ = each.prepares;
      doom_ = std::string(each.point) + ":" + std::to_string(each.hit);
      lived = live(moment::never);
      each.missed += lived.missed;
      tally.points += !lived.missed && !each.prepares;
      if (!lived.finished)
        prepare_next(tally, lived);
    } else {
      lived.missed = true;
    }
    if (lived.missed && !each.prepares)
      missed.push_back(each);
  }
  doom_.clear();
  if (!lived.finished && !live(moment::never).finished)
    throw violation("the last life of a round has not finished");
  end_round(tally);
  return missed;
}

/// What a checkpoint later than the one resumed from had published goes before the job's
/// first checkpoint: until then it does not count.
void crash_round::look_at_output() {
  if (transactional_ && !taken_back_)
    published_.look(directory_ / "output");
}

void crash_round::end_round(crash_tally& tally) {
  taken_back_ = false;
  look_at_output();
  tally.published += published_.files();
  tally.found += judge(directory_ / "output", input_);
}

} // namespace weir::testing
