// Which channel of an exchange a record takes. A route is called once per record, inside
// the chain's loop, and gives the channel and, where the next chain is keyed, the hash.
#pragma once

#include "operators/random.hpp"
#include "operators/task.hpp"
#include "state/hash.hpp"
#include "state/key_group.hpp"

#include <concepts>
#include <functional>

namespace weir {

struct routed {
  out_channel channel; // counted from the first one of the exchange
  std::uint64_t hash;
};

template <class R, class T>
concept route_to = requires(R route, const T& record) {
  { route(record) } -> std::same_as<routed>;
};

/// The key that `KeyFunction` gives to a T.
template <class KeyFunction, class T>
using key_type_of = std::remove_cvref_t<std::invoke_result_t<KeyFunction&, const T&>>;

/// To the task that owns the key group of the record's key.
template <class T, class KeyFunction>
class route_by_key {
public:
  route_by_key(const way_out& way, KeyFunction key)
      : key_(std::move(key)), groups_(way.max_parallelism), channel_of_group_(groups_) {
    for (std::uint32_t group = 0; group < groups_; ++group)
      channel_of_group_[group] = static_cast<std::uint16_t>(
          subtask_of(static_cast<key_group>(group), way.channels, groups_));
  }

  routed operator()(const T& record) {
    const std::uint64_t hash = hash_of(std::invoke(key_, record));
    return {channel_of_group_[key_group_of(hash, groups_)], hash};
  }

private:
  KeyFunction key_;
  std::uint32_t groups_;
  std::vector<std::uint16_t> channel_of_group_;
};

/// To every channel in turn; the subtasks begin at different ones.
class route_in_turn {
public:
  route_in_turn(const way_out& way, std::uint32_t subtask)
      : channels_(way.channels), next_(subtask % way.channels) {}

  template <class T>
  routed operator()(const T&) {
    const out_channel to = next_;
    next_ = next_ + 1 == channels_ ? 0 : next_ + 1;
    return {to, 0};
  }

private:
  std::uint32_t channels_;
  out_channel next_;
};

/// To any channel, by chance.
class route_by_chance {
public:
  route_by_chance(const way_out& way, std::uint32_t subtask)
      : channels_(way.channels), random_(subtask, 0) {}

  template <class T>
  routed operator()(const T&) {
    return {static_cast<out_channel>(random_.below(channels_)), 0};
  }

private:
  std::uint32_t channels_;
  random_stream random_;
};

/// All to the first subtask.
struct route_to_first {
  template <class T>
  routed operator()(const T&) const {
    return {0, 0};
  }
};

namespace detail {
[[noreturn]] void refuse_partition(std::uint32_t chosen, std::uint32_t partitions);
} // namespace detail

template <class F, class T>
concept partition_function =
    std::copy_constructible<F> && std::regular_invocable<F&, const T&, std::uint32_t> &&
    std::convertible_to<std::invoke_result_t<F&, const T&, std::uint32_t>, std::uint32_t>;

/// Where the user's function says: it gets the record and the number of partitions.
template <class T, partition_function<T> F>
class route_by_function {
public:
  route_by_function(const way_out& way, F choose)
      : channels_(way.channels), choose_(std::move(choose)) {}

  routed operator()(const T& record) {
    const std::uint32_t chosen = std::invoke(choose_, record, channels_);
    if (chosen >= channels_) [[unlikely]]
      detail::refuse_partition(chosen, channels_);
    return {chosen, 0};
  }

private:
  std::uint32_t channels_;
  F choose_;
};

} // namespace weir
