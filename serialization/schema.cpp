#include "serialization/schema.hpp"

#include "serialization/check.hpp"
#include "serialization/scalar_type.hpp"
#include "serialization/schema_text.hpp"
#include "serialization/text.hpp"

#include <limits>

namespace weir {

namespace {

/// Calls `visit` with a value of the C++ type that a scalar schema stands for.
template <class Visit>
void with_scalar_type(const record_schema& type, Visit visit) {
  using enum schema_kind;
  switch (type.kind) {
  case text:
    return visit(std::string());
  case duration:
  case time:
    return with_scalar_type(type.children.at(0), visit);
  default:
    return detail::with_plain_type(type, visit);
  }
}

template <class T>
T scalar_in(const row& value) {
  const auto* const held = std::get_if<typename detail::held_as<T>::type>(&value.scalar);
  WEIR_CHECK(held != nullptr);
  return static_cast<T>(*held);
}

template <record T>
void encode_one(const T& value, std::vector<std::byte>& out) {
  const std::size_t at = out.size();
  out.resize(at + record_codec<T>::size(value));
  record_codec<T>::encode(value, out.data() + at);
}

template <record T>
T decode_one(byte_reader& in) {
  T value{};
  record_codec<T>::decode_into(value, in);
  return value;
}

void encode_count(std::size_t count, std::vector<std::byte>& out) {
  WEIR_CHECK(count <= std::numeric_limits<std::uint32_t>::max());
  encode_one(static_cast<std::uint32_t>(count), out);
}

/// The type of child `i` of a row of type `type`.
const record_schema& child_type(const record_schema& type, const row& value,
                                std::size_t i) {
  using enum schema_kind;
  return type.kind == variant     ? type.children.at(value.alternative)
         : type.kind == structure ? type.children.at(i)
         : type.kind == map       ? type.children.at(i % 2)
                                  : type.children.at(0);
}

void encode_children(const record_schema& type, const row& value,
                     std::vector<std::byte>& out) {
  for (std::size_t i = 0; i < value.children.size(); ++i)
    encode_row(child_type(type, value, i), value.children[i], out);
}

void decode_children(const record_schema& type, std::size_t count, row& value,
                     byte_reader& in) {
  for (std::size_t i = 0; i < count; ++i)
    value.children.push_back(decode_row(child_type(type, value, i), in));
}

/// How many bytes a value takes at least, as record_codec has it.
std::size_t size_min(const record_schema& type) {
  using enum schema_kind;
  std::size_t sum = 0;
  switch (type.kind) {
  case none:
    return 0;
  case boolean:
  case character:
  case signed_number:
  case unsigned_number:
  case real_number:
    return type.bytes;
  case text:
  case list:
  case map:
    return sizeof(std::uint32_t);
  case optional:
  case variant:
    return 1;
  case duration:
  case time:
    return size_min(type.children.at(0));
  case array:
    return type.count * size_min(type.children.at(0));
  case structure:
    for (const record_schema& field : type.children)
      sum += size_min(field);
  }
  return sum;
}

void decode_collection(const record_schema& type, row& value, byte_reader& in) {
  std::size_t bytes = 0;
  for (const record_schema& child : type.children)
    bytes += size_min(child);
  const std::size_t count = in.take_count(bytes);
  decode_children(type, count * type.children.size(), value, in);
}

void join(std::string& out, const record_schema& type, const row& value) {
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    if (i > 0)
      out += type.kind == schema_kind::map && i % 2 == 1 ? ':' : ',';
    append_text(out, child_type(type, value, i), value.children[i]);
  }
}

} // namespace

std::string description(const record_schema& type) {
  return schema_text(type, false);
}

void encode_row(const record_schema& type, const row& value,
                std::vector<std::byte>& out) {
  using enum schema_kind;
  switch (type.kind) {
  case none:
    return;
  case list:
    encode_count(value.children.size(), out);
    return encode_children(type, value, out);
  case map:
    WEIR_CHECK(value.children.size() % 2 == 0);
    encode_count(value.children.size() / 2, out);
    return encode_children(type, value, out);
  case optional:
    WEIR_CHECK(value.children.size() <= 1);
    encode_one(!value.children.empty(), out);
    return encode_children(type, value, out);
  case variant:
    WEIR_CHECK(value.alternative < type.children.size() && value.children.size() == 1);
    encode_one(value.alternative, out);
    return encode_children(type, value, out);
  case array:
    WEIR_CHECK(value.children.size() == type.count);
    return encode_children(type, value, out);
  case structure:
    WEIR_CHECK(value.children.size() == type.children.size());
    return encode_children(type, value, out);
  default:
    with_scalar_type(type,
                     [&]<class T>(const T&) { encode_one(scalar_in<T>(value), out); });
  }
}

row decode_row(const record_schema& type, byte_reader& in) {
  using enum schema_kind;
  row value;
  switch (type.kind) {
  case none:
    break;
  case list:
  case map:
    decode_collection(type, value, in);
    break;
  case optional: {
    const std::uint8_t present = in.take_byte();
    if (present > 1)
      byte_reader::malformed("an optional is neither there nor not");
    decode_children(type, present, value, in);
    break;
  }
  case variant:
    value.alternative = in.take_byte();
    if (value.alternative >= type.children.size())
      byte_reader::malformed("it names an alternative that its variant does not have");
    decode_children(type, 1, value, in);
    break;
  case array:
    decode_children(type, type.count, value, in);
    break;
  case structure:
    decode_children(type, type.children.size(), value, in);
    break;
  default:
    with_scalar_type(type, [&]<class T>(const T&) {
      value.scalar = static_cast<typename detail::held_as<T>::type>(decode_one<T>(in));
    });
  }
  return value;
}

void append_text(std::string& out, const record_schema& type, const row& value) {
  using enum schema_kind;
  switch (type.kind) {
  case none:
    return;
  case list:
    out += '[';
    join(out, type, value);
    out += ']';
    return;
  case map:
    out += '{';
    join(out, type, value);
    out += '}';
    return;
  case array:
  case optional:
  case variant:
  case structure:
    return join(out, type, value);
  default:
    with_scalar_type(type,
                     [&]<class T>(const T&) { append_text(out, scalar_in<T>(value)); });
  }
}

} // namespace weir
