#include "state/state_layout.hpp"

#include "serialization/deliberate_fault.hpp"
#include "serialization/error.hpp"
#include "serialization/varint.hpp"
#include "state/expiring_slot.hpp"
#include "state/row_limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

namespace {

std::size_t rounded_up(std::size_t offset, std::size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

std::byte* put_expiry(const std::optional<processing_time>& until, std::byte* out) {
  *out++ = until ? row_expires : row_lasts;
  if (until)
    out = record_codec<processing_time>::encode(*until, out);
  return out;
}

/// Behind the number of the layout.
void pass_expiry(byte_reader& in) {
  const std::byte flags{in.take_byte()};
  if (flags == row_expires)
    in.take(sizeof(time_count::rep)); // its states say the same
  else if (flags != row_lasts)
    byte_reader::malformed("a row of states was written in another way");
}

} // namespace

slot_place state_layout::add(state_description description, const slot_type& type,
                             record_schema schema) {
  if (description.name.empty())
    throw error(failure::usage, "a state has an empty name; it is found by its name in "
                                "checkpoints, so give it one");
  const bool taken = std::ranges::find(states_, description.name,
                                       &state_description::name) != states_.end();
  if (taken)
    throw error(
        failure::usage,
        fmt::format("state '{}' is bound twice; bind it once and use that handle, "
                    "or give the second one another name",
                    description.name));
  if (slots_.size() == states_max)
    throw error(
        failure::usage,
        fmt::format("state '{}' is one too many: a function has at most {} states "
                    "for each key; let one of them be a struct",
                    description.name, states_max));
  const std::size_t offset = rounded_up(end_, type.alignment);
  const slot_place place{static_cast<std::uint32_t>(offset),
                         std::uint32_t{1} << slots_.size()};
  end_ = offset + type.bytes;
  alignment_ = std::max(alignment_, type.alignment);
  states_.push_back(std::move(description));
  schemas_.push_back(std::move(schema));
  slots_.push_back({place, &type});
  if (type.timer != nullptr)
    timers_.push_back(slots_.back());
  if (type.expiry != nullptr)
    expiring_.push_back(slots_.back());
  else
    lasting_ |= place.bit;
  return place;
}

std::vector<declared_state> state_layout::declared() const {
  std::vector<declared_state> all;
  for (std::size_t i = 0; i < states_.size(); ++i)
    all.push_back(declare(states_[i], schemas_[i]));
  return all;
}

std::size_t state_layout::row_bytes() const noexcept {
  return rounded_up(end_, alignment_);
}

std::size_t state_layout::size(const state_row& row) const {
  std::size_t sum =
      2 + (expiry_of(row) ? sizeof(time_count::rep) : 0) + varint_size(row.live);
  for (const slot& each : slots_)
    if (each.place.live(row)) {
      const std::size_t bytes = each.type->size(each.place.in(row));
      if (bytes > row_part_max) [[unlikely]]
        refuse_state(name_at(each.place), bytes);
      sum += varint_size(bytes) + bytes;
    }
  return sum;
}

void state_layout::encode(const state_row& row, std::byte* out) const {
  *out++ = row_layout_number;
  out = put_expiry(expiry_of(row), out);
  out = put_varint(row.live, out);
  for (const slot& each : slots_)
    if (each.place.live(row)) {
      const std::size_t bytes = each.type->size(each.place.in(row));
      out = put_varint(bytes, out);
      each.type->encode(each.place.in(row), out);
      out += bytes;
    }
}

void state_layout::decode(std::span<const std::byte> from, state_row& row) const {
  byte_reader in(from);
  if (std::byte{in.take_byte()} != row_layout_number)
    byte_reader::malformed("a row of states was written in another way");
  pass_expiry(in);
  const std::uint64_t live = take_varint(in);
  if ((live >> slots_.size()) != 0)
    byte_reader::malformed("a row has more states than its operator");
  for (const slot& each : slots_)
    if ((live & each.place.bit) != 0) {
      const auto bytes = static_cast<std::size_t>(take_varint(in));
      byte_reader value({in.take(bytes), bytes});
      if (fault("deadline.lost-at-restore") && each.type->timer != nullptr)
        continue;
      each.type->decode(each.place.in(row), value);
      row.live |= each.place.bit;
      if (!value.at_end())
        byte_reader::malformed("a state in a row is longer than its type");
    }
}

std::optional<processing_time> state_layout::expiry_of(const state_row& row) const {
  if (row.live == 0 || (row.live & lasting_) != 0)
    return std::nullopt;
  processing_time last = processing_time::min();
  for (const slot& each : expiring_)
    if (each.place.live(row))
      last = std::max(last, each.type->expiry->until(each.place.in(row)));
  return last;
}

void state_layout::drop_expired(state_row& row, processing_time now) const {
  for (const slot& each : expiring_) {
    std::byte* const held = each.place.in(row);
    if (!each.place.live(row) || each.type->expiry->until(held) > now)
      continue;
    each.type->destroy(held);
    row.live &= ~each.place.bit;
  }
}

void state_layout::drop_expired_elements(state_row& row, processing_time now) const {
  for (const slot& each : expiring_)
    if (each.place.live(row))
      each.type->expiry->drop(each.place.in(row), now);
  drop_expired(row, now);
}

void state_layout::clear(state_row& row) const noexcept {
  for (const slot& each : slots_)
    if (each.place.live(row))
      each.type->destroy(each.place.in(row));
  row.live = 0;
}

} // namespace weir
