// The wire of an edge on which a route decides about each record.
#pragma once

#include "operators/edge_wire.hpp"
#include "operators/route.hpp"
#include "serialization/batch_frame.hpp"

namespace weir {

/// `MakeRoute` gives the route for a task context.
template <class Batch, class MakeRoute>
class routed_wire final : public edge_wire {
  using value = typename Batch::value_type;
  static constexpr bool timed = has_columns<Batch>::timed;

public:
  explicit routed_wire(MakeRoute make_route) : make_route_(std::move(make_route)) {}

  std::string type() const override { return type_description<value>(); }

  encoded_batch encode(const batch_base& records, std::size_t first) const override {
    const auto& typed = static_cast<const Batch&>(records);
    const std::size_t count = records.size() - first;
    encoded_batch encoded{encode_batch(std::span(typed.values() + first, count)), {}};
    if constexpr (timed)
      encoded.times = encode_batch(std::span(typed.times() + first, count));
    return encoded;
  }

  std::vector<divided_batch> decode(const std::vector<encoded_batch>& encoded,
                                    const way_out& way, std::optional<out_channel> only,
                                    const std::string& origin) const override {
    division divided(make_route_(task_context{.ways = {way}}), way.channels, only);
    for (const encoded_batch& each : encoded)
      read(each, origin, divided);
    return divided.finish();
  }

private:
  /// Batches for the tasks behind the edge, while they are being filled.
  class division {
  public:
    using route_type = std::invoke_result_t<const MakeRoute&, const task_context&>;

    division(route_type route, std::uint32_t channels, std::optional<out_channel> only)
        : route_(std::move(route)), only_(only), writers_(channels) {
      for (auto& each : writers_)
        each.open({});
    }

    template <class Time>
    void push(const value& record, Time time) {
      const routed chosen = route_(record);
      const out_channel to = only_.value_or(chosen.channel);
      if (writers_[to].push(record, time, chosen.hash)) {
        close(to);
        writers_[to].open({});
      }
    }

    std::vector<divided_batch> finish() {
      for (out_channel to = 0; to < writers_.size(); ++to)
        if (!writers_[to].empty())
          close(to);
      return std::move(divided_);
    }

  private:
    void close(out_channel to) { divided_.push_back({to, writers_[to].close()}); }

    route_type route_;
    std::optional<out_channel> only_;
    std::vector<batch_writer<Batch>> writers_;
    std::vector<divided_batch> divided_;
  };

  static void read(const encoded_batch& encoded, const std::string& origin,
                   division& into) {
    std::vector<value> values;
    [[maybe_unused]] std::conditional_t<holds_text<value>, text_arena, no_texts> texts;
    if constexpr (holds_text<value>)
      decode_batch(encoded.records, origin, values, texts);
    else
      decode_batch(encoded.records, origin, values);
    if constexpr (timed) {
      std::vector<event_time> times;
      decode_batch(encoded.times, origin, times);
      if (times.size() != values.size())
        refuse_batch(origin, "has not one time for each record");
      for (std::size_t i = 0; i < values.size(); ++i)
        into.push(values[i], times[i]);
    } else {
      for (const value& each : values)
        into.push(each, no_time());
    }
  }

  MakeRoute make_route_;
};

/// None for records that have no encoding.
template <class Batch, class MakeRoute>
std::shared_ptr<const edge_wire> wire_of([[maybe_unused]] MakeRoute make_route) {
  if constexpr (record<typename Batch::value_type>)
    return std::make_shared<const routed_wire<Batch, MakeRoute>>(std::move(make_route));
  else
    return nullptr;
}

} // namespace weir
