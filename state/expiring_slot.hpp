// Slots of states that expire: a value with its time, or a collection whose elements have
// one each. Handles see what has not expired; the rest is dropped when it gets in the
// way, when the row is encoded, or by the sweep of the table.
#pragma once

#include "state/expiry.hpp"
#include "state/state_slot.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

namespace weir {

/// What a layout does with a live slot of which something expires.
struct expiry_type {
  /// All of it has expired by then.
  processing_time (*until)(const std::byte*);
  /// Drops the elements that have expired.
  void (*drop)(std::byte*, processing_time now);
};

namespace detail {

template <class Slot>
constexpr expiry_type expiry_type_for{
    [](const std::byte* at) { return reinterpret_cast<const Slot*>(at)->until; },
    [](std::byte* at, processing_time now) {
      if constexpr (requires(Slot slot) { slot.drop_expired(now); })
        reinterpret_cast<Slot*>(at)->drop_expired(now);
    },
};

} // namespace detail

/// It expires at `until`: then it is there no more. Frozen, as the codec of records has
/// it: i64 microseconds, then the value.
template <class T>
struct stamped {
  processing_time until = processing_time::min();
  T value{};

  static const expiry_type expiry;
};
template <class T>
inline constexpr expiry_type stamped<T>::expiry = detail::expiry_type_for<stamped>;

/// A state_slot of a T that expires as a whole.
template <class T>
class expiring_slot {
public:
  expiring_slot(state_slot<stamped<T>> at, expiry how) : slot_(at), expiry_(how) {}

  const T* find() const {
    const stamped<T>* const found = slot_.find();
    const processing_time now = slot_.row().now();
    if (found == nullptr || found->until <= now)
      return nullptr;
    if (detail::notes_read(expiry_, found->until, now)) {
      state_slot<stamped<T>> written = slot_; // a row stays where it is
      written.open().until = detail::expiry_of_written(expiry_, now);
    }
    return &found->value;
  }
  T& open() {
    stamped<T>& held = slot_.open();
    const processing_time now = slot_.row().now();
    if (held.until <= now)
      held.value = T{};
    held.until = detail::expiry_of_written(expiry_, now);
    return held.value;
  }
  void clear() { slot_.clear(); }

private:
  state_slot<stamped<T>> slot_;
  expiry expiry_;
};

namespace detail {

template <class T>
const processing_time& until_of(const stamped<T>& entry) noexcept {
  return entry.until;
}
template <class K, class V>
const processing_time& until_of(const std::pair<K, V>& entry) noexcept {
  return entry.second.until;
}

} // namespace detail

/// A vector of stamped elements, or a map to stamped values.
template <class Entries>
struct expiring_entries {
  Entries entries;
  processing_time until = processing_time::min(); // of the last one, or later
  std::size_t crowded = few; // with so many, those that have expired are dropped

  static const expiry_type expiry;

  void drop_expired(processing_time now) {
    std::erase_if(entries,
                  [now](const auto& each) { return detail::until_of(each) <= now; });
    count_anew();
  }
  void count_anew() {
    until = processing_time::min();
    for (const auto& each : entries)
      until = std::max(until, detail::until_of(each));
    crowded = std::max(few, 2 * entries.size()); // each is looked at twice at most
  }

private:
  static constexpr std::size_t few = 16;
};
template <class Entries>
inline constexpr expiry_type expiring_entries<Entries>::expiry =
    detail::expiry_type_for<expiring_entries>;

template <class Entries>
struct slot_codec<expiring_entries<Entries>> {
  using written_as = Entries;
  using codec = record_codec<Entries>;

  static std::size_t size(const expiring_entries<Entries>& slot) {
    return codec::size(slot.entries);
  }
  static std::byte* encode(const expiring_entries<Entries>& slot, std::byte* out) {
    return codec::encode(slot.entries, out);
  }
  static void decode_into(expiring_entries<Entries>& slot, byte_reader& in) {
    codec::decode_into(slot.entries, in);
    slot.count_anew();
  }
};

/// A state_slot of a collection whose elements expire one by one.
template <class Entries>
class expiring_entries_slot {
  using held_type = expiring_entries<Entries>;

public:
  using const_iterator = typename Entries::const_iterator;

  expiring_entries_slot(state_slot<held_type> at, expiry how) : slot_(at), expiry_(how) {}

  /// All of them, also those that have expired.
  const Entries& entries() const noexcept {
    static const Entries none;
    const held_type* const found = slot_.find();
    return found != nullptr ? found->entries : none;
  }
  processing_time now() const noexcept { return slot_.row().now(); }
  /// Of what is written now.
  processing_time fresh_until() const noexcept {
    return detail::expiry_of_written(expiry_, now());
  }

  /// These have been read; nobody moves for it.
  void note_read(const_iterator from, const_iterator end) const {
    const auto noted = [this](const auto& each) {
      const processing_time until = detail::until_of(each);
      return until > now() && detail::notes_read(expiry_, until, now());
    };
    from = expiry_.on_access ? std::find_if(from, end, noted) : end;
    if (from == end)
      return;
    state_slot<held_type> written = slot_;
    held_type& held = written.open();
    held.until = std::max(held.until, fresh_until());
    for (; from != end; ++from)
      if (noted(*from)) // the entries are the row's, which has been opened
        const_cast<processing_time&>(detail::until_of(*from)) = fresh_until();
  }

  /// To be changed, or to grow by what expires at fresh_until.
  Entries& open() {
    held_type& held = slot_.open();
    if (held.entries.size() >= held.crowded)
      held.drop_expired(now());
    held.until = std::max(held.until, fresh_until());
    return held.entries;
  }
  void clear() { slot_.clear(); }

private:
  state_slot<held_type> slot_;
  expiry expiry_;
};

/// Goes over the entries that have not expired; `Read` makes of an entry what is seen.
template <class Base, class Read>
class unexpired_iterator {
public:
  using reference = std::invoke_result_t<Read, std::iter_reference_t<Base>>;
  using value_type = std::remove_cvref_t<reference>;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::forward_iterator_tag;
  using iterator_category = std::input_iterator_tag;

  struct pointer {
    reference seen;
    auto* operator->() const noexcept { return &seen; }
  };

  unexpired_iterator() = default;
  unexpired_iterator(Base at, Base end, processing_time now)
      : at_(at), end_(end), now_(now) {
    pass_expired();
  }

  reference operator*() const { return Read()(*at_); }
  pointer operator->() const { return {**this}; }
  unexpired_iterator& operator++() {
    ++at_;
    pass_expired();
    return *this;
  }
  unexpired_iterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  bool operator==(const unexpired_iterator& other) const { return at_ == other.at_; }

private:
  void pass_expired() {
    while (at_ != end_ && detail::until_of(*at_) <= now_)
      ++at_;
  }

  Base at_{};
  Base end_{};
  processing_time now_{};
};

} // namespace weir
