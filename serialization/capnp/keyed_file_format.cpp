#include "serialization/capnp/keyed_file_format.hpp"

#include "serialization/capnp/keyed_file.capnp.h"
#include "serialization/capnp/message.hpp"
#include "serialization/check.hpp"

namespace weir {

namespace {

constexpr envelope_format keyed_file_envelope{
    {'W', 'E', 'I', 'R', 'K', 'E', 'Y', 'D'}, 1, "keyed state"};

capnp::Data::Reader data_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

} // namespace

std::vector<std::byte> encode_keyed_file(const keyed_file& file) {
  return encode_message(keyed_file_envelope, [&](capnp::MessageBuilder& builder) {
    WEIR_CHECK(is_file_name(file.manifest_name));
    auto root = builder.initRoot<schema::KeyedFile>();
    root.setManifestName(file.manifest_name);
    root.setManifest(data_of(file.manifest));
    root.setCurrent(data_of(std::as_bytes(std::span(file.current))));
    auto tables = root.initTables(static_cast<unsigned>(file.tables.size()));
    for (unsigned i = 0; i < tables.size(); ++i) {
      WEIR_CHECK(is_file_name(file.tables[i].local) &&
                 is_file_name(file.tables[i].shared));
      tables[i].setLocal(file.tables[i].local);
      tables[i].setShared(file.tables[i].shared);
    }
  });
}

keyed_file decode_keyed_file(std::span<const std::byte> bytes,
                             const std::string& origin) {
  keyed_file file;
  std::string refusal;
  const bool sound = decode_message(
      keyed_file_envelope, bytes, refusal, [&](capnp::MessageReader& reader) {
        auto root = reader.getRoot<schema::KeyedFile>();
        file.manifest_name = read_file_name(root.getManifestName(), refusal);
        const auto manifest = root.getManifest();
        const auto content = std::as_bytes(std::span(manifest.begin(), manifest.size()));
        file.manifest.assign(content.begin(), content.end());
        const auto current = root.getCurrent();
        file.current.assign(current.begin(), current.end());
        for (auto table : root.getTables())
          file.tables.push_back({.local = read_file_name(table.getLocal(), refusal),
                                 .shared = read_file_name(table.getShared(), refusal)});
      });
  if (!sound)
    refuse_restore(origin, refusal);
  return file;
}

} // namespace weir
