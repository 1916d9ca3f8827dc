#include "operators/process.hpp"

#include "serialization/error.hpp"

#include <cstring>

namespace weir::detail {

std::vector<std::byte> described_bytes(const std::string& type, std::size_t size) {
  std::vector<std::byte> bytes(record_codec<std::string>::size(type) + size);
  record_codec<std::string>::encode(type, bytes.data());
  return bytes;
}

std::span<const std::byte> bytes_described_as(const std::string& type,
                                              const std::vector<std::byte>& saved,
                                              const std::string& operator_name) {
  byte_reader in(saved);
  std::string written;
  record_codec<std::string>::decode_into(written, in);
  if (written != type)
    throw error(failure::restore_refused, "the task state of '" + operator_name +
                                              "' was written as " + written +
                                              ", the job declares " + type);
  return in.rest();
}

task_share share_of(const operator_start& from) {
  task_share share{from.saved, {}, from.subtask, from.parallelism};
  if (from.before)
    share.all = *from.before;
  return share;
}

void refuse_both_task_states(const std::string& operator_name) {
  throw error(failure::usage, "'" + operator_name +
                                  "' binds states for its task and has a struct "
                                  "task_state, too; one of both");
}

void refuse_timers(const std::vector<declared_state>& states) {
  for (const auto& [state, type] : states)
    if (state.kind.ends_with("timer") || state.kind.ends_with("timers"))
      throw error(failure::usage,
                  "state '" + state.name + "' is a " + state.kind +
                      ", and its function cannot be told of it: give it an "
                      "on_timer(const weir::fired_timer&, auto& out)");
}

void refuse_event_timers(const std::vector<declared_state>& states) {
  for (const auto& [state, type] : states)
    if (state.kind == "timer" || state.kind == "timers")
      throw error(failure::usage,
                  "state '" + state.name + "' is a " + state.kind +
                      " in event time, and these records have no times: "
                      ".timestamps(...) the stream first, or bind a processing_timer");
}

} // namespace weir::detail
