#include "serialization/value_shape.hpp"

#include <algorithm>
#include <limits>

namespace weir {

namespace {

using form = value_shape::form;

/// Of sizes: an array in a damaged schema may have any number of elements.
std::size_t at_most(std::size_t limit, std::size_t a, std::size_t times,
                    std::size_t plus) {
  std::size_t result = 0;
  const bool fits = !__builtin_mul_overflow(a, times, &result) &&
                    !__builtin_add_overflow(result, plus, &result);
  return fits ? std::min(result, limit) : limit;
}

constexpr std::size_t size_max = std::numeric_limits<std::size_t>::max();
constexpr std::size_t counted_max = std::numeric_limits<std::uint32_t>::max();

value_shape fixed(std::size_t bytes) {
  return {.what = form::fixed, .bytes = bytes};
}

value_shape one_after_the_other(const std::vector<record_schema>& types) {
  value_shape made{.what = form::sequence};
  for (const record_schema& type : types)
    append_shape(made.parts, shape_of(type));
  if (made.parts.size() == 1)
    return value_shape(std::move(made.parts.front()));
  return made;
}

value_shape array_of(std::size_t count, value_shape element) {
  if (element.what == form::fixed)
    return fixed(at_most(size_max, element.bytes, count, 0));
  value_shape made{.what = form::array, .count = count};
  made.parts.push_back(std::move(element));
  return made;
}

void step_over_list(const value_shape& element, byte_reader& in) {
  const std::size_t count = in.take_count(size_min(element));
  if (element.what == form::fixed)
    in.take(at_most(size_max, element.bytes, count, 0));
  else
    for (std::size_t i = 0; i < count; ++i)
      step_over(element, in);
}

} // namespace

value_shape shape_of(const record_schema& type) {
  using enum schema_kind;
  value_shape made;
  switch (type.kind) {
  case none:
    return fixed(0);
  case boolean:
  case character:
  case signed_number:
  case unsigned_number:
  case real_number:
    return fixed(type.bytes);
  case duration:
  case time:
    return shape_of(type.children.at(0));
  case array:
    return array_of(type.count, shape_of(type.children.at(0)));
  case structure:
    return one_after_the_other(type.children);
  case text:
    made.what = form::list;
    made.parts.push_back(fixed(1));
    return made;
  case list:
  case map:
    made.what = form::list;
    made.parts.push_back(one_after_the_other(type.children));
    return made;
  case optional:
  case variant:
    made.what = type.kind == variant ? form::variant : form::optional;
    for (const record_schema& child : type.children)
      made.parts.push_back(shape_of(child));
  }
  return made;
}

std::size_t size_min(const value_shape& shape) {
  std::size_t sum = 0;
  switch (shape.what) {
  case form::fixed:
    return std::min(shape.bytes, counted_max);
  case form::list:
    return sizeof(std::uint32_t);
  case form::optional:
  case form::variant:
    return 1;
  case form::array:
    return at_most(counted_max, size_min(shape.parts.front()), shape.count, 0);
  case form::sequence:
    for (const value_shape& part : shape.parts)
      sum = at_most(counted_max, size_min(part), 1, sum);
  }
  return sum;
}

void append_shape(std::vector<value_shape>& sequence, value_shape next) {
  if (!sequence.empty() && sequence.back().what == form::fixed &&
      next.what == form::fixed)
    sequence.back().bytes = at_most(size_max, next.bytes, 1, sequence.back().bytes);
  else
    sequence.push_back(std::move(next));
}

void step_over(const value_shape& shape, byte_reader& in) {
  switch (shape.what) {
  case form::fixed:
    in.take(shape.bytes);
    return;
  case form::list:
    return step_over_list(shape.parts.front(), in);
  case form::optional: {
    const std::uint8_t present = in.take_byte();
    if (present > 1)
      byte_reader::malformed("an optional is neither there nor not");
    if (present == 1)
      step_over(shape.parts.front(), in);
    return;
  }
  case form::variant: {
    const std::uint8_t number = in.take_byte();
    if (number >= shape.parts.size())
      byte_reader::malformed("it names an alternative that its variant does not have");
    return step_over(shape.parts[number], in);
  }
  case form::array:
    for (std::size_t i = 0; i < shape.count; ++i)
      step_over(shape.parts.front(), in);
    return;
  case form::sequence:
    for (const value_shape& part : shape.parts)
      step_over(part, in);
  }
}

} // namespace weir
