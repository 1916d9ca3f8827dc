// Slots that hold deadlines. The row has the truth; the index (timer_index.hpp) only says
// when to look at it. So a deadline that moves to a later time, as those of sessions do
// with every record, costs nothing but the write: it is found out when the time has come.
#pragma once

#include "state/state_slot.hpp"

#include <optional>
#include <set>

namespace weir {

/// What an index does with a live slot of deadlines.
struct timer_type {
  time_kind kind;
  time_count (*first)(const std::byte*);
  /// When the row will be looked at: by then the index has an entry.
  time_count& (*looked_at)(std::byte*);
  /// Removes the first deadline; false if that was the last one.
  bool (*take_first)(std::byte*);
};

/// None: the index has no entry for the slot.
constexpr time_count not_looked_at = time_count::max();

namespace detail {

/// `Slot` has first(), take_first() and looked_at.
template <class Slot, class Time>
constexpr timer_type timer_type_for{
    kind_of_time<Time>,
    [](const std::byte* at) {
      return reinterpret_cast<const Slot*>(at)->first().time_since_epoch();
    },
    [](std::byte* at) -> time_count& { return reinterpret_cast<Slot*>(at)->looked_at; },
    [](std::byte* at) { return reinterpret_cast<Slot*>(at)->take_first(); },
};

} // namespace detail

template <class Time>
struct one_deadline {
  Time deadline = Time::max();
  time_count looked_at = not_looked_at;

  Time first() const noexcept { return deadline; }
  bool take_first() noexcept { return false; }

  static const timer_type timer;
};
template <class Time>
inline constexpr timer_type one_deadline<Time>::timer =
    detail::timer_type_for<one_deadline, Time>;

template <class Time>
struct deadline_set {
  std::set<Time> deadlines;
  time_count looked_at = not_looked_at;

  Time first() const noexcept { return *deadlines.begin(); }
  bool take_first() {
    deadlines.erase(deadlines.begin());
    return !deadlines.empty();
  }

  static const timer_type timer;
};
template <class Time>
inline constexpr timer_type deadline_set<Time>::timer =
    detail::timer_type_for<deadline_set, Time>;

template <class Time>
struct slot_codec<one_deadline<Time>> {
  using written_as = Time;
  using codec = record_codec<Time>;

  static std::size_t size(const one_deadline<Time>& slot) {
    return codec::size(slot.deadline);
  }
  static std::byte* encode(const one_deadline<Time>& slot, std::byte* out) {
    return codec::encode(slot.deadline, out);
  }
  static void decode_into(one_deadline<Time>& slot, byte_reader& in) {
    codec::decode_into(slot.deadline, in);
  }
};

/// As a list of them has it, ascending.
template <class Time>
struct slot_codec<deadline_set<Time>> {
  using written_as = std::vector<Time>;
  using codec = record_codec<Time>;

  static std::size_t size(const deadline_set<Time>& slot) {
    return sizeof(std::uint32_t) + slot.deadlines.size() * codec::size_min;
  }
  static std::byte* encode(const deadline_set<Time>& slot, std::byte* out) {
    const auto count = static_cast<std::uint32_t>(slot.deadlines.size());
    std::memcpy(out, &count, sizeof count);
    out += sizeof count;
    for (const Time each : slot.deadlines)
      out = codec::encode(each, out);
    return out;
  }
  static void decode_into(deadline_set<Time>& slot, byte_reader& in) {
    for (auto left = in.take_count(codec::size_min); left > 0; --left) {
      Time each;
      codec::decode_into(each, in);
      slot.deadlines.insert(slot.deadlines.end(), each);
    }
    if (slot.deadlines.empty())
      byte_reader::malformed("a set of deadlines is empty");
  }
};

} // namespace weir
