#include "state/inspect/key_hash.hpp"

#include "state/hash.hpp"

namespace weir {

namespace {

std::uint64_t word_of(const row& key) {
  if (const auto* flag = std::get_if<bool>(&key.scalar))
    return *flag;
  if (const auto* character = std::get_if<char>(&key.scalar))
    return static_cast<std::uint64_t>(*character);
  if (const auto* number = std::get_if<std::int64_t>(&key.scalar))
    return static_cast<std::uint64_t>(*number);
  return std::get<std::uint64_t>(key.scalar);
}

/// As detail::hash_fields does for the C++ type.
std::uint64_t hash_row(std::uint64_t state, const record_schema& type, const row& key) {
  using enum schema_kind;
  switch (type.kind) {
  case none:
    return state;
  case text:
    return detail::hash_text(state, std::get<std::string>(key.scalar));
  case duration:
  case time:
    return hash_row(state, type.children.front(), key);
  case list:
    state = detail::hash_word(state, key.children.size());
    [[fallthrough]];
  case array:
    for (const row& element : key.children)
      state = hash_row(state, type.children.front(), element) + detail::hash_seed;
    return state;
  case optional:
    state = detail::hash_word(state, key.children.size());
    return key.children.empty()
               ? state
               : hash_row(state, type.children.front(), key.children.front());
  case variant:
    state = detail::hash_word(state, key.alternative);
    return hash_row(state, type.children.at(key.alternative), key.children.front());
  case structure:
    for (std::size_t i = 0; i < type.children.size(); ++i)
      state = hash_row(state, type.children[i], key.children.at(i)) + detail::hash_seed;
    return state;
  default:
    return detail::hash_word(state, word_of(key));
  }
}

} // namespace

std::uint64_t hash_of(const record_schema& type, const row& key) {
  return hash_row(detail::hash_seed, type, key);
}

} // namespace weir
