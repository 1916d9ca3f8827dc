// A state of one type in the row of the current key: what all handles are made of. It is
// a pointer and an offset, copied and moved freely; it may be used while its function
// processes, and it belongs to the task that bound it.
#pragma once

#include "serialization/holds_text.hpp"
#include "serialization/record_codec.hpp"
#include "state/state_row.hpp"

#include <concepts>
#include <memory>
#include <new>

namespace weir {

struct timer_type;  // timer_slot.hpp
struct expiry_type; // expiring_slot.hpp

/// What a layout does with a slot without knowing its type. All but `decode` are for live
/// slots.
struct slot_type {
  std::size_t bytes;
  std::size_t alignment;
  void (*destroy)(std::byte*) noexcept;
  std::size_t (*size)(const std::byte*);
  void (*encode)(const std::byte*, std::byte* out); // `size` bytes
  void (*decode)(std::byte*, byte_reader&);         // makes the object
  const timer_type* timer = nullptr;                // if it holds deadlines
  const expiry_type* expiry = nullptr;              // if what it holds expires
};

/// How an object in a slot is written down: as a record is; most are records.
template <class T>
struct slot_codec : record_codec<T> {
  using written_as = T;
};

/// Null for what holds no deadlines. A record may have a field of that name.
template <class T>
constexpr const timer_type* timer_type_of() {
  if constexpr (requires {
                  { &T::timer } -> std::same_as<const timer_type*>;
                })
    return &T::timer;
  else
    return nullptr;
}
/// Null for what does not expire.
template <class T>
constexpr const expiry_type* expiry_type_of() {
  if constexpr (requires {
                  { &T::expiry } -> std::same_as<const expiry_type*>;
                })
    return &T::expiry;
  else
    return nullptr;
}

template <class T>
class state_slot {
  static_assert(!holds_text<T>,
                "a weir::text in a state would outlive what it points to; "
                "keep a std::string");

public:
  using held = T;

  state_slot(current_row& row, slot_place place) : row_(&row), place_(place) {}

  /// Null if nothing is there.
  const T* find() const noexcept {
    const state_row* const row = row_->find();
    if (row == nullptr || !place_.live(*row))
      return nullptr;
    return std::launder(reinterpret_cast<const T*>(place_.in(*row)));
  }
  /// To be written; made as its type makes it if nothing is there.
  T& open() {
    state_row& row = row_->open();
    std::byte* const at = place_.in(row);
    if (place_.live(row))
      return *std::launder(reinterpret_cast<T*>(at));
    T* const made = new (at) T{};
    row.live |= place_.bit;
    return *made;
  }
  void clear() {
    if (find() == nullptr)
      return;
    std::destroy_at(&open());
    row_->open().live &= ~place_.bit;
  }

  current_row& row() const noexcept { return *row_; }
  slot_place place() const noexcept { return place_; }

  static constexpr slot_type type{
      sizeof(T),
      alignof(T),
      [](std::byte* at) noexcept { std::destroy_at(reinterpret_cast<T*>(at)); },
      [](const std::byte* at) {
        return slot_codec<T>::size(*reinterpret_cast<const T*>(at));
      },
      [](const std::byte* at, std::byte* out) {
        slot_codec<T>::encode(*reinterpret_cast<const T*>(at), out);
      },
      [](std::byte* at, byte_reader& in) {
        auto made = T{};
        slot_codec<T>::decode_into(made, in);
        new (at) T(std::move(made));
      },
      timer_type_of<T>(),
      expiry_type_of<T>(),
  };

private:
  current_row* row_;
  slot_place place_;
};

} // namespace weir
