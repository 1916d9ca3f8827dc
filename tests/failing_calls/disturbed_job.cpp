#include "tests/failing_calls/disturbed_job.hpp"

#include "serialization/error.hpp"
#include "state/checkpoint_directory.hpp"
#include "state/checkpoint_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t schedule = 5;
constexpr std::uint64_t step_of_savepoint = 150;

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

bool is_a_line_about(const std::string& text, const fs::path& place) {
  return text.find('\n') == text.npos && text.find(place.string()) != text.npos;
}

} // namespace

/// One run, in a directory of its own.
struct disturbed_job::life {
  explicit life(const fs::path& at) : place(at) {}

  /// The one that was announced.
  std::optional<fs::path> savepoint() const {
    return saved && !saved->problem ? saved->directory : report.job.savepoint;
  }

  fs::path place;
  std::optional<fs::path> from = {};
  std::optional<failed_call> failed = {};
  simulation_report report = {};
  std::string problem = {}; // why it has not finished
  std::vector<std::string> told = {};
  std::optional<completed_checkpoint> announced = {};
  bool had_begun = false; // it had announced one of its own
  std::optional<savepoint_result> saved = {};
  failing_disk* disk = nullptr;
  std::string wrong = {}; // seen while it ran
};

disturbed_tally& disturbed_tally::operator+=(const disturbed_tally& other) {
  calls += other.calls;
  failures += other.failures;
  unnoticed += other.unnoticed;
  checkpoints += other.checkpoints;
  restarts += other.restarts;
  ends += other.ends;
  return *this;
}

disturbed_job::disturbed_job(const disturbance& how) : how_(how) {
  prepare();
  const temporary_directory scratch(fast_directory());
  life undisturbed(scratch.path() / "place");
  begin_in(undisturbed.place);
  failing_disk disk(undisturbed.place);
  if (!how_.links)
    disk.refuse_links();
  simulate_in(undisturbed, /*disturbed=*/true);
  disk.stop();
  const std::string wrong = wrong_with(undisturbed);
  if (!wrong.empty() || !undisturbed.problem.empty())
    throw std::logic_error(how_.name + (": " + wrong) + undisturbed.problem);
  if (how_.savepoint && !undisturbed.savepoint())
    throw std::logic_error("no savepoint was taken");
  calls_ = disk.heard();
  tally_ = {};
  tally_.calls = calls_.size();
}

/// What every run begins with: the directories, and for a restore all that was there when
/// a job of one subtask less had completed its third checkpoint.
void disturbed_job::prepare() {
  const temporary_directory scratch(fast_directory());
  life before(scratch.path() / "place");
  for (const fs::path& parent : {prepared_.path(), before.place})
    for (const char* each : {"checkpoints", "data", "output"})
      fs::create_directories(parent / each);
  if (!how_.restores)
    return;
  job job;
  numbered_.build(job, before.place / "output");
  run_config config = config_in(before.place);
  config.parallelism = 1;
  simulation_options options;
  options.seed = schedule;
  options.completed = [&](const completed_checkpoint& taken) {
    if (begins_with_ || taken.id.value < 3)
      return;
    fs::remove_all(prepared_.path());
    copy_tree(before.place, prepared_.path());
    begins_with_ = taken.directory.lexically_relative(before.place);
  };
  simulate(job, config, options);
  if (!begins_with_)
    throw std::logic_error("there is no checkpoint to begin with");
}

void disturbed_job::begin_in(const fs::path& place) const {
  copy_tree(prepared_.path(), place);
  const fs::path job = job_directory(place);
  const fs::path owner = place / "data" / job.filename() / owner_name;
  if (fs::exists(owner))
    write_text(owner, job.string() + "\n"); // it has moved
}

run_config disturbed_job::config_in(const fs::path& place) const {
  run_config config;
  config.parallelism = 2;
  config.checkpoint_interval = std::chrono::milliseconds(2);
  config.checkpoints_retained = 1;
  config.unaligned = how_.unaligned;
  config.state_backend = how_.backend;
  config.restart_attempts = 100;
  config.restart_delay = std::chrono::milliseconds(1);
  config.failed_checkpoints_tolerable = how_.tolerable;
  config.checkpoint_dir = place / "checkpoints";
  if (how_.apart)
    config.data_dir = config.recovery_data_dir = place / "data";
  return config;
}

fs::path disturbed_job::job_directory(const fs::path& place) {
  return place / "checkpoints" / fmt::format("{:032x}", schedule);
}

/// To its end, whatever that is.
void disturbed_job::simulate_in(life& of, bool disturbed) const {
  simulation_options options;
  options.seed = schedule;
  options.restore_from = of.from;
  if (disturbed && begins_with_)
    options.restore_from = of.place / *begins_with_;
  options.slice_blocks_max = 2;
  options.warned = [&](const std::string& line) { of.told.push_back(line); };
  options.restored = [&](checkpoint_id id) {
    if (of.announced && id < of.announced->id)
      of.wrong = "it goes back behind what was announced";
  };
  options.completed = [&](const completed_checkpoint& taken) {
    const unheard looking;
    of.announced = taken;
    of.had_begun = true;
    look_for_doubt(of);
    try {
      verify_checkpoint(locate_checkpoint(taken.directory));
    } catch (const error& damaged) {
      of.wrong = std::string("announced and not there: ") + damaged.what();
    }
  };
  if (disturbed && how_.savepoint)
    options.orders[step_of_savepoint] = std::make_shared<savepoint_order>(
        savepoint_order{of.place / "savepoints", *how_.savepoint,
                        [&](const savepoint_result& taken) { of.saved = taken; }});
  job job;
  numbered_.build(job, of.place / "output");
  of.problem.clear();
  try {
    of.report = simulate(job, config_in(of.place), options);
    of.problem = of.report.problem.value_or("");
  } catch (const error& refused) {
    of.problem = refused.what();
  } catch (const std::exception& other) {
    of.problem = other.what();
    of.wrong = std::string("no error of weir: ") + other.what();
  }
}

/// Something is said to be done of which nobody knows whether it would last.
void disturbed_job::look_for_doubt(life& of) {
  const std::string file = of.disk ? of.disk->doubtful_file() : "";
  if (!file.empty())
    of.wrong = "it counts on '" + file + "', which could not be synced";
}

std::string disturbed_job::run(std::uint64_t number, call_failure failure) {
  const temporary_directory scratch(fast_directory());
  life of(scratch.path() / "place");
  begin_in(of.place);
  failing_disk disk(of.place);
  if (!how_.links)
    disk.refuse_links();
  disk.fail(number, failure);
  of.disk = &disk;
  simulate_in(of, /*disturbed=*/true);
  disk.stop();
  of.failed = disk.failed();
  if (of.problem.empty())
    look_for_doubt(of);
  const std::string wrong = wrong_with(of);
  return wrong.empty() || !of.failed
             ? wrong
             : fmt::format("{}, call {}, {}: {} (told: {})", how_.name, number,
                           of.failed->text(), wrong, fmt::join(of.told, " | "));
}

std::string disturbed_job::wrong_with(life& of) {
  tally_.failures += of.failed.has_value();
  tally_.ends += !of.problem.empty();
  tally_.restarts += of.report.job.restarts() > 0;
  tally_.checkpoints += of.report.job.checkpoints_failed > 0;
  tally_.unnoticed += of.problem.empty() && of.told.empty();
  if (!of.wrong.empty())
    return of.wrong;
  if (of.had_begun && !of.problem.empty())
    return "it ended for good and could have begun again: " + of.problem;
  if (const std::string wrong = wrong_with_words(of); !wrong.empty())
    return wrong;
  if (const std::string wrong = wrong_with_savepoint(of); !wrong.empty())
    return wrong;
  if (!of.problem.empty() || of.report.job.savepoint)
    if (const std::string wrong = resumed(of); !wrong.empty())
      return wrong;
  if (const std::string wrong = numbered_.wrong_with(of.place / "output"); !wrong.empty())
    return wrong;
  return left_over(of);
}

std::string disturbed_job::wrong_with_words(const life& of) const {
  const bool disturbed = !of.problem.empty() || !of.told.empty();
  if (!disturbed)
    return "";
  if (of.failed && of.failed->is_passing())
    return "it only had to make the call again: " + of.problem;
  if (!of.problem.empty())
    return is_a_line_about(of.problem, of.place) ? ""
                                                 : "no line with a path: " + of.problem;
  const bool all_lines = std::ranges::all_of(
      of.told, [](const auto& each) { return each.find('\n') == each.npos; });
  const bool any_path = std::ranges::any_of(
      of.told, [&](const auto& each) { return is_a_line_about(each, of.place); });
  return all_lines && any_path ? "" : "no line with a path";
}

/// It is there whole if it was said to be, and not at all otherwise.
std::string disturbed_job::wrong_with_savepoint(life& of) const {
  if (!how_.savepoint)
    return "";
  std::vector<fs::path> there;
  if (fs::exists(of.place / "savepoints"))
    for (const auto& each : fs::directory_iterator(of.place / "savepoints"))
      there.push_back(each.path());
  const auto taken = of.savepoint();
  if (!taken)
    return there.empty() ? "" : "a savepoint that failed is there";
  if (there != std::vector{*taken})
    return "the savepoint is not there, or more";
  try {
    verify_checkpoint(locate_checkpoint(*taken));
    return "";
  } catch (const error& damaged) {
    return damaged.what();
  }
}

/// As whoever has mended the disk does: from what is there, or afresh.
std::string disturbed_job::resumed(life& of) const {
  const fs::path job = job_directory(of.place);
  const auto complete = fs::exists(job) ? checkpoints_in(job) : std::vector<fs::path>();
  of.from.reset();
  if (!complete.empty())
    of.from = complete.back();
  if (of.report.job.savepoint)
    of.from = of.report.job.savepoint;
  if (!of.from && of.announced)
    return "no checkpoint is there, and one was announced; " + of.problem;
  if (!of.from && !published_in(of.place / "output").empty())
    return "output is there and no checkpoint; " + of.problem;
  if (!of.from)
    fs::remove_all(of.place / "output");
  life again(of.place);
  again.from = of.from;
  again.announced = of.report.job.savepoint ? std::nullopt : of.announced;
  simulate_in(again, /*disturbed=*/false);
  if (!again.wrong.empty() || !again.problem.empty() || !again.told.empty())
    return fmt::format("resumed after '{}' from '{}': {} {} {}", of.problem,
                       of.from.value_or("nothing").string(), again.wrong, again.problem,
                       fmt::join(again.told, " | "));
  return "";
}

/// When the next run of the job has tidied up, only whole checkpoints are there.
std::string disturbed_job::left_over(const life& of) const {
  const run_config config = config_in(of.place);
  {
    checkpoint_directory tidied(config.checkpoint_dir, job_directory(of.place).filename(),
                                config.data_dir);
    tidied.prune(1, {});
  }
  std::set<fs::path> wanted;
  const auto want = [&](const fs::path& path) {
    for (fs::path each = path; each != of.place; each = each.parent_path())
      wanted.insert(each);
  };
  if (fs::exists(job_directory(of.place)))
    for (const fs::path& each : checkpoints_in(job_directory(of.place))) {
      const located_checkpoint found = locate_checkpoint(each, config.data_dir);
      want(each / "_metadata");
      want(found.data);
      want(found.shared);
      if (how_.apart)
        want(found.data.parent_path() / owner_name);
      for_each_file(found.metadata, [&](bool shared, const file_handle& file) {
        want((shared ? found.shared : found.data) / file.name);
      });
    }
  for (const auto& each : fs::recursive_directory_iterator(of.place)) {
    const fs::path below = each.path().lexically_relative(of.place);
    const bool elsewhere = *below.begin() == "output" || *below.begin() == "savepoints";
    const bool top = below == "checkpoints" || below == "data";
    if (!elsewhere && !top && !wanted.contains(each.path()))
      return "nobody removes '" + below.string() + "'";
    if (elsewhere && each.is_regular_file() &&
        (below.string().find("/.") != std::string::npos))
      return "nobody removes '" + below.string() + "'";
  }
  return "";
}

} // namespace weir::testing
