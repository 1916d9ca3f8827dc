// A state as the job declares it: what a checkpoint will say about it, and the type of
// what is written for a key. That knows what fields hold which older checkpoints do not
// have.
#pragma once

#include "serialization/checkpoint_metadata.hpp"
#include "serialization/schema_text.hpp"

#include <utility>

namespace weir {

struct declared_state {
  state_description description; // with the schema
  record_schema schema;
};

/// What a description says of keys beyond their type: the names of their fields.
template <record_key Key>
std::string key_schema_of() {
  const record_schema schema = schema_of<Key>();
  std::string named = schema_text(schema);
  return named == schema_text(schema, false) ? std::string() : named;
}

inline declared_state declare(state_description description, record_schema schema) {
  description.schema = schema_text(schema);
  return {std::move(description), std::move(schema)};
}

} // namespace weir
