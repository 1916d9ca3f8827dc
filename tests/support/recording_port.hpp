// The world around a task, as a list of what the task asked of it.
#pragma once

#include "runtime/task_port.hpp"

#include <string>
#include <vector>

namespace weir::test {

class recording_port final : public task_port {
public:
  struct parcel {
    out_channel to;
    batch_ref data;
  };

  void send_along(out_channel to, channel_item item) override {
    if (const auto* of = std::get_if<barrier>(&item))
      log.push_back("barrier " + std::to_string(of->id.value) + " to " +
                    std::to_string(to));
    else if (const auto* reached = std::get_if<watermark>(&item))
      log.push_back("watermark " +
                    std::to_string(reached->time.time_since_epoch().count()) +
                    (reached->idle ? " idle" : "") + " to " + std::to_string(to));
    else if (const auto* probe = std::get_if<loop_probe>(&item))
      log.push_back("probe " + std::to_string(probe->round) +
                    (probe->busy ? " busy" : "") + " to " + std::to_string(to));
    else if (auto* data = std::get_if<batch_ref>(&item)) {
      log.push_back("batch " + std::to_string(to));
      sent.push_back({to, std::move(*data)});
    } else
      log.push_back("end " + std::to_string(to));
  }
  void return_credit(in_channel from, batch_ref) override {
    log.push_back("credit " + std::to_string(from));
  }
  void upload(upload_request request) override {
    log.push_back("upload");
    uploads.push_back(std::move(request));
  }
  void upload_in_flight(data_in_flight overtaken) override {
    log.push_back("in flight");
    in_flight.push_back(std::move(overtaken));
  }
  void request_rows(encoded_rows) override { log.push_back("rows"); }
  void decline_rows() override { log.push_back("no more rows"); }
  void look_up(encoded_rows missing, encoded_rows) override {
    log.push_back("look up " + std::to_string(missing.rows()));
    looked_up.push_back(std::move(missing));
  }
  void finished() override { log.push_back("finished"); }

  /// What was asked for since the last call.
  std::vector<std::string> take() { return std::exchange(log, {}); }

  std::vector<std::string> log;
  std::vector<parcel> sent;
  std::vector<upload_request> uploads;
  std::vector<data_in_flight> in_flight;
  std::vector<encoded_rows> looked_up;
};

} // namespace weir::test
