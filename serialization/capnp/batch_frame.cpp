#include "serialization/batch_frame.hpp"

#include "serialization/capnp/batch_frame.capnp.h"
#include "serialization/capnp/message.hpp"

namespace weir {

namespace {

constexpr envelope_format batch_envelope{
    {'W', 'E', 'I', 'R', 'B', 'T', 'C', 'H'}, 1, "batch"};

} // namespace

std::vector<std::byte> encode_batch_frame(const batch_frame& frame) {
  return encode_message(batch_envelope, [&](capnp::MessageBuilder& builder) {
    auto root = builder.initRoot<schema::BatchFrame>();
    root.setCount(frame.count);
    root.setType(text_of(frame.type));
    root.setValues(data_of(frame.values));
  });
}

batch_frame decode_batch_frame(std::span<const std::byte> bytes,
                               const std::string& origin) {
  batch_frame frame;
  std::string refusal;
  const bool sound =
      decode_message(batch_envelope, bytes, refusal, [&](capnp::MessageReader& reader) {
        auto root = reader.getRoot<schema::BatchFrame>();
        if (root.getFlags() != 0)
          refusal =
              "was written by a newer weir: it has flags that this one does not know";
        frame.count = root.getCount();
        frame.type = string_of(root.getType());
        frame.values = bytes_of(root.getValues());
      });
  if (!sound)
    refuse_batch(origin, refusal);
  return frame;
}

void refuse_batch(const std::string& origin, const std::string& refusal) {
  throw error(failure::restore_refused,
              "cannot read a batch: '" + origin + "' " + refusal);
}

} // namespace weir
