#include "serialization/type_conversion.hpp"

#include "serialization/check.hpp"
#include "serialization/conversion_planner.hpp"

namespace weir {

namespace {

using detail::conversion_steps;

void take_steps(const conversion_steps& steps, byte_reader& in,
                std::vector<std::byte>& out);

void append_bytes(std::span<const std::byte> bytes, std::vector<std::byte>& out) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void copy_values(const std::vector<value_shape>& over, byte_reader& in,
                 std::vector<std::byte>& out) {
  const auto before = in.rest();
  for (const value_shape& shape : over)
    step_over(shape, in);
  append_bytes(before.first(before.size() - in.rest().size()), out);
}

/// Little endian: what is added stands behind.
void extend(const conversion_step& step, byte_reader& in, std::vector<std::byte>& out) {
  const std::byte* const number = in.take(step.from);
  append_bytes({number, step.from}, out);
  const bool negative = step.what == conversion_step::action::sign_extend &&
                        (number[step.from - 1] & std::byte{0x80}) != std::byte{0};
  out.resize(out.size() + step.to - step.from, negative ? std::byte{0xff} : std::byte{0});
}

void convert_list(const conversion_step& step, byte_reader& in,
                  std::vector<std::byte>& out) {
  const auto before = in.rest();
  const std::size_t count = in.take_count(step.least);
  append_bytes(before.first(before.size() - in.rest().size()), out);
  for (std::size_t i = 0; i < count; ++i)
    take_steps(step.inside[0], in, out);
}

void convert_optional(const conversion_step& step, byte_reader& in,
                      std::vector<std::byte>& out) {
  const std::uint8_t present = in.take_byte();
  if (present > 1)
    byte_reader::malformed("an optional is neither there nor not");
  out.push_back(std::byte{present});
  if (present == 1)
    take_steps(step.inside[0], in, out);
}

void convert_variant(const conversion_step& step, byte_reader& in,
                     std::vector<std::byte>& out) {
  const std::uint8_t number = in.take_byte();
  if (number >= step.inside.size())
    byte_reader::malformed("it names an alternative that its variant does not have");
  out.push_back(std::byte{number});
  take_steps(step.inside[number], in, out);
}

void take_step(const conversion_step& step, byte_reader& in,
               std::vector<std::byte>& out) {
  using enum conversion_step::action;
  switch (step.what) {
  case copy:
    return copy_values(step.over, in, out);
  case skip:
    for (const value_shape& shape : step.over)
      step_over(shape, in);
    return;
  case insert:
    return append_bytes(step.bytes, out);
  case sign_extend:
  case zero_extend:
    return extend(step, in, out);
  case array:
    for (std::size_t i = 0; i < step.count; ++i)
      take_steps(step.inside[0], in, out);
    return;
  case list:
    return convert_list(step, in, out);
  case optional:
    return convert_optional(step, in, out);
  case variant:
    return convert_variant(step, in, out);
  }
}

void take_steps(const conversion_steps& steps, byte_reader& in,
                std::vector<std::byte>& out) {
  for (const conversion_step& step : steps)
    take_step(step, in, out);
}

} // namespace

type_conversion::type_conversion(const record_schema& written,
                                 const record_schema& declared) {
  detail::conversion_planner planner;
  planner.plan(written, declared, steps_);
  obstacle_ = planner.obstacle();
  identity_ = detail::only_copies(steps_);
}

void type_conversion::append(std::span<const std::byte> from,
                             std::vector<std::byte>& out) const {
  WEIR_CHECK(possible());
  if (identity_)
    return append_bytes(from, out);
  byte_reader in(from);
  take_steps(steps_, in, out);
  if (!in.at_end())
    byte_reader::malformed("it is longer than its type");
}

std::vector<std::byte> type_conversion::convert(std::span<const std::byte> from) const {
  std::vector<std::byte> out;
  append(from, out);
  return out;
}

} // namespace weir
