// What a running job is asked through its socket, as the command line does it: one thing
// after the other, each when the one before is done.
#pragma once

#include "state/storage/local_files.hpp"

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::testing {

class job_orders {
public:
  /// `commands`: checkpoint (a full one), savepoint, stop or drain. What these make is in
  /// `savepoints`.
  job_orders(const std::vector<std::string>& commands, std::filesystem::path savepoints)
      : commands_(commands.begin(), commands.end()), savepoints_(std::move(savepoints)) {}

  /// A line that the job has written. The first order comes when it has been restored.
  void heard(const std::string& line);

private:
  void give_next();

  std::deque<std::string> commands_;
  std::filesystem::path savepoints_;
  std::string job_id_;
  bool awaits_checkpoint_ = false;     // nobody says which of them it was: any will do
  std::vector<file_descriptor> given_; // who hangs up takes no order back, but is told
};

} // namespace weir::testing
