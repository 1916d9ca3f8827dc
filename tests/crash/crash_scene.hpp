// Where the crash harness has a job die at named points: which rounds it plays, and which
// points are come to in which of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

/// What a round is like, beside what its seed draws.
struct crash_scene {
  const char* name = "";
  bool transactional = false; // the sinks are
  bool rescales = false;      // another parallelism in each life
  bool data_apart = false;    // files of state are in a directory of their own
  bool claims = false;        // what a life resumes from becomes its own
  bool evolves = false;       // resumed by a job with another type of state
  bool fails = false;         // the job does by itself, and is restored in the process
  bool hurries = false;       // checkpoints have little time, how little is drawn
  bool to_the_end = false;    // as fast as it can, with little input
  bool aligned = false;       // no barrier overtakes
  bool overtaking = false;    // every barrier does
  std::vector<std::string> options = {}; // of every life
  /// Of those that are to die and have nothing to prepare: options of the command, and of
  /// the job, and what it is asked while it runs.
  std::vector<std::string> doomed_options = {};
  std::vector<std::string> doomed_arguments = {};
  std::vector<std::string> doomed_orders = {};
  /// What is come to here; none, here and in `again`: all points that no other scene has.
  std::vector<std::string_view> points = {};
  /// What is come to here, too, in another way than where it is at home.
  std::vector<std::string_view> again = {};
};

const std::vector<crash_scene>& crash_scenes();

/// A job is to die when it comes to a point for the `hit`th time.
struct crash_order {
  std::string_view point;
  std::uint64_t hit = 1;
  /// Only to have something there for the next one: whether it is reached is no matter.
  bool prepares = false;
  std::uint32_t missed = 0; // so many times
};

/// Every point that is come to in the scene, a first and a second time.
std::vector<crash_order> orders_for(const crash_scene& scene);

/// What has to have happened before it can be come to; in a life before.
std::vector<crash_order> preparations_for(const crash_order& order);

} // namespace weir::testing
